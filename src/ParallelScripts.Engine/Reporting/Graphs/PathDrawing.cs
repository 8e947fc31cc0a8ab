using System.Globalization;

namespace ParallelScripts;

/// <summary>A drawing of the longest path and of what its scripts directly need, with so many edges at most.</summary>
internal static class PathDrawing
{
    /// <param name="left">How many scripts in the middle of the path are left out.</param>
    /// <returns>The drawing, and whether there was no room for all that the path needs.</returns>
    public static (Drawing Drawing, bool IsCut) Of(KnownGraph known, int mostEdges, out int left)
    {
        var path = known.LongestPath;
        left = path.Count - 1 > mostEdges ? path.Count - mostEdges : 0;
        var (begin, end) = left == 0 ? (path.Count, path.Count) : (mostEdges / 2, (mostEdges / 2) + left);
        var (nodes, edges, numbers) = (new List<DrawnNode>(), new List<DrawnEdge>(), new Dictionary<int, int>());
        for (var i = 0; i < path.Count; i++)
        {
            // What is left out is one node together.
            var isLeftOut = i >= begin && i < end;
            if (!isLeftOut || i == begin)
            {
                nodes.Add(isLeftOut ? new DrawnNode(string.Create(CultureInfo.InvariantCulture, $"… {left} more …"), null, null) : Drawing.NodeOf(known, path[i]));
                if (i > 0)
                {
                    edges.Add(new DrawnEdge(nodes.Count - 2, nodes.Count - 1, known.LongestSeconds is not null));
                }
            }

            numbers[path[i]] = nodes.Count - 1;
        }

        return (new Drawing(nodes, edges), AddNeeded(known, mostEdges, nodes, edges, numbers));
    }

    /// <returns>Whether there was no room for all.</returns>
    private static bool AddNeeded(KnownGraph known, int mostEdges, List<DrawnNode> nodes, List<DrawnEdge> edges, Dictionary<int, int> numbers)
    {
        // The end of the path is what people ask for, so its needs come first.
        foreach (var script in known.LongestPath.Reverse())
        {
            var to = numbers[script];
            foreach (var needed in known.Graph.DependenciesOf(script).Order())
            {
                if (numbers.TryGetValue(needed, out var from) && (from == to || edges.Exists(edge => edge.From == from && edge.To == to)))
                {
                    continue;
                }

                if (edges.Count >= mostEdges)
                {
                    return true;
                }

                if (!numbers.ContainsKey(needed))
                {
                    numbers[needed] = from = nodes.Count;
                    nodes.Add(Drawing.NodeOf(known, needed));
                }

                edges.Add(new DrawnEdge(from, to));
            }
        }

        return false;
    }
}
