namespace ParallelScripts;

/// <summary>The chains of scripts that bound the wall time: no number of slots makes a run shorter than its longest path.</summary>
public static class LongestPath
{
    /// <summary>For each script the weight of the heaviest path that begins with it, itself included.</summary>
    public static double[] FromEach(ScriptGraph graph, Func<int, double> weight)
    {
        var paths = new double[graph.NodeCount];
        for (var i = graph.Order.Length - 1; i >= 0; i--)
        {
            var node = graph.Order[i];
            foreach (var after in graph.NodesAfter(node))
            {
                paths[node] = Math.Max(paths[node], paths[after]);
            }

            paths[node] += graph.IsJoin(node) ? 0 : weight(node);
        }

        return paths;
    }

    /// <summary>The heaviest path through the graph, first script first, and its weight. Empty for an empty graph.</summary>
    public static (IReadOnlyList<int> Scripts, double Weight) Of(ScriptGraph graph, Func<int, double> weight)
    {
        var paths = FromEach(graph, weight);
        var chain = new List<int>();
        if (graph.Count == 0)
        {
            return (chain, 0);
        }

        var node = 0;
        for (var script = 1; script < graph.Count; script++)
        {
            node = paths[script] > paths[node] ? script : node;
        }

        var total = paths[node];
        while (true)
        {
            if (!graph.IsJoin(node))
            {
                chain.Add(node);
            }

            var after = graph.NodesAfter(node);
            if (after.Length == 0)
            {
                return (chain, total);
            }

            node = after[0];
            foreach (var candidate in after)
            {
                node = paths[candidate] > paths[node] ? candidate : node;
            }
        }
    }
}
