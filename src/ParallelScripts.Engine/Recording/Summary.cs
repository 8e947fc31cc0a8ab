using System.Globalization;

namespace ParallelScripts;

/// <summary>The last lines of a run: what became of the scripts, how long it took, and what bounded it.</summary>
public static class Summary
{
    /// <summary>A chain longer than this is shown by its ends.</summary>
    private const int LongestChain = 8;

    public static IEnumerable<string> Of(RunRecord run)
    {
        var outcomes = run.Scripts.GroupBy(script => script.Outcome).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Words(group.Key)}");
        yield return $"{Count(run.Scripts.Count, "script")}: {string.Join(", ", outcomes)}.";

        if (run.WorkSeconds > 0)
        {
            yield return $"Wall {Durations.Show(run.WallSeconds)}, work {Durations.Show(run.WorkSeconds)} in {Count(run.Slots, "slot")}. "
                + $"Longest path {Durations.Show(run.LongestPath.Seconds)}: {Chain(run.LongestPath.Scripts)}.";
            yield return run.LongestPath.Seconds >= run.WorkSeconds / run.Slots
                ? $"Bound by the longest path: with more slots it would still take {Durations.Show(run.BoundSeconds)}."
                : $"Bound by the slots: {Durations.Show(run.WorkSeconds)} of work in {Count(run.Slots, "slot")} take at least {Durations.Show(run.BoundSeconds)}.";
        }
    }

    internal static string Words(Outcome outcome) => outcome switch
    {
        Outcome.UpToDate => "up to date",
        Outcome.TimedOut => "timed out",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    internal static string Count(int count, string noun) => $"{count.ToString(CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";

    private static string Chain(IReadOnlyList<string> scripts) =>
        scripts.Count <= LongestChain
            ? string.Join(" -> ", scripts)
            : $"{string.Join(" -> ", scripts.Take(LongestChain / 2))} -> ({scripts.Count - LongestChain} more) -> {string.Join(" -> ", scripts.TakeLast(LongestChain / 2))}";
}
