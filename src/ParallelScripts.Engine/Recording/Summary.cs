using System.Globalization;

namespace ParallelScripts;

/// <summary>The last lines of a run: what became of the scripts, how long it took, and what bounded it.</summary>
public static class Summary
{
    /// <summary>A chain longer than this is shown by its ends.</summary>
    private const int LongestChain = 8;

    public static IEnumerable<string> Of(RunRecord run)
    {
        yield return $"{Count(run.Scripts.Count, "script")}: {string.Join(", ", Outcomes(run))}.";

        if (run.WorkSeconds > 0)
        {
            var share = run.WallSeconds > 0 ? Math.Min(1, run.BoundSeconds / run.WallSeconds) : 1;
            yield return string.Create(CultureInfo.InvariantCulture, $"Wall {Durations.Show(run.WallSeconds)}; bound {Durations.Show(run.BoundSeconds)} ({Words(run)}); {share * 100:0} %.");
            yield return $"Work {Durations.Show(run.WorkSeconds)} {Where(run)}{WhatWouldHelp(run)}.";
        }
    }

    private static IEnumerable<string> Outcomes(RunRecord run)
    {
        for (var outcome = Outcome.Succeeded; outcome <= Outcome.HandedOver; outcome++)
        {
            if (run.Scripts.Count(script => script.Outcome == outcome) is var count and > 0)
            {
                yield return $"{Text(count)} {Words(outcome)}";
            }
        }
    }

    private static string Words(RunRecord run) => run.BoundBy switch
    {
        BoundBy.Slots => $"what runs in {Count(run.Slots, "slot")}; longest path {Durations.Show(run.LongestPath.Seconds)}: {Chain(run.LongestPath.Scripts)}",
        BoundBy.Memory => $"what runs in the memory there is; longest path {Durations.Show(run.LongestPath.Seconds)}: {Chain(run.LongestPath.Scripts)}",
        BoundBy.Pool => $"what runs in pool {run.BoundPool}; longest path {Durations.Show(run.LongestPath.Seconds)}: {Chain(run.LongestPath.Scripts)}",
        _ => $"longest path {Chain(run.LongestPath.Scripts)}",
    };

    private static string Where(RunRecord run)
    {
        var nodes = run.Scripts.Select(script => script.Node).OfType<string>().Distinct().Count();
        var here = nodes == 0 || run.Scripts.Any(script => script.StartTime is not null && script.Node is null) ? $"in {Count(run.Slots, "slot")}" : "";
        return nodes == 0 ? here : $"{(here == "" ? "" : here + " and ")}on {Count(nodes, "node")}, {Durations.Show(run.Scripts.Sum(script => script.QueuedSeconds ?? 0))} in the queue";
    }

    private static string WhatWouldHelp(RunRecord run)
    {
        if (run.Outlook is not { } outlook)
        {
            return "";
        }

        if (run.Scripts.Any(script => script.Node is not null))
        {
            // How a cluster would do with more of it, nobody can foresee.
            return "";
        }

        var slots = outlook.MoreSlotsHelp ? $"; with {Count(outlook.MoreSlots, "slot")} {Durations.Show(outlook.SecondsWithMoreSlots)}" : "";
        var script = outlook.Script is not null ? $"; with {outlook.Script} twice as fast {Durations.Show(outlook.SecondsWithScriptTwiceAsFast!.Value)}" : "";
        return slots + script == "" ? "; neither more slots nor one faster script would help much" : slots + script;
    }

    internal static string Words(Outcome outcome) => outcome switch
    {
        Outcome.UpToDate => "up to date",
        Outcome.TimedOut => "timed out",
        Outcome.HandedOver => "handed over",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    internal static string Count(int count, string noun) => $"{Text(count)} {noun}{(count == 1 ? "" : "s")}";

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Chain(IReadOnlyList<string> scripts) =>
        scripts.Count <= LongestChain
            ? string.Join(" -> ", scripts)
            : $"{string.Join(" -> ", scripts.Take(LongestChain / 2))} -> ({scripts.Count - LongestChain} more) -> {string.Join(" -> ", scripts.TakeLast(LongestChain / 2))}";
}
