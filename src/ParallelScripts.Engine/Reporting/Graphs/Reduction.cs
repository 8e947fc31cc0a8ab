using System.Collections;

namespace ParallelScripts;

/// <summary>A drawing without the edges that a longer way implies (its transitive reduction): the order of scripts is the same, and there is less to see.</summary>
internal static class Reduction
{
    public static Drawing Of(Drawing drawing)
    {
        var count = drawing.Nodes.Count;
        var after = new List<int>[count];
        var open = new int[count];
        for (var node = 0; node < count; node++)
        {
            after[node] = [];
        }

        foreach (var edge in drawing.Edges)
        {
            after[edge.From].Add(edge.To);
            open[edge.To]++;
        }

        var order = new List<int>(count);
        order.AddRange(Enumerable.Range(0, count).Where(node => open[node] == 0));
        for (var next = 0; next < order.Count; next++)
        {
            order.AddRange(after[order[next]].Where(node => --open[node] == 0));
        }

        // From the end of the order to its beginning, so that what comes after a node is known when it is asked for.
        var places = new int[count];
        for (var place = 0; place < count; place++)
        {
            places[order[place]] = place;
        }

        var reached = new BitArray[count];
        var kept = new HashSet<(int, int)>();
        for (var place = count - 1; place >= 0; place--)
        {
            var node = order[place];
            reached[node] = new BitArray(count);
            foreach (var next in after[node].OrderBy(node => places[node]))
            {
                if (!reached[node][next])
                {
                    kept.Add((node, next));
                    reached[node].Or(reached[next]);
                    reached[node][next] = true;
                }
            }
        }

        return drawing with { Edges = [.. drawing.Edges.Where(edge => kept.Contains((edge.From, edge.To)))] };
    }
}
