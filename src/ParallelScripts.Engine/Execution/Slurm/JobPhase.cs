namespace ParallelScripts;

/// <summary>What Slurm's word for the state of a job means for us.</summary>
internal enum JobPhase
{
    /// <summary>It has not begun, and may.</summary>
    Queued,

    /// <summary>It has not begun, and as things are never will.</summary>
    Stuck,

    /// <summary>It runs, or is being cleared away.</summary>
    Running,

    /// <summary>It has ended by itself; only the result that it left says how.</summary>
    Ended,

    /// <summary>Somebody cancelled it.</summary>
    Canceled,

    /// <summary>It ran longer than Slurm let it.</summary>
    OutOfTime,

    /// <summary>It was killed because it took more memory than it had asked for.</summary>
    OutOfMemory,

    /// <summary>Its node failed, or it had to give way to another job.</summary>
    NodeLost,

    /// <summary>A word that we do not know: we wait for one that we do.</summary>
    Unknown,
}

/// <summary>Slurm's words for states and the reasons beside them, as <c>squeue</c> and <c>sacct</c> have them.</summary>
internal static class JobStates
{
    /// <summary>Reasons of a waiting job that no waiting mends.</summary>
    private static readonly string[] _stuck =
        ["DependencyNeverSatisfied", "BadConstraints", "JobHeldAdmin", "InvalidAccount", "InvalidQOS", "PartitionTimeLimit", "PartitionNodeLimit", "requeued held", "requeued_held"];

    /// <param name="state">The state; what follows on its first word (<c>CANCELLED by 0</c>) does not matter.</param>
    /// <param name="reason">Why it waits, or empty.</param>
    public static JobPhase PhaseOf(string state, string reason = "") => state.Split(' ', 2)[0].TrimEnd('+') switch
    {
        "PENDING" => _stuck.Any(stuck => reason.Contains(stuck, StringComparison.Ordinal)) ? JobPhase.Stuck : JobPhase.Queued,
        "CONFIGURING" or "REQUEUED" or "REQUEUE_FED" => JobPhase.Queued,
        "REQUEUE_HOLD" or "SPECIAL_EXIT" or "RESV_DEL_HOLD" => JobPhase.Stuck,
        "RUNNING" or "COMPLETING" or "SUSPENDED" or "STOPPED" or "SIGNALING" or "STAGE_OUT" or "RESIZING" => JobPhase.Running,
        "COMPLETED" or "FAILED" => JobPhase.Ended,
        "CANCELLED" => JobPhase.Canceled,
        "TIMEOUT" or "DEADLINE" => JobPhase.OutOfTime,
        "OUT_OF_MEMORY" => JobPhase.OutOfMemory,
        "NODE_FAIL" or "BOOT_FAIL" or "PREEMPTED" or "REVOKED" => JobPhase.NodeLost,
        _ => JobPhase.Unknown,
    };

    /// <summary>Whether a job in this phase is still in Slurm's hands.</summary>
    public static bool IsAlive(this JobPhase phase) => phase is JobPhase.Queued or JobPhase.Stuck or JobPhase.Running or JobPhase.Unknown;
}
