namespace ParallelScripts;

/// <summary>How a script that was started ended, and what it took.</summary>
public sealed record ScriptEnd(Outcome Outcome)
{
    /// <summary>What it returned, or null if it never ran or was killed.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why it ran, or why it did not have to.</summary>
    public string Reason { get; init; } = Reasons.NoOutputs;

    /// <summary>What is wrong, when something is; written by whoever saw it happen.</summary>
    public Problem? Problem { get; init; }

    /// <summary>The warnings and errors that it printed as such, in that order, bounded.</summary>
    public IReadOnlyList<Problem> Told { get; init; } = [];

    /// <summary>When it was started; null if it did not run.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Whether it could not even be started: it did not compile, or what it needs is gone. It is not tried again.</summary>
    public bool IsNotStarted { get; init; }

    /// <summary>How often it was started; 0 if it did not run.</summary>
    public int Attempts { get; init; }

    /// <summary>From its process' start to its end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Processor time of the script and the children it waited for, or null where the system does not tell.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>The most memory that one of its processes held, in bytes, or null where the system does not tell.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>Whether that is the most that was seen, looking a few times a second, and not what the system counted.</summary>
    public bool IsPeakMemorySampled { get; init; }

    /// <summary><c>exact</c> or <c>sampled</c>; null where <see cref="PeakMemory"/> is not known.</summary>
    public string? PeakMemoryIs => PeakMemory is null ? null : IsPeakMemorySampled ? "sampled" : "exact";

    /// <summary>The node of a cluster that it ran on; null if it ran on this machine.</summary>
    public string? Node { get; init; }

    /// <summary>How long it waited for the cluster, from when it could have started; null if it ran on this machine.</summary>
    public TimeSpan? QueuedFor { get; init; }

    /// <summary>Whether it goes on somewhere, and a later run picks it up: nothing of what it writes is to be touched.</summary>
    public bool GoesOn { get; init; }

    /// <summary>The program that was started, absolute, where it is another one than its <see cref="Launch"/> has: the real one behind a shim.</summary>
    public string? Program { get; init; }

    /// <summary>The file that holds what it printed, absolute; null if it printed nothing, or nothing of it could be logged.</summary>
    public string? LogFile { get; init; }

    /// <summary>Lines that wait to be shown; null if none do.</summary>
    internal HeldLines? Held { get; init; }

    /// <summary>Where the outputs are that it had begun to write when it failed, absolute; null if there are none.</summary>
    public string? PartialOutputs { get; init; }

    /// <summary>The same, where nothing that is wrong with it is to fail the run.</summary>
    public ScriptEnd AsWarning() => this with { Problem = Problem?.AsWarning(), Told = [.. Told.Select(told => told.AsWarning())] };
}
