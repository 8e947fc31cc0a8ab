namespace ParallelScripts;

/// <summary>Where one script is in a <see cref="Plan"/>. A script only ever moves down this list, but for one that is tried again, which is running once more; how it ended is its <see cref="Outcome"/>.</summary>
public enum ScriptState
{
    /// <summary>Something it depends on has not ended.</summary>
    Waiting,

    /// <summary>Everything it depends on is done. With <see cref="Schedule.Tiers"/> its tier need not be open yet.</summary>
    Ready,

    /// <summary>An executor has it.</summary>
    Running,

    /// <summary>It failed, and waits to be tried again: for the time, then for a slot.</summary>
    Resting,

    /// <summary>It has an outcome, and will not run again.</summary>
    Ended,
}
