namespace ParallelScripts;

/// <summary>Finds scripts that differ by nothing that a cluster is told and wait for the same: those of a sweep.</summary>
internal static class Siblings
{
    /// <summary>For each script how many there are of its kind, itself too; 0 for those that run here.</summary>
    public static int[] Count(PreparedRun run, Func<int, TimeSpan?> timeLimitOf)
    {
        var kinds = new string?[run.Graph.Count];
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var script = 0; script < kinds.Length; script++)
        {
            if (run.IsOnSlurm(script))
            {
                var options = JobOptions.Of(run.Demands[script], run.Placements[script], timeLimitOf(script), run.Options.KillGrace);
                var before = run.Graph.NodesBefore(script).ToArray().Order();
                kinds[script] = $"{string.Join('\n', options)}\n\n{string.Join(' ', before)}";
                counts[kinds[script]!] = counts.GetValueOrDefault(kinds[script]!) + 1;
            }
        }

        return [.. kinds.Select(kind => kind is null ? 0 : counts[kind])];
    }
}
