namespace ParallelScripts;

/// <summary>
/// Looks once a run, before the first job is submitted, whether the cluster takes what the scripts ask for, all of them, and whether its nodes see
/// our folder: a request that is refused in two days is better refused now.
/// </summary>
internal sealed class SlurmPreflight(PreparedRun run, SlurmCommands commands, JobFolder folder, JobWatch watch, Func<int, TimeSpan?> timeLimitOf)
{
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
            refusals = _refusals ??= Task.Run(() => TryAll(stop));
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

            var answer = commands.Try(options, folder.CommonScript);
            if (!answer.IsGood && SlurmText.ReadRefusal(answer.Printed) == Refusal.ForGood)
            {
                refusals[KeyOf(options)] = Problems.RefusedBySlurm(run.Graph[script], SlurmText.WhatItSaid(answer.Printed));
            }
        }

        _ = watch;
        return refusals;
    }
}
