namespace ParallelScripts;

/// <summary>What cannot be had when scripts are handed over to a cluster as a whole, and can be told before a run.</summary>
internal static class HandoverCheck
{
    public static void Check(RunRequest request, IEnumerable<Script> scripts, Placement[] placements, SlurmSettings settings, ICollection<Problem> problems)
    {
        if (settings.Submit != SlurmSubmit.Whole || Array.TrueForAll(placements, placement => placement.Executor == ExecutorKind.Local))
        {
            return;
        }

        foreach (var script in scripts.Where((script, number) => placements[number].Executor == ExecutorKind.Slurm && script.Pool.Count > 0))
        {
            problems.Add(Problems.PoolNotHandedOver(script));
        }

        if (!string.IsNullOrWhiteSpace(request.Accept.Value))
        {
            problems.Add(Problems.AcceptedWhileHandedOver(request.Accept));
        }
    }

    /// <summary>What is wrong when scripts would have to run here, looked at before anything is handed over; null if none would.</summary>
    public static Problem? FindInTheWay(PreparedRun run, IReadOnlyDictionary<string, string> environment)
    {
        if (run.Slurm.Submit != SlurmSubmit.Whole || run.Placements.Count == 0 || run.Placements.All(placement => placement.Executor == ExecutorKind.Slurm))
        {
            return null;
        }

        Foreseen[] inTheWay = [.. Planner.Foresee(run, environment).Where(script => script.Forecast != Forecast.UpToDate && !run.IsOnSlurm(script.Script))];
        return inTheWay is [var first, ..] ? Problems.NotHandedOver(run.Graph[first.Script], first.Reason, inTheWay.Length - 1) : null;
    }
}
