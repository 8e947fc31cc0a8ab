namespace ParallelScripts;

/// <summary>
/// The valid DAG: every name known, no circle, every script with its tier. <see cref="TryBuild"/> is the only
/// way to get one, so whoever holds a graph need not check it again.
/// </summary>
/// <remarks>
/// Nodes 0 … <see cref="Count"/> − 1 are the scripts in the order they were declared. The nodes after them are
/// <em>joins</em>: a list of dependencies that several scripts share is one join node that waits for all of the list,
/// and each of the scripts waits for the join. A thousand scripts that each wait for the same thousand are so
/// 2,000 edges and not a million.
/// </remarks>
public sealed class ScriptGraph
{
    private readonly Script[] _scripts;
    private readonly Edges _dependencies;
    private readonly Edges _dependents;
    private readonly int[] _tiers;

    private ScriptGraph(Script[] scripts, Edges dependencies, Edges dependents, int[] order)
    {
        _scripts = scripts;
        _dependencies = dependencies;
        _dependents = dependents;
        Order = order;
        _tiers = Tiers();
        TierCount = _scripts.Length == 0 ? 0 : _tiers.Take(_scripts.Length).Max() + 1;
    }

    /// <summary>How many scripts there are.</summary>
    public int Count => _scripts.Length;

    /// <summary>How many tiers there are.</summary>
    public int TierCount { get; }

    /// <summary>How many nodes there are, joins included.</summary>
    internal int NodeCount => _dependencies.NodeCount;

    /// <summary>All nodes, each after everything it depends on.</summary>
    internal int[] Order { get; }

    public Script this[int script] => _scripts[script];

    /// <summary>Builds the graph, or adds everything that is wrong with the names and dependencies to <paramref name="problems"/> and gives null.</summary>
    public static ScriptGraph? TryBuild(IReadOnlyList<Script> scripts, ICollection<Problem> problems)
    {
        var before = problems.Count;
        var edges = new Dependencies(scripts, problems).Resolve();
        if (problems.Count > before)
        {
            // Unknown names leave holes in which a circle could hide, but the circles that are there are real: say those too.
            ReportCircles(scripts, edges, problems);
            return null;
        }

        var dependents = edges.Reversed();
        var order = TopologicalOrder(edges, dependents);
        if (order.Length < edges.NodeCount)
        {
            ReportCircles(scripts, edges, problems);
            return null;
        }

        return new ScriptGraph([.. scripts], edges, dependents, order);
    }

    /// <summary>0 for a script that depends on nothing, else one more than the highest tier among its dependencies.</summary>
    public int TierOf(int script) => _tiers[script];

    /// <summary>The scripts that come directly before this one, each once, in no particular order.</summary>
    public IEnumerable<int> DependenciesOf(int script) => Unjoined(_dependencies, script);

    /// <summary>The scripts that wait directly for this one, each once, in no particular order.</summary>
    public IEnumerable<int> DependentsOf(int script) => Unjoined(_dependents, script);

    internal bool IsJoin(int node) => node >= _scripts.Length;

    internal ReadOnlySpan<int> NodesBefore(int node) => _dependencies.Of(node);

    internal ReadOnlySpan<int> NodesAfter(int node) => _dependents.Of(node);

    private static void ReportCircles(IReadOnlyList<Script> scripts, Edges edges, ICollection<Problem> problems)
    {
        foreach (var circle in Circles.Find(edges))
        {
            problems.Add(Problems.Circle([.. circle.Where(node => node < scripts.Count).Select(node => scripts[node])]));
        }
    }

    /// <summary>Kahn's algorithm; nodes on a circle and behind one are left out.</summary>
    private static int[] TopologicalOrder(Edges dependencies, Edges dependents)
    {
        var order = new List<int>(dependencies.NodeCount);
        var unmet = new int[dependencies.NodeCount];
        for (var node = 0; node < unmet.Length; node++)
        {
            unmet[node] = dependencies.Of(node).Length;
            if (unmet[node] == 0)
            {
                order.Add(node);
            }
        }

        for (var next = 0; next < order.Count; next++)
        {
            foreach (var dependent in dependents.Of(order[next]))
            {
                if (--unmet[dependent] == 0)
                {
                    order.Add(dependent);
                }
            }
        }

        return [.. order];
    }

    private int[] Tiers()
    {
        var tiers = new int[NodeCount];
        foreach (var node in Order)
        {
            foreach (var dependency in NodesBefore(node))
            {
                // A join stands for the scripts it joins: it has the highest of their tiers, not one more.
                tiers[node] = Math.Max(tiers[node], IsJoin(node) ? tiers[dependency] : tiers[dependency] + 1);
            }
        }

        return tiers;
    }

    private IEnumerable<int> Unjoined(Edges edges, int script)
    {
        var seen = new HashSet<int>();
        foreach (var node in edges.Of(script).ToArray())
        {
            foreach (var neighbour in IsJoin(node) ? edges.Of(node).ToArray() : [node])
            {
                if (seen.Add(neighbour))
                {
                    yield return neighbour;
                }
            }
        }
    }
}
