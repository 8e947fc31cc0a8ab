namespace ParallelScripts;

/// <summary>
/// Looks once a run, before the first job is submitted, whether the cluster takes what the scripts ask for, all of them, and whether its nodes see
/// our folder: a request that is refused in two days is better refused now.
/// </summary>
internal sealed class SlurmPreflight(PreparedRun run, SlurmCommands commands, JobFolder folder, JobWatch watch, Func<int, TimeSpan?> timeLimitOf)
{
    /// <summary>How long a job that only looks may wait in the queue. A long queue is no reason to hold back the rest; then the first job will tell.</summary>
    private static readonly TimeSpan _longestProbe = TimeSpan.FromMinutes(1);

    /// <summary>Different requests; scripts that ask for the same are asked for once.</summary>
    private const int MostTried = 50;

    private readonly Lock _gate = new();
    private Task<Dictionary<string, Problem>>? _refusals;

    /// <summary>What is wrong; null if this script may be submitted.</summary>
    public async Task<Problem?> CheckAsync(int script, CancellationToken stop)
    {
        Task<Dictionary<string, Problem>> refusals;
        lock (_gate)
        {
            refusals = _refusals ??= Task.Run(() => LookAsync(script, stop));
        }

        var found = await refusals.ConfigureAwait(false);
        return found.Count == 0 ? null
            : found.TryGetValue(RequestOf(script), out var own) ? own
            : run.Options.OnFailure == OnFailure.KeepGoing ? null
            : found.Values.First();
    }

    private static string KeyOf(IEnumerable<string> options) => string.Join('\n', options);

    private string RequestOf(int script) => KeyOf(OptionsOf(script));

    private IReadOnlyList<string> OptionsOf(int script) => JobOptions.Of(run.Demands[script], run.Placements[script], timeLimitOf(script), run.Options.KillGrace);

    private async Task<Dictionary<string, Problem>> LookAsync(int first, CancellationToken stop)
    {
        var refusals = TryAll(stop);
        if (refusals.Count == 0 && !folder.IsKnownToBeShared && !stop.IsCancellationRequested && await ProbeAsync(first).ConfigureAwait(false) is { } notShared)
        {
            for (var script = 0; script < run.Graph.Count; script++)
            {
                if (run.IsOnSlurm(script))
                {
                    refusals[RequestOf(script)] = notShared;
                }
            }
        }

        return refusals;
    }

    /// <summary>Sends a job that does nothing but leave a result.</summary>
    private async Task<Problem?> ProbeAsync(int script)
    {
        var key = JobOptions.KeyOf("probe");
        var limit = TimeSpan.FromMinutes(1);
        folder.Add(key, JobScript.Job("/bin/sh", ["-c", ":"], "/", "", new Dictionary<string, string>(), null, TimeSpan.Zero));
        List<string> options = [.. JobOptions.Of(Demand.Default, run.Placements[script], limit, TimeSpan.Zero)];
        var job = new SlurmJob("", key, options, NoOutput.Instance);
        var ended = watch.SubmitAsync(job);
        if (await Task.WhenAny(ended, Task.Delay(_longestProbe)).ConfigureAwait(false) != ended)
        {
            watch.Cancel(job);
        }

        var end = await ended.ConfigureAwait(false);
        folder.Forget(key);
        switch (end.Kind)
        {
            case JobEndKind.ByResult:
                folder.SetKnownToBeShared();
                return null;

            case JobEndKind.NeverBegan when commands.FoundNoFolder(end.Row?.Id ?? ""):
                return Problems.FolderNotShared(run.Graph[script], end.Row!.Node, folder.Path);

            case JobEndKind.NoResult:
                return Problems.FolderNotShared(run.Graph[script], end.Row?.Node ?? "", folder.Path);

            default:
                // Whatever it is, it says nothing about the folder, and the first job will say it better.
                return null;
        }
    }

    private Dictionary<string, Problem> TryAll(CancellationToken stop)
    {
        var refusals = new Dictionary<string, Problem>(StringComparer.Ordinal);
        var tried = new HashSet<string>(StringComparer.Ordinal);
        for (var script = 0; script < run.Graph.Count && tried.Count < MostTried && !stop.IsCancellationRequested; script++)
        {
            if (!run.IsOnSlurm(script) || OptionsOf(script) is not { } options || !tried.Add(KeyOf(options)))
            {
                continue;
            }

            var answer = commands.Try(options, folder.CommonScript, stop);
            if (answer.IsGood)
            {
                continue;
            }

            switch (SlurmText.ReadRefusal(answer.Printed))
            {
                case Refusal.ForGood or Refusal.NoCluster:
                    refusals[KeyOf(options)] = JobConclusion.Refused(run.Graph[script], answer.Printed);
                    break;

                case Refusal.NoAnswer:
                    // Each question to a controller that is away takes ten seconds or more; the first submission waits for it.
                    return refusals;
            }
        }

        return refusals;
    }
}
