namespace ParallelScripts;

/// <summary>Decides from what is known of a job whether it is over, and how. Pure.</summary>
internal static class JobVerdict
{
    /// <summary>How long a result may take to be seen here once Slurm says that the job is over; a network's file system tells late.</summary>
    public static readonly TimeSpan ResultGrace = TimeSpan.FromSeconds(30);

    /// <summary>The same, where Slurm itself ended the job, and no result is to be expected.</summary>
    public static readonly TimeSpan ShortGrace = TimeSpan.FromSeconds(3);

    /// <summary>How long a result waits to hear from Slurm why the job failed.</summary>
    public static readonly TimeSpan ReasonGrace = TimeSpan.FromSeconds(10);

    /// <summary>Whether Slurm may know more about the end than the job does: a failure may come of a limit, or of a node.</summary>
    public static bool AsksForReason(JobResult result) => result.Kind == ResultKind.Ended && (result.Code != 0 || result.Signal is not null);

    /// <summary>How it ended; null if that is not to be told yet.</summary>
    public static JobEndKind? TryDecide(JobSigns signs) => signs.Result is { } result ? Decide(signs, result) : DecideWithoutResult(signs);

    private static JobEndKind? Decide(JobSigns signs, JobResult result)
    {
        if (!AsksForReason(result))
        {
            return JobEndKind.ByResult;
        }

        return signs.Phase switch
        {
            JobPhase.OutOfMemory => JobEndKind.OutOfMemory,
            JobPhase.Canceled when result.Signal is not null => signs.IsUnwanted ? JobEndKind.Canceled : JobEndKind.CanceledByOthers,
            JobPhase.OutOfTime when result.Signal is not null => JobEndKind.OutOfTime,
            JobPhase.NodeLost when result.Signal is not null => JobEndKind.NodeLost,
            JobPhase.Queued or JobPhase.Stuck when result.Signal is not null && !signs.IsUnwanted && signs.Since >= ShortGrace => JobEndKind.Requeued,
            null or JobPhase.Queued or JobPhase.Stuck or JobPhase.Running or JobPhase.Unknown when signs.Since < ReasonGrace => null,
            _ when signs.IsUnwanted && result.Signal is not null => JobEndKind.Canceled,
            _ => JobEndKind.ByResult,
        };
    }

    private static JobEndKind? DecideWithoutResult(JobSigns signs)
    {
        switch (signs.Phase)
        {
            case JobPhase.Queued or JobPhase.Running or JobPhase.Unknown:
                return null;

            case JobPhase.Stuck:
                return signs.IsUnwanted ? JobEndKind.Canceled : JobEndKind.Stuck;

            case null when signs.Since < (signs.IsUnwanted ? ShortGrace : ResultGrace):
                return null;
        }

        if (signs.IsUnwanted && (!signs.HasBegun || signs.Since >= ShortGrace))
        {
            return JobEndKind.Canceled;
        }

        if (signs.Phase == JobPhase.Canceled && !signs.HasBegun)
        {
            return JobEndKind.CanceledByOthers;
        }

        if (signs.Since < (signs.Phase == JobPhase.Ended && signs.HasBegun ? ResultGrace : ShortGrace))
        {
            return null;
        }

        return signs.Phase switch
        {
            JobPhase.OutOfTime => JobEndKind.OutOfTime,
            _ when !signs.HasBegun => JobEndKind.NeverBegan,
            JobPhase.Canceled => JobEndKind.CanceledByOthers,
            JobPhase.OutOfMemory => JobEndKind.OutOfMemory,
            JobPhase.NodeLost => JobEndKind.NodeLost,
            null => JobEndKind.Lost,
            _ => JobEndKind.NoResult,
        };
    }
}

/// <summary>How a job came to its end.</summary>
internal enum JobEndKind
{
    /// <summary>Its own result says all.</summary>
    ByResult,

    /// <summary>We cancelled it.</summary>
    Canceled,

    /// <summary>Somebody else cancelled it.</summary>
    CanceledByOthers,

    /// <summary>Slurm ended it, since it ran longer than it may.</summary>
    OutOfTime,

    /// <summary>It took more memory than it had asked for.</summary>
    OutOfMemory,

    /// <summary>Its node failed, or it had to give way to another job, after it had begun.</summary>
    NodeLost,

    /// <summary>Slurm will never start it as it is.</summary>
    Stuck,

    /// <summary>Slurm says that it has ended, and it never began to run the script. It may be submitted again.</summary>
    NeverBegan,

    /// <summary>Slurm has put it back into the queue after it had begun.</summary>
    Requeued,

    /// <summary>It began and ended, and left no result.</summary>
    NoResult,

    /// <summary>Slurm does not know it any more, and it left no result.</summary>
    Lost,

    /// <summary>sbatch will never take it.</summary>
    Refused,

    /// <summary>sbatch did not take it for longer than we are patient.</summary>
    NotTaken,

    /// <summary>Nobody could be asked, for longer than we are patient.</summary>
    NoAnswer,

    /// <summary>It goes on without us.</summary>
    Detached,

    /// <summary>Slurm has it, and nobody was to wait longer.</summary>
    HandedOver,
}

/// <summary>Everything that is known of a job at one moment.</summary>
/// <param name="Result">What it has left in the results folder.</param>
/// <param name="HasBegun">Whether it has begun to run the script.</param>
/// <param name="Phase">By the last answer of the queue; null if it is not in it.</param>
/// <param name="IsUnwanted">Whether we have cancelled it.</param>
/// <param name="Since">For how long <paramref name="Phase"/> has been what it is, or the result has been there, whichever is less.</param>
internal readonly record struct JobSigns(JobResult? Result, bool HasBegun, JobPhase? Phase, bool IsUnwanted, TimeSpan Since);
