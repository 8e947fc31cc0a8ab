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
        var edges = new Builder(targetsOfNode.Count);
        foreach (var targets in targetsOfNode)
        {
            edges.Add(targets);
            edges.EndNode();
        }

        return edges.Build();
    }

    /// <summary>Node after node, and for each its targets.</summary>
    /// <param name="nodes">How many there will be, or a few less.</param>
    public sealed class Builder(int nodes)
    {
        private readonly List<int> _start = new(nodes + 1) { 0 };
        private readonly List<int> _targets = new(nodes);

        public void Add(int target) => _targets.Add(target);

        public void Add(ReadOnlySpan<int> targets) => _targets.AddRange(targets);

        /// <summary>Adds a target that this node may have already; for nodes with few.</summary>
        public void AddOnce(int target)
        {
            if (_targets.IndexOf(target, _start[^1]) < 0)
            {
                _targets.Add(target);
            }
        }

        /// <summary>Takes back the targets of the node that has not ended yet.</summary>
        public void Clear() => _targets.RemoveRange(_start[^1], _targets.Count - _start[^1]);

        public void EndNode() => _start.Add(_targets.Count);

        public Edges Build() => new([.. _start], [.. _targets]);
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
