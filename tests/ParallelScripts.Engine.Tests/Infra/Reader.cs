namespace ParallelScripts.Tests;

/// <summary>A script that a test lets print and end, in a folder with the files it may point at.</summary>
internal sealed class Reader : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Script _script;
    private readonly Diagnosis _diagnosis;

    public Reader(string include = "fit.py", string ignore = "", string project = "", string command = "")
    {
        Project = _folder[project];
        Directory.CreateDirectory(Project);
        _script = new Script { Name = include, Include = include, Command = command, IgnoreStandardErrorWarningFormat = ignore, Place = new Place(Path.Combine(Project, "work.csproj"), 3, 5) };
        _diagnosis = new Diagnosis(_script, Project, new RunPlace(Path.Combine(Project, "work.csproj"), Project, Path.Combine(Project, "obj/scripts")));
    }

    public string Project { get; }

    /// <summary>Files of one empty line, or what is given.</summary>
    public Reader With(params string[] files)
    {
        foreach (var file in files)
        {
            _folder.Write(file, "\n");
        }

        return this;
    }

    public Reader Print(string lines)
    {
        foreach (var line in lines.Split('\n'))
        {
            _diagnosis.Read(line.Replace("/here", _folder.Path, StringComparison.Ordinal));
        }

        return this;
    }

    public ScriptEnd Succeed(Func<string, bool>? countsAsError = null) => _diagnosis.Conclude(new ScriptEnd(Outcome.Succeeded), countsAsError ?? (_ => false));

    public ScriptEnd Fail(int exitCode = 1)
    {
        var launch = new Launch { Program = "/usr/bin/python3", Arguments = ["fit.py"], WorkingDirectory = "/here" };
        return _diagnosis.Conclude(new ScriptEnd(Outcome.Failed) { Problem = Problems.ExitedNonZero(_script, launch, new ProcessEnd(exitCode, null, null, false), new LogReference("/logs/fit.py.log", null)) }, _ => false);
    }

    public ScriptEnd Kill(string signal)
    {
        var killed = new ProcessEnd(null, Enumerable.Range(1, 31).First(number => Signals.NameOf(number) == signal), null, false);
        return _diagnosis.Conclude(new ScriptEnd(Outcome.Failed) { Problem = Problems.KilledBySignal(_script, new Launch { Program = "/p", Arguments = [], WorkingDirectory = "/" }, killed, default) }, _ => false);
    }

    /// <summary><c>fit.py(3,5): error PSCR2011: text</c>, with its second sentence.</summary>
    public string Show(Problem? problem) => problem is null
        ? ""
        : $"{Path.GetRelativePath(_folder.Path, problem.Place.File)}({problem.Place.Line},{problem.Place.Column}): {(problem.IsWarning ? "warning" : "error")} {problem.Code}: {problem.ToString().Replace(_folder.Path, "/here", StringComparison.Ordinal)}";

    public string[] Show(IEnumerable<Problem> problems) => [.. problems.Select(Show)];

    public void Dispose() => _folder.Dispose();
}
