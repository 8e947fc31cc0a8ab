using System.Globalization;

namespace ParallelScripts;

/// <summary>The plan of a run, for people: its tiers, and in each the scripts and what they wait for.</summary>
public static class PlanText
{
    /// <summary>A script with more dependencies than this is shown with their number.</summary>
    private const int MostDependencies = 6;

    public static IEnumerable<string> Of(PreparedRun run, IReadOnlyList<Foreseen> foreseen)
    {
        var graph = run.Graph;
        var afterJoins = new Dictionary<int, string>();
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{Summary.Count(graph.Count, "script")} in {Summary.Count(graph.TierCount, "tier")}, {run.Options.Slots} at once ({run.Options.Schedule}): {foreseen.Count(script => script.Forecast == Forecast.UpToDate)} up to date.");
        if (Need.IsScarce(run.Demands, [.. foreseen.Select(script => script.Usual)], run.Options.Slots, run.Memory.Total))
        {
            yield return $"Scripts that run at once could need more than the {Sizes.Show(run.Memory.Total)} of memory there is: of those that declare none, what they held in earlier runs counts.";
        }

        foreach (var tier in Enumerable.Range(0, graph.Count).GroupBy(graph.TierOf).OrderBy(tier => tier.Key))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Tier {tier.Key}:");
            foreach (var script in tier)
            {
                yield return $"  {graph[script].Name}{After(graph, script, afterJoins)} {Words(foreseen[script])}{(Declarations.Show(foreseen[script].Usual) is { } used ? $"; uses {used} by earlier runs" : "")}";
            }
        }
    }

    private static string Words(Foreseen foreseen) => foreseen.Forecast switch
    {
        Forecast.UpToDate => "is up to date",
        Forecast.HandedOver => $"is handed over: {foreseen.Reason}",
        Forecast.Runs => $"runs: {foreseen.Reason}",
        _ => $"may run: {foreseen.Reason}",
    };

    /// <param name="afterJoins">What was said for scripts that wait for a join and nothing else.</param>
    private static string After(ScriptGraph graph, int script, Dictionary<int, string> afterJoins)
    {
        if (graph.NodesBefore(script) is not [var join] || !graph.IsJoin(join))
        {
            return After(graph, script);
        }

        if (!afterJoins.TryGetValue(join, out var text))
        {
            afterJoins[join] = text = After(graph, script);
        }

        return text;
    }

    private static string After(ScriptGraph graph, int script)
    {
        var dependencies = graph.DependenciesOf(script).Order().Select(dependency => graph[dependency].Name).ToArray();
        return dependencies.Length switch
        {
            0 => "",
            <= MostDependencies => $" after {string.Join(", ", dependencies)}",
            _ => $" after {string.Join(", ", dependencies.Take(MostDependencies))} and {dependencies.Length - MostDependencies} more",
        };
    }
}
