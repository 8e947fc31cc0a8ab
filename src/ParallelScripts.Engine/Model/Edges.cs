namespace ParallelScripts;

/// <summary>
/// For each node of a graph the nodes it points to, in two flat arrays (compressed sparse rows), so that a hundred
/// thousand nodes are two allocations.
/// </summary>
internal sealed class Edges
{
    private readonly int[] _start;
    private readonly int[] _targets;

    private Edges(int[] start, int[] targets)
    {
        _start = start;
        _targets = targets;
    }

    public int NodeCount => _start.Length - 1;

    public static Edges From(List<int[]> targetsOfNode)
    {
        var start = new int[targetsOfNode.Count + 1];
        for (var node = 0; node < targetsOfNode.Count; node++)
        {
            start[node + 1] = start[node] + targetsOfNode[node].Length;
        }

        var targets = new int[start[^1]];
        for (var node = 0; node < targetsOfNode.Count; node++)
        {
            targetsOfNode[node].CopyTo(targets, start[node]);
        }

        return new Edges(start, targets);
    }

    public ReadOnlySpan<int> Of(int node) => _targets.AsSpan(_start[node], _start[node + 1] - _start[node]);

    /// <summary>The same edges, seen from their other end.</summary>
    public Edges Reversed()
    {
        var start = new int[_start.Length];
        foreach (var target in _targets)
        {
            start[target + 1]++;
        }

        for (var node = 0; node < NodeCount; node++)
        {
            start[node + 1] += start[node];
        }

        var sources = new int[_targets.Length];
        var next = start.AsSpan(0, NodeCount).ToArray();
        for (var node = 0; node < NodeCount; node++)
        {
            foreach (var target in Of(node))
            {
                sources[next[target]++] = node;
            }
        }

        return new Edges(start, sources);
    }
}
