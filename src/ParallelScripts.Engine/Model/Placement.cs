namespace ParallelScripts;

/// <summary>Where one script runs, and what the cluster is told about it beside its needs.</summary>
/// <param name="SlurmOptions">Options for sbatch, each an argument of its own.</param>
public sealed record Placement(ExecutorKind Executor, IReadOnlyList<string> SlurmOptions)
{
    /// <summary>On this machine.</summary>
    public static readonly Placement Here = new(ExecutorKind.Local, []);
}

/// <summary>Where scripts can run.</summary>
public enum ExecutorKind
{
    /// <summary>On this machine.</summary>
    Local,

    /// <summary>On a Slurm cluster.</summary>
    Slurm,
}

/// <summary>What becomes of jobs on a cluster when the run is cancelled.</summary>
public enum OnCancel
{
    /// <summary>They are cancelled too.</summary>
    Cancel,

    /// <summary>They go on, and the next run picks them up.</summary>
    Detach,
}

/// <summary>When scripts are submitted to a cluster.</summary>
public enum SlurmSubmit
{
    /// <summary>Each when it is ready: all that it depends on has ended.</summary>
    Ready,

    /// <summary>All at once, and the cluster itself keeps their order; the run ends as soon as it has them.</summary>
    Whole,
}

/// <summary>How a run deals with a Slurm cluster.</summary>
public sealed record SlurmSettings
{
    /// <summary>How many jobs are in the queue or run at most.</summary>
    public int MaxJobs { get; init; } = 500;

    /// <summary>How long a controller that does not answer, or takes no more jobs, is waited for.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(30);

    public OnCancel OnCancel { get; init; } = OnCancel.Cancel;

    public SlurmSubmit Submit { get; init; } = SlurmSubmit.Ready;
}
