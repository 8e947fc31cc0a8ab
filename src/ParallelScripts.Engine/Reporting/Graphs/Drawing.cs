namespace ParallelScripts;

/// <summary>What is drawn of a graph.</summary>
internal sealed record Drawing(IReadOnlyList<DrawnNode> Nodes, IReadOnlyList<DrawnEdge> Edges)
{
    /// <summary>All scripts.</summary>
    /// <param name="withJoins">Whether lists that scripts share are nodes of their own, which makes it fewer edges.</param>
    public static Drawing Of(KnownGraph known, bool withJoins)
    {
        var graph = known.Graph;
        var nodes = new List<DrawnNode>(Enumerable.Range(0, graph.Count).Select(script => NodeOf(known, script)));
        var edges = new List<DrawnEdge>();
        for (var script = 0; script < graph.Count; script++)
        {
            var nodesBefore = withJoins ? graph.NodesBefore(script).ToArray() : graph.DependenciesOf(script);
            foreach (var before in nodesBefore.Order())
            {
                edges.Add(EdgeOf(known, before, script));
            }
        }

        for (var join = graph.Count; withJoins && join < graph.NodeCount; join++)
        {
            nodes.Add(DrawnNode.Join);
            edges.AddRange(graph.NodesBefore(join).ToArray().Order().Select(member => new DrawnEdge(member, join)));
        }

        return new Drawing(nodes, edges);
    }

    public static DrawnNode NodeOf(KnownGraph known, int script)
    {
        var last = known.Last[script];
        var detail = last is { At: not null } ? Durations.Show(last.Seconds)
            : known.Usual.Count > 0 && known.Usual[script] is { } usual ? Durations.Show(usual.Seconds)
            : null;
        return new DrawnNode(known.NameOf(script), detail, last is { HasFailed: true, IsTolerated: true } ? DrawnNode.Tolerated : last?.Outcome, known.IsOnPath(script));
    }

    /// <summary>An edge between two scripts, or from a join.</summary>
    public static DrawnEdge EdgeOf(KnownGraph known, int from, int to) => new(from, to, !known.Graph.IsJoin(from) && known.IsOnPath(from, to));
}

/// <summary>A box in a drawing.</summary>
/// <param name="Name">Whatever somebody called it.</param>
/// <param name="Detail">What stands below it.</param>
/// <param name="Outcome">A name of <see cref="ParallelScripts.Outcome"/>, or <see cref="Tolerated"/>; null if none is known.</param>
internal sealed record DrawnNode(string Name, string? Detail, string? Outcome, bool IsOnPath = false)
{
    /// <summary>Failed, and was allowed to.</summary>
    public const string Tolerated = "Tolerated";

    /// <summary>A list of dependencies that several scripts share: a dot.</summary>
    public static DrawnNode Join { get; } = new("", null, null);

    public bool IsJoin => ReferenceEquals(this, Join);
}

/// <summary>An arrow between two nodes, by their numbers.</summary>
internal sealed record DrawnEdge(int From, int To, bool IsOnPath = false);
