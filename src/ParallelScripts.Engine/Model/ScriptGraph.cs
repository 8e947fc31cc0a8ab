namespace ParallelScripts;

/// <summary>
/// The valid DAG: every name known, no circle, every script with its tier. <see cref="TryBuild"/> is the only
/// way to get one, so whoever holds a graph need not check it again.
/// </summary>
/// <remarks>
/// Nodes 0 … <see cref="Count"/> − 1 are the scripts in the order they were declared. The nodes after them are
/// <em>joins</em>: a list of many dependencies, or a glob that stands for many, is one join node that waits for all of them, and every
/// script that has it waits for the join. A thousand scripts that each wait for the same thousand are so 2,000 edges and not a million.
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
        TierCount = _tiers.Length == 0 ? 0 : _tiers.Max() + 1;
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
    internal static ScriptGraph? TryBuild(IReadOnlyList<Script> scripts, NameIndex names, ProjectFiles files, ICollection<Problem> problems)
    {
        var before = problems.Count;
        var throughFiles = new FileDependencies(scripts, files, problems);
        var edges = new Dependencies(scripts, names, throughFiles, problems).Resolve();
        var dependents = edges.Reversed();
        var order = TopologicalOrder(edges, dependents);
        if (order.Length < edges.NodeCount)
        {
            // Unknown names leave holes in which a circle could hide, but the circles that are there are real.
            ReportCircles(scripts, edges, throughFiles, problems);
        }

        return problems.Count == before ? new ScriptGraph([.. scripts], edges, dependents, order) : null;
    }

    /// <summary>
    /// The same graph with some of its scripts only, in the same order; the others, and waiting for them, are left out. The numbers
    /// are new; <paramref name="numbers"/> are the old ones.
    /// </summary>
    internal ScriptGraph Only(IReadOnlyList<int> numbers)
    {
        var newNumbers = new int[NodeCount];
        Array.Fill(newNumbers, -1);
        for (var i = 0; i < numbers.Count; i++)
        {
            newNumbers[numbers[i]] = i;
        }

        var nodes = new List<int>(numbers);
        for (var join = Count; join < NodeCount; join++)
        {
            // A join of nothing would be a node that nobody ever ends.
            if (NodesBefore(join).ToArray().Any(member => newNumbers[member] >= 0))
            {
                newNumbers[join] = nodes.Count;
                nodes.Add(join);
            }
        }

        var dependencies = Edges.From([.. nodes.Select(node => NodesBefore(node).ToArray().Select(before => newNumbers[before]).Where(before => before >= 0).ToArray())]);
        var dependents = dependencies.Reversed();
        return new ScriptGraph([.. numbers.Select(number => _scripts[number])], dependencies, dependents, TopologicalOrder(dependencies, dependents));
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

    private static void ReportCircles(IReadOnlyList<Script> scripts, Edges edges, FileDependencies files, ICollection<Problem> problems)
    {
        foreach (var ring in Circles.Find(edges).Select(nodes => nodes.Where(node => node < scripts.Count).ToArray()))
        {
            problems.Add(Problems.Circle([.. ring.Select((node, i) => (scripts[node], files.FileBetween(scripts[node], ring[(i + 1) % ring.Length])))]));
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
        var direct = edges.Of(script).ToArray();
        if (direct.Length == 0 || (direct.Length == 1 && !IsJoin(direct[0])))
        {
            foreach (var only in direct)
            {
                yield return only;
            }

            yield break;
        }

        var seen = new HashSet<int>();
        foreach (var node in direct)
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
