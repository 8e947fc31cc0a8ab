namespace ParallelScripts;

/// <summary>
/// How long a run still takes: its bound, by what is left of each script. Whatever is scarce then, the longest path, slots, memory or a pool,
/// nothing can be faster; what it leaves out is that slots now and then have nothing to run.
/// </summary>
internal static class Estimate
{
    /// <param name="left">How many seconds each script still takes; 0 for what is over.</param>
    public static double SecondsLeft(PreparedRun run, double[] left) => Bound.Of(Resources.Of(run), run.Options.Slots, LongestPathOf(run, left), left).Seconds;

    /// <summary>How many seconds are left of a script: nothing, if it has taken longer already than it usually does.</summary>
    public static double LeftOf(double usual, double elapsed) => Math.Max(0, usual - elapsed);

    private static double LongestPathOf(PreparedRun run, double[] left) =>
        run.Options.Schedule == Schedule.Tiers ? SlowestOfEachTier(run.Graph, left) : LongestPath.Of(run.Graph, script => left[script]).Weight;

    /// <summary>Each tier waits for the slowest of the one before.</summary>
    private static double SlowestOfEachTier(ScriptGraph graph, double[] left)
    {
        var tiers = new double[graph.TierCount];
        for (var script = 0; script < left.Length; script++)
        {
            var tier = graph.TierOf(script);
            tiers[tier] = Math.Max(tiers[tier], left[script]);
        }

        return tiers.Sum();
    }
}
