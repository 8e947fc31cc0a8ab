namespace ParallelScripts;

/// <summary>Where one script is in a <see cref="Plan"/>. A script only ever moves down this list; how it ended is its <see cref="Outcome"/>.</summary>
public enum ScriptState
{
    /// <summary>Something it depends on has not ended.</summary>
    Waiting,

    /// <summary>Everything it depends on is done. With <see cref="Schedule.Tiers"/> its tier need not be open yet.</summary>
    Ready,

    /// <summary>An executor has it.</summary>
    Running,

    /// <summary>It has an outcome, and will not run again.</summary>
    Ended,
}
