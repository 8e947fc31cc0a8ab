namespace ParallelScripts;

/// <summary>
/// What happened in a run: the facts that log, items and <c>run.json</c> are made of. The names here are the names in
/// <c>run.json</c>; within a schema version none changes its meaning.
/// </summary>
public sealed record RunRecord
{
    /// <summary>The version of these names and their meanings.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Unlike that of any other run.</summary>
    public required string RunId { get; init; }

    /// <summary><see cref="Outcome.Succeeded"/>, <see cref="Outcome.Failed"/> or <see cref="Outcome.Canceled"/>.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>When the task began, UTC.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>
    /// From the task's start until the end of all scripts is known, in seconds. To write this record, the history and the report takes it a moment more.
    /// </summary>
    public required double WallSeconds { get; init; }

    /// <summary>What the scripts took together.</summary>
    public required double WorkSeconds { get; init; }

    /// <summary>How many slots there were; the most at once, where that changed.</summary>
    public required int Slots { get; init; }

    public required Schedule Schedule { get; init; }

    /// <summary>The chain of scripts that took longest.</summary>
    public required PathRecord LongestPath { get; init; }

    /// <summary>No run of these scripts in so many slots takes less: the longest path, or the work divided by the slots, the memory or the places in a pool.</summary>
    public required double BoundSeconds { get; init; }

    /// <summary>Which of these it is.</summary>
    public BoundBy BoundBy { get; init; }

    /// <summary>The pool, if it is one.</summary>
    public string? BoundPool { get; init; }

    /// <summary>What would make the run shorter; null if it was too short to ask, or did not succeed.</summary>
    public Outlook? Outlook { get; init; }

    /// <summary>Each script, in the order they were declared.</summary>
    public required IReadOnlyList<ScriptRecord> Scripts { get; init; }
}

/// <summary>A chain of scripts, each waiting for the one before it.</summary>
public sealed record PathRecord(double Seconds, IReadOnlyList<string> Scripts);

/// <summary>What became of one script.</summary>
public sealed record ScriptRecord
{
    public required string Name { get; init; }

    public required int Tier { get; init; }

    /// <summary>
    /// What comes directly before it. Where a run has more than 100,000 such names from lists that scripts share, <c>run.json</c> has each of those
    /// lists once, as <c>dependencyLists</c>, and a script their numbers, as <c>dependsOnLists</c>, beside the names that are in none.
    /// </summary>
    public required IReadOnlyList<string> DependsOn { get; init; }

    public required Outcome Outcome { get; init; }

    /// <summary>Why it ran, or why it did not.</summary>
    public required string Reason { get; init; }

    /// <summary>UTC; null if it was not started, as are all below.</summary>
    public DateTimeOffset? StartTime { get; init; }

    public double? Seconds { get; init; }

    /// <summary>Counts from 0.</summary>
    public int? Slot { get; init; }

    /// <summary>Null also if it was killed.</summary>
    public int? ExitCode { get; init; }

    public int Attempts { get; init; }

    /// <summary>The attempts before the last.</summary>
    public IReadOnlyList<AttemptRecord> FailedAttempts { get; init; } = [];

    /// <summary>Whether it failed and was allowed to (<see cref="ContinueOnError.WarnAndContinue"/>): the run has not failed by it.</summary>
    public bool IsTolerated { get; init; }

    public double? CpuSeconds { get; init; }

    public long? PeakMemoryBytes { get; init; }

    /// <summary><c>exact</c> if the system counted it, <c>sampled</c> if it is the most that was seen, looking a few times a second.</summary>
    public string? PeakMemoryIs { get; init; }

    /// <summary>The node of a cluster that it ran on; null if it ran on this machine.</summary>
    public string? Node { get; init; }

    /// <summary>How long it waited for the cluster, from when it could have started; null if it ran on this machine.</summary>
    public double? QueuedSeconds { get; init; }

    /// <summary>What is wrong, in one sentence; null if nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Relative to the state directory, with <c>/</c>; null if it printed nothing.</summary>
    public string? LogFile { get; init; }

    /// <summary>The file that declares it, relative to the project's folder where it is below it.</summary>
    public required string Project { get; init; }

    /// <summary>The line there, or null if it could not be told.</summary>
    public int? Line { get; init; }
}

/// <summary>An attempt at a script that failed and was followed by another.</summary>
public sealed record AttemptRecord
{
    public required Outcome Outcome { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset StartTime { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Counts from 0. Each attempt takes the slot that is free.</summary>
    public int Slot { get; init; }

    /// <summary>Null also if it was killed.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What was wrong, in one sentence.</summary>
    public required string Problem { get; init; }
}
