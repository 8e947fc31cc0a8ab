namespace ParallelScripts;

/// <summary>What a script usually takes, by its last successes.</summary>
/// <param name="Seconds">The median of its times.</param>
/// <param name="Cores">The median of processor time by time: how many cores it kept busy. Null where that was not counted, or it was too short to tell.</param>
/// <param name="PeakMemory">The most memory that it held in any of them, in bytes, or null where that was not counted.</param>
public sealed record Usual(double Seconds, double? Cores, long? PeakMemory)
{
    /// <summary>How many successes it is made of, at most: enough for a median that one bad day does not move, few enough to learn quickly.</summary>
    public const int MostRuns = 5;

    /// <summary>In less than this, starting the process is most of what there is to measure.</summary>
    public const double ShortestToTell = 0.2;

    /// <summary>What is known of each script, at least of one; empty if nothing is known at all.</summary>
    public static IReadOnlyList<Usual?> OfAll(ScriptGraph graph, Dictionary<string, Usual> known)
    {
        if (known.Count == 0)
        {
            return [];
        }

        var usual = new Usual?[graph.Count];
        var any = false;
        for (var script = 0; script < usual.Length; script++)
        {
            any |= known.TryGetValue(graph[script].Name, out usual[script]);
        }

        return any ? usual : [];
    }

    /// <summary>How many seconds each script is expected to take, not a number where that is not known.</summary>
    public static double[] SecondsOf(IReadOnlyList<Usual?> usual)
    {
        var seconds = new double[usual.Count];
        for (var script = 0; script < seconds.Length; script++)
        {
            seconds[script] = usual[script]?.Seconds ?? double.NaN;
        }

        return seconds;
    }

    /// <summary>How long each script is expected to take; one that has never succeeded as long as half of the others, and all the same if none has.</summary>
    public static double[] Weights(IReadOnlyList<Usual?> usual)
    {
        var weights = SecondsOf(usual);
        if (Array.Exists(weights, double.IsNaN))
        {
            var known = Array.FindAll(weights, weight => !double.IsNaN(weight));
            var otherwise = known.Length == 0 ? 1 : Median(known);
            for (var script = 0; script < weights.Length; script++)
            {
                weights[script] = double.IsNaN(weights[script]) ? otherwise : weights[script];
            }
        }

        return weights;
    }

    /// <summary>The middle one, or between the middle two; sorts what it is given, of which there is at least one.</summary>
    internal static double Median(double[] values)
    {
        Array.Sort(values);
        return Middle(values);
    }

    internal static double Middle(ReadOnlySpan<double> sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
