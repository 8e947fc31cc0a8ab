namespace ParallelScripts.Tests;

/// <summary>A run of which only the progress is told: the test says what starts, what ends and how much time passes.</summary>
internal sealed class ToldRun : IRunListener, IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly LiveProgress _progress;
    private readonly Queue<string> _lines = new();

    /// <param name="graph">See <see cref="Graphs"/>.</param>
    /// <param name="usual">What scripts usually take, in seconds.</param>
    /// <param name="prepare">Changes the run.</param>
    public ToldRun(string graph, Dictionary<string, double>? usual = null, Func<PreparedRun, PreparedRun>? prepare = null)
    {
        Graph = Graphs.Parse(graph);
        var run = Graphs.Prepared(Graph, new RunOptions { Slots = 2 }) with { Place = new RunPlace("/projects/work.csproj", "/projects", _folder.Path) };
        run = prepare?.Invoke(run) ?? run;
        var known = (usual ?? []).ToDictionary(script => script.Key, script => new Usual(script.Value, null, null));
        _progress = new LiveProgress(run, new RunStart("0190000000007000800000000000abcd", Start, 0), new Resources { LookUp = () => Usual.OfAll(Graph, known) }, this, Clock);
    }

    public HandClock Clock { get; } = new();

    public ScriptGraph Graph { get; }

    /// <summary>What a line of a terminal would have shown, in that order.</summary>
    public List<string> Changes { get; } = [];

    public List<string> Warnings { get; } = [];

    public string FileName => _folder[ProgressFile.FileName];

    public string Folder => _folder.Path;

    /// <summary>The lines since the last look.</summary>
    public string[] Lines
    {
        get
        {
            string[] lines = [.. _lines];
            _lines.Clear();
            return lines;
        }
    }

    public ToldRun Started(string script, int slot = 0)
    {
        _progress.Started(Graph.NumberOf(script), slot);
        return this;
    }

    public ToldRun Ended(string script, double seconds = 1, Outcome outcome = Outcome.Succeeded, int attempts = 1)
    {
        var problem = outcome.IsFailure() ? Problems.NotRun(Graph[Graph.NumberOf(script)], "the test says so") : null;
        _progress.Ended(Graph.NumberOf(script), new ScriptEnd(outcome) { Duration = TimeSpan.FromSeconds(seconds), Attempts = attempts, Problem = problem }, left: 0);
        return this;
    }

    public ToldRun Retried(string script)
    {
        _progress.Retrying(Graph.NumberOf(script), new ScriptEnd(Outcome.Failed), 1, TimeSpan.Zero);
        return this;
    }

    public ToldRun Skipped(string script)
    {
        _progress.Skipped(new SkippedScript(Graph.NumberOf(script), null, false));
        return this;
    }

    public ToldRun Passed(double seconds)
    {
        Clock.Pass(TimeSpan.FromSeconds(seconds));
        return this;
    }

    /// <summary>Everything has ended, and the run's record is being written.</summary>
    public void Finish(Outcome outcome = Outcome.Succeeded)
    {
        _progress.Finish();
        _progress.WriteEnd(outcome);
    }

    public void Dispose()
    {
        _progress.Dispose();
        _folder.Dispose();
    }

    void IRunListener.Progressed(ProgressNews news)
    {
        Changes.Add($"{news.Counts} {news.InBrief(60)}".TrimEnd());
        if (news.Kind != ProgressKind.Changed)
        {
            _lines.Enqueue(news.Line);
        }
    }

    void IRunListener.Warned(Problem problem) => Warnings.Add($"{problem.Place} {problem.Code}: {problem}");

    void IRunListener.Started(int script, int slot)
    {
    }

    void IRunListener.Runs(int script, string reason)
    {
    }

    void IRunListener.Output(int script, string line)
    {
    }

    void IRunListener.Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait)
    {
    }

    void IRunListener.Ended(int script, ScriptEnd end, int left)
    {
    }

    void IRunListener.Skipped(SkippedScript skipped)
    {
    }

    void IRunListener.Noted(string line)
    {
    }
}
