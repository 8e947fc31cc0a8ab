namespace ParallelScripts;

/// <summary>How Slurm is told to keep an order. Pure.</summary>
internal static class NativeOrder
{
    /// <summary>
    /// Options for sbatch: <c>--dependency=afterok:7:9,afterany:8</c>. A job whose dependency fails would wait for ever without the second one.
    /// </summary>
    public static IReadOnlyList<string> OptionsFor(IReadOnlyCollection<Predecessor> before)
    {
        string[] kinds =
        [
            .. Kind("afterok", before.Where(job => !job.MayFail)),
            .. Kind("afterany", before.Where(job => job.MayFail)),
        ];
        return kinds.Length == 0 ? [] : [$"--dependency={string.Join(',', kinds)}", "--kill-on-invalid-dep=yes"];
    }

    /// <summary>What Slurm says of a job that it will not start, or has ended, because of one before it.</summary>
    public static bool IsBecauseOfOrder(QueuedJob job) => job.Reason.StartsWith("Dependency", StringComparison.Ordinal) && job.Phase is JobPhase.Canceled or JobPhase.Stuck;

    /// <summary>In the order of the ids, so that the same jobs are always the same text.</summary>
    private static IEnumerable<string> Kind(string kind, IEnumerable<Predecessor> jobs)
    {
        // A whole array by its own id: an argument has room for some ten thousand ids.
        string[] ids =
        [
            .. jobs.GroupBy(job => job.Id.Split('_')[0])
                .SelectMany(array => array.First().ArraySize == array.Count() ? [array.Key] : array.Select(job => job.Id))
                .Distinct()
                .OrderBy(id => id.Length)
                .ThenBy(id => id, StringComparer.Ordinal),
        ];
        return ids.Length == 0 ? [] : [$"{kind}:{string.Join(':', ids)}"];
    }
}

/// <summary>A job that another one waits for in Slurm itself.</summary>
/// <param name="Key">What it is called.</param>
/// <param name="Id">Slurm's id.</param>
/// <param name="ArraySize">How many tasks the array has that it is part of; 0 if it is none.</param>
/// <param name="MayFail">Whether the other one starts however it ends.</param>
internal sealed record Predecessor(string Key, string Id, int ArraySize, bool MayFail);
