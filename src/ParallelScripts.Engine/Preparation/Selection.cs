namespace ParallelScripts;

/// <summary>Which scripts of the project take part in a run, and which of them are not asked whether they are up to date.</summary>
internal sealed class Selection
{
    private readonly ScriptGraph _graph;
    private readonly NameIndex _names;
    private readonly ICollection<Problem> _problems;

    public Selection(ScriptGraph graph, NameIndex names, RunRequest request, ICollection<Problem> problems)
    {
        _graph = graph;
        _names = names;
        _problems = problems;
        var only = Named(request.Only);
        var from = Named(request.From);
        Chosen = [.. Enumerable.Range(0, graph.Count)];
        if (only is not null || from is not null)
        {
            var chosen = Closure(only ?? [], graph.NodesBefore);
            chosen.UnionWith(Closure(from ?? [], graph.NodesAfter));
            Chosen = [.. Chosen.Where(chosen.Contains)];
        }

        Forced = bool.TryParse(request.Force.Value, out var all) ? all ? [.. Chosen] : [] : [.. Named(request.Force) ?? []];
        Accepted = [.. Named(request.Accept) ?? []];
        foreach (var script in Accepted.Where(script => request.Scripts[script].Outputs.Count == 0))
        {
            problems.Add(Problems.AcceptWithoutOutputs(request.Scripts[script], "it declares no Outputs"));
        }
    }

    /// <summary>The scripts that take part, in the order they were declared.</summary>
    public IReadOnlyList<int> Chosen { get; }

    /// <summary>Those that run though they may be up to date.</summary>
    public HashSet<int> Forced { get; }

    /// <summary>Those whose present outputs count as up to date.</summary>
    public HashSet<int> Accepted { get; }

    /// <summary>The scripts that a setting names, or null if it is empty.</summary>
    private List<int>? Named(Setting setting)
    {
        if (string.IsNullOrWhiteSpace(setting.Value))
        {
            return null;
        }

        var named = new List<int>();
        foreach (var entry in setting.Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var found = _names.Find(entry) ?? (Glob.IsGlob(entry) ? _names.Matching(entry) : []);
            if (found.Count == 0)
            {
                _problems.Add(Problems.UnknownChoice(setting, entry, Spelling.Closest(entry, _names.All)));
            }

            named.AddRange(found);
        }

        return named;
    }

    private HashSet<int> Closure(IEnumerable<int> scripts, Beside neighbours)
    {
        var seen = new HashSet<int>(scripts);
        var next = new Stack<int>(seen);
        while (next.TryPop(out var node))
        {
            foreach (var neighbour in neighbours(node))
            {
                if (seen.Add(neighbour))
                {
                    next.Push(neighbour);
                }
            }
        }

        seen.RemoveWhere(_graph.IsJoin);
        return seen;
    }

    private delegate ReadOnlySpan<int> Beside(int node);
}
