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

/// <summary>How a run behaves.</summary>
public sealed record RunOptions
{
    /// <summary>How many slots there are; at least 1.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>When a script may start.</summary>
    public Schedule Schedule { get; init; } = Schedule.Eager;

    /// <summary>What a failure means for the rest.</summary>
    public OnFailure OnFailure { get; init; } = OnFailure.StopStarting;

    /// <summary>Whether to wait when another run uses the same state directory; else that is an error.</summary>
    public bool Wait { get; init; } = true;

    /// <summary>How long a script that is asked to end may take before it is killed; zero kills it at once.</summary>
    public TimeSpan KillGrace { get; init; } = TimeSpan.FromSeconds(5);
}
