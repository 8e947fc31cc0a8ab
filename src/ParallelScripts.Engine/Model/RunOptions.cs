namespace ParallelScripts;

/// <summary>When a script may start.</summary>
public enum Schedule
{
    /// <summary>As soon as everything it depends on is done.</summary>
    Eager,

    /// <summary>When the whole tier before its own is done.</summary>
    Tiers,
}

/// <summary>What to do about the rest when a script fails.</summary>
public enum OnFailure
{
    /// <summary>Let running scripts finish; start nothing new.</summary>
    StopStarting,

    /// <summary>Run everything that does not depend on the failure.</summary>
    KeepGoing,

    /// <summary>End running scripts; start nothing new.</summary>
    StopNow,
}

/// <summary>Which scripts' lines are shown in the build log. Log files hold them in any case.</summary>
public enum ShownOutput
{
    /// <summary>Those of every script.</summary>
    All,

    /// <summary>Those of a script that fails, when it has.</summary>
    OnFailure,

    /// <summary>None.</summary>
    None,
}

/// <summary>How a run behaves.</summary>
public sealed record RunOptions
{
    /// <summary>How many slots there are; at least 1.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>When a script may start.</summary>
    public Schedule Schedule { get; init; } = Schedule.Eager;

    /// <summary>What a failure means for the rest.</summary>
    public OnFailure OnFailure { get; init; } = OnFailure.StopStarting;

    /// <summary>Whether a warning of this code counts as an error.</summary>
    public Func<string, bool> CountsAsError { get; init; } = _ => false;

    /// <summary>Whether to wait when another run uses the same state directory; else that is an error.</summary>
    public bool Wait { get; init; } = true;

    /// <summary>Which scripts' lines are shown.</summary>
    public ShownOutput Output { get; init; } = ShownOutput.All;

    /// <summary>Whether the lines of a script are shown together when it has ended, and not as it prints them.</summary>
    public bool GroupOutput { get; init; }

    /// <summary>Whether lines wait for the end of their script.</summary>
    internal bool HoldsOutput => Output == ShownOutput.OnFailure || (Output == ShownOutput.All && GroupOutput);

    /// <summary>How much memory has to be free for another script to start; null if that does not matter.</summary>
    public MinFreeMemory? MinFreeMemory { get; init; }

    /// <summary>How long a script that is asked to end may take before it is killed; zero kills it at once.</summary>
    public TimeSpan KillGrace { get; init; } = TimeSpan.FromSeconds(5);
}
