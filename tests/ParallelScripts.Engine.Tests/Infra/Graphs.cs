namespace ParallelScripts.Tests;

/// <summary>Graphs as text: one script a line, <c>c: a b</c> is a script c that depends on a and b.</summary>
internal static class Graphs
{
    public static ScriptGraph Parse(string text)
    {
        var problems = new List<Problem>();
        return TryBuild(Scripts(text), problems)
            ?? throw new ArgumentException(string.Join('\n', problems));
    }

    public static IReadOnlyList<Problem> ProblemsOf(string text)
    {
        var problems = new List<Problem>();
        Assert.Null(TryBuild(Scripts(text), problems));
        return problems;
    }

    /// <summary>Declared in work.csproj, the first on line 1.</summary>
    public static IReadOnlyList<Script> Scripts(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, i) => ToScript(line, i + 1))];

    /// <summary>Scripts 0 … count − 1 by the names of <see cref="Name"/>, each after the ones given.</summary>
    public static ScriptGraph From(IReadOnlyList<int[]> dependencies)
    {
        var problems = new List<Problem>();
        var scripts = dependencies.Select((list, i) => new Script { Name = Name(i), Include = Name(i), DependsOn = [.. list.Select(Name)] });
        return TryBuild([.. scripts], problems) ?? throw new ArgumentException(string.Join('\n', problems));
    }

    private static readonly RunPlace _nowhere = new("/somewhere/work.csproj", "/somewhere", "/somewhere/obj/scripts");

    public static string Name(int script) => $"s{script}";

    /// <summary>Of scripts that say nothing about their failures.</summary>
    public static FailureRules[] NoRules(ScriptGraph graph) => [.. Enumerable.Repeat(FailureRules.Default, graph.Count)];

    /// <summary>The number of the script with this name.</summary>
    public static int NumberOf(this ScriptGraph graph, string name) => Enumerable.Range(0, graph.Count).First(script => graph[script].Name == name);

    /// <summary>A graph of scripts that run nothing, ready to run, for tests whose executor is the test.</summary>
    public static PreparedRun Prepared(ScriptGraph graph, RunOptions options) => new()
    {
        Graph = graph,
        Project = graph,
        NumbersInProject = [.. Enumerable.Range(0, graph.Count)],
        Launches = [.. Enumerable.Range(0, graph.Count).Select(_ => new Launch { Program = "/none", Arguments = [], WorkingDirectory = "/" })],
        FailureRules = NoRules(graph),
        Forced = new HashSet<int>(),
        Accepted = new HashSet<int>(),
        Options = options,
        Place = _nowhere,
        Ahead = ReadAhead.From(_nowhere),
    };

    public static ScriptGraph? TryBuild(IReadOnlyList<Script> scripts, ICollection<Problem> problems) =>
        ScriptGraph.TryBuild(scripts, new NameIndex(scripts), new ProjectFiles("/somewhere", "/somewhere/obj/scripts"), problems);

    private static Script ToScript(string line, int number)
    {
        var parts = line.Split(':', 2);
        return new Script
        {
            Name = parts[0].Trim(),
            Include = parts[0].Trim(),
            DependsOn = parts.Length == 1 ? [] : parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Place = new Place("/somewhere/work.csproj", number, 5),
        };
    }
}
