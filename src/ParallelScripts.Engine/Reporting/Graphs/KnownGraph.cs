using Microsoft.Data.Sqlite;

namespace ParallelScripts;

/// <summary>The graph of a project's scripts, and what earlier runs tell of it; that may be nothing.</summary>
internal sealed class KnownGraph
{
    private readonly Secrets _secrets;
    private readonly int[] _placesOnPath;

    private KnownGraph(PreparedRun run, KeptReport? lastRun, Dictionary<string, Usual> usual)
    {
        _secrets = run.Secrets;
        Graph = run.Graph;
        Project = Mask(Path.GetFileName(run.Place.Project));
        LastRun = lastRun;
        var scripts = new Dictionary<string, KeptScript>(StringComparer.Ordinal);
        foreach (var script in lastRun?.Scripts ?? [])
        {
            scripts[script.Name] = script;
        }

        Last = [.. Enumerable.Range(0, Graph.Count).Select(script => scripts.GetValueOrDefault(Graph[script].Name))];
        Usual = ParallelScripts.Usual.OfAll(Graph, usual);
        var weights = ParallelScripts.Usual.Weights(Usual);
        (LongestPath, var weight) = ParallelScripts.LongestPath.Of(Graph, script => weights.Length == 0 ? 1 : weights[script]);
        LongestSeconds = Usual.Count == 0 ? null : Math.Round(weight, 3);
        _placesOnPath = new int[Graph.Count];
        for (var place = 0; place < LongestPath.Count && LongestSeconds is not null; place++)
        {
            _placesOnPath[LongestPath[place]] = place + 1;
        }

        for (var script = 0; script < Graph.Count; script++)
        {
            foreach (var before in Graph.NodesBefore(script))
            {
                EdgeCount += Graph.IsJoin(before) ? Graph.NodesBefore(before).Length : 1;
            }
        }
    }

    public ScriptGraph Graph { get; }

    public string Project { get; }

    /// <summary>The last run that did something; null if there was none.</summary>
    public KeptReport? LastRun { get; }

    /// <summary>What became of each script in it; null for what it did not have.</summary>
    public IReadOnlyList<KeptScript?> Last { get; }

    /// <summary>What each script usually takes; empty if nothing is known.</summary>
    public IReadOnlyList<Usual?> Usual { get; }

    /// <summary>By what scripts usually take; while nothing is known of that, the one of most scripts.</summary>
    public IReadOnlyList<int> LongestPath { get; }

    /// <summary>How long it usually takes; null if nothing is known.</summary>
    public double? LongestSeconds { get; }

    /// <summary>How many dependencies there are; each that is written twice for a script counts twice.</summary>
    public long EdgeCount { get; }

    /// <summary>Whether a script is on the longest path, and that is known by what scripts take.</summary>
    public bool IsOnPath(int script) => _placesOnPath[script] > 0;

    /// <summary>Whether these two follow each other on it.</summary>
    public bool IsOnPath(int from, int to) => IsOnPath(from) && _placesOnPath[to] == _placesOnPath[from] + 1;

    public string NameOf(int script) => Mask(Graph[script].Name);

    public string Mask(string text) => _secrets.Mask(text);

    public static KnownGraph Of(PreparedRun run)
    {
        try
        {
            using var history = HistoryStore.OpenToRead(run.Place.StateDirectory);
            var kept = history?.FindReport("");
            return new KnownGraph(run, kept is null ? null : KeptReport.Read(Reports.Unpack(kept)), history?.UsualOfEach() ?? []);
        }
        catch (Exception unusable) when (unusable is HistoryUnusableException or SqliteException or IOException or InvalidDataException)
        {
            // The next run says what is wrong; a graph can be drawn without it.
            return new KnownGraph(run, null, []);
        }
    }
}
