namespace ParallelScripts;

/// <summary>How a script that was started ended, and what it took.</summary>
public sealed record ScriptEnd(Outcome Outcome)
{
    /// <summary>What it returned, or null if it never ran or was killed.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What is wrong, when something is; written by whoever saw it happen.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Why it could not be run at all, in words; null if it ran.</summary>
    public string? Trouble { get; init; }

    /// <summary>When its process was started.</summary>
    public DateTimeOffset StartTime { get; init; }

    /// <summary>From its process' start to its end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Processor time of the script and the children it waited for, or null where the system does not tell.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>The most memory that one of its processes held, in bytes, or null where the system does not tell.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>The file that holds what it printed, absolute; null if it printed nothing.</summary>
    public string? LogFile { get; init; }

    public static ScriptEnd NeverStarted(string trouble) => new(Outcome.Failed) { Trouble = trouble };
}
