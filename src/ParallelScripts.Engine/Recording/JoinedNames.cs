using System.Collections;

namespace ParallelScripts;

/// <summary>
/// The names of what a script waits for, where it has joins among it: made when they are asked for. Ten thousand scripts that each wait for
/// the same ten thousand would else be a hundred million names.
/// </summary>
internal sealed class JoinedNames(ScriptGraph graph, int script) : IReadOnlyList<string>
{
    public int Count => Numbers.Count();

    /// <summary>Makes all names to give one: to go through them, enumerate.</summary>
    public string this[int index] => graph[Numbers.ElementAt(index)].Name;

    /// <summary>Those that are not in any of <see cref="Lists"/>.</summary>
    public IEnumerable<string> Others => Nodes.Where(node => !graph.IsJoin(node)).Order().Select(node => graph[node].Name);

    /// <summary>Its lists, by their numbers among all of the graph.</summary>
    public IEnumerable<int> Lists => Nodes.Where(graph.IsJoin).Order().Select(join => join - graph.Count);

    /// <summary>How many names the lists have together.</summary>
    public long LengthOfLists => Nodes.Where(graph.IsJoin).Sum(join => (long)graph.NodesBefore(join).Length);

    private IEnumerable<int> Numbers => graph.DependenciesOf(script).Order();

    private int[] Nodes => graph.NodesBefore(script).ToArray();

    /// <summary>What a script waits for.</summary>
    public static IReadOnlyList<string> Of(ScriptGraph graph, int script)
    {
        foreach (var node in graph.NodesBefore(script))
        {
            if (graph.IsJoin(node))
            {
                return new JoinedNames(graph, script);
            }
        }

        var dependencies = graph.NodesBefore(script).ToArray();
        Array.Sort(dependencies);
        return Array.ConvertAll(dependencies, dependency => graph[dependency].Name);
    }

    /// <summary>The names of every list of a graph, in the order of their numbers.</summary>
    public IEnumerable<IEnumerable<string>> AllLists() =>
        Enumerable.Range(graph.Count, graph.NodeCount - graph.Count).Select(join => graph.NodesBefore(join).ToArray().Order().Select(member => graph[member].Name));

    public IEnumerator<string> GetEnumerator() => Numbers.Select(number => graph[number].Name).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
