namespace ParallelScripts;

/// <summary>What the end of a job means for its script: an outcome, and the problem that goes with it. Pure.</summary>
internal static class JobConclusion
{
    public static (Outcome Outcome, Problem? Problem) Of(Script script, Launch launch, JobEnd end, string folder, TimeSpan? limit, double? percent, LogReference log, TimeSpan patience)
    {
        var node = end.Result?.Node ?? end.Row?.Node ?? "";
        return end.Kind switch
        {
            JobEndKind.ByResult => ByResult(script, launch, end.Result!, limit, percent, log),
            JobEndKind.Canceled or JobEndKind.Detached => (Outcome.Canceled, null),
            JobEndKind.HandedOver => (Outcome.HandedOver, null),
            JobEndKind.OutOfTime when limit is { } most => (Outcome.TimedOut, Problems.TimedOut(script, launch, most, percent, log)),
            JobEndKind.OutOfTime => (Outcome.TimedOut, Problems.OutOfSlurmsTime(script, node, log)),
            JobEndKind.OutOfMemory => (Outcome.Failed, Problems.OutOfSlurmsMemory(script, node, log)),
            JobEndKind.CanceledByOthers => (Outcome.Failed, Problems.CanceledInSlurm(script, end.Row?.Id ?? end.Result?.JobId ?? "", log)),
            JobEndKind.NodeLost => (Outcome.Failed, Problems.NodeLost(script, node, end.Row?.State ?? "", log)),
            JobEndKind.Requeued => (Outcome.Failed, Problems.Requeued(script, log)),
            JobEndKind.Stuck => (Outcome.Failed, Problems.NeverStarts(script, end.Row?.Id ?? "", end.Row?.Reason ?? "")),
            JobEndKind.NeverBegan when end.SeesNoFolder => (Outcome.Failed, Problems.FolderNotShared(script, node, folder)),
            JobEndKind.NeverBegan => (Outcome.Failed, Problems.NeverBegan(script, end.Row, end.Said)),
            JobEndKind.NoResult => (Outcome.Failed, Problems.NoResult(script, end.Row, log)),
            JobEndKind.Lost => (Outcome.Failed, Problems.JobLost(script, log)),
            JobEndKind.Refused => (Outcome.Failed, Refused(script, end.Said)),
            JobEndKind.NotTaken => (Outcome.Failed, Problems.NotTaken(script, SlurmText.WhatItSaid(end.Said), patience)),
            _ => (Outcome.Failed, Problems.SlurmSilentFor(script, SlurmText.WhatItSaid(end.Said), patience)),
        };
    }

    /// <summary>Why sbatch does not take a job, and never will.</summary>
    public static Problem Refused(Script script, string said) => SlurmText.ReadRefusal(said) == Refusal.NoCluster
        ? Problems.NoClusterHere(script, SlurmText.WhatItSaid(said))
        : Problems.RefusedBySlurm(script, SlurmText.WhatItSaid(said));

    private static (Outcome Outcome, Problem? Problem) ByResult(Script script, Launch launch, JobResult result, TimeSpan? limit, double? percent, LogReference log) => result switch
    {
        { Kind: ResultKind.Over } when limit is { } most => (Outcome.TimedOut, Problems.TimedOut(script, launch, most, percent, log)),
        { Kind: ResultKind.Requeued } => (Outcome.Failed, Problems.Requeued(script, log)),
        { Kind: ResultKind.NoProgram } => (Outcome.Failed, Problems.NotOnNode(script, result.Node, "program", launch.Program)),
        { Kind: ResultKind.NoFile } => (Outcome.Failed, Problems.NotOnNode(script, result.Node, "file", script.Include)),
        { Kind: ResultKind.NoDirectory } => (Outcome.Failed, Problems.NotOnNode(script, result.Node, "folder", launch.WorkingDirectory)),
        { Code: 0 } => (Outcome.Succeeded, null),
        _ => (Outcome.Failed, Problems.ExitedNonZero(script, launch, new ProcessEnd(result.Code, null, null, Stopped: false), log)),
    };
}
