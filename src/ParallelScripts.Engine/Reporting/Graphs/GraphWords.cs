using System.Globalization;

namespace ParallelScripts;

/// <summary>What is said of a graph in each of its files, and in the build log.</summary>
internal static class GraphWords
{
    /// <summary><c>3 scripts in 2 tiers, 2 dependencies</c>.</summary>
    public static string Counts(KnownGraph known) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Summary.Count(known.Graph.Count, "script")} in {Summary.Count(known.Graph.TierCount, "tier")}, {known.EdgeCount} {(known.EdgeCount == 1 ? "dependency" : "dependencies")}");

    /// <summary>What the colours say, in a sentence.</summary>
    public static string Colours(KnownGraph known) => known.LastRun is { } run
        ? string.Create(CultureInfo.InvariantCulture, $"The colours are those of the last run that did something, {run.RunId} of {run.Start.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.")
        : "Nothing has run yet, so there are no colours.";
}
