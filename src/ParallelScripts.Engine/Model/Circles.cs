namespace ParallelScripts;

/// <summary>
/// Finds the circles in a graph that has some: for each knot of nodes that all wait for each other (a strongly
/// connected component, Tarjan 1972) one shortest ring, because that is the one a person can follow.
/// </summary>
internal static class Circles
{
    /// <summary>Rings of nodes, each node depending on the next and the last on the first.</summary>
    public static IEnumerable<List<int>> Find(Edges dependencies)
    {
        foreach (var knot in Knots(dependencies))
        {
            if (knot.Count > 1 || dependencies.Of(knot[0]).Contains(knot[0]))
            {
                yield return ShortestRing(dependencies, knot);
            }
        }
    }

    /// <summary>Tarjan's algorithm with a stack of its own: a chain of 100,000 scripts would end the process by recursion.</summary>
    private static IEnumerable<List<int>> Knots(Edges edges)
    {
        var index = new int[edges.NodeCount];
        var low = new int[edges.NodeCount];
        var onStack = new bool[edges.NodeCount];
        var stack = new Stack<int>();
        var visits = new Stack<(int Node, int Edge)>();
        var count = 0;

        for (var root = 0; root < edges.NodeCount; root++)
        {
            if (index[root] != 0)
            {
                continue;
            }

            visits.Push((root, 0));
            while (visits.TryPop(out var visit))
            {
                var (node, edge) = visit;
                if (edge == 0)
                {
                    index[node] = low[node] = ++count;
                    stack.Push(node);
                    onStack[node] = true;
                }

                if (edge < edges.Of(node).Length)
                {
                    visits.Push((node, edge + 1));
                    var next = edges.Of(node)[edge];
                    if (index[next] == 0)
                    {
                        visits.Push((next, 0));
                    }
                    else if (onStack[next])
                    {
                        low[node] = Math.Min(low[node], index[next]);
                    }

                    continue;
                }

                if (visits.TryPeek(out var parent))
                {
                    low[parent.Node] = Math.Min(low[parent.Node], low[node]);
                }

                if (low[node] == index[node])
                {
                    var knot = new List<int>();
                    int member;
                    do
                    {
                        member = stack.Pop();
                        onStack[member] = false;
                        knot.Add(member);
                    }
                    while (member != node);
                    yield return knot;
                }
            }
        }
    }

    /// <summary>Breadth first from the knot's first declared node back to itself.</summary>
    private static List<int> ShortestRing(Edges edges, List<int> knot)
    {
        var inside = knot.ToHashSet();
        var start = knot.Min();
        var cameFrom = new Dictionary<int, int>();
        var queue = new Queue<int>([start]);
        while (queue.TryDequeue(out var node))
        {
            foreach (var next in edges.Of(node))
            {
                if (next == start)
                {
                    var ring = new List<int> { node };
                    while (ring[^1] != start)
                    {
                        ring.Add(cameFrom[ring[^1]]);
                    }

                    ring.Reverse();
                    return ring;
                }

                if (inside.Contains(next) && cameFrom.TryAdd(next, node))
                {
                    queue.Enqueue(next);
                }
            }
        }

        throw new InvalidOperationException("A node of a knot is on no ring.");
    }
}
