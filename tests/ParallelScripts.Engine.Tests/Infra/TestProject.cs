using System.Collections.Concurrent;

namespace ParallelScripts.Tests;

/// <summary>
/// A project in a folder of its own, whose scripts really run. A test writes files, declares scripts, and runs; it gets what ran
/// and why, as <c>clean.sh runs: raw.txt changed</c>, in ordinal order.
/// </summary>
internal sealed class TestProject : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string this[string file] => _folder[file];

    public List<Script> Scripts { get; } = [];

    public string? Only { get; set; }

    public string? From { get; set; }

    public string? Force { get; set; }

    public string? Accept { get; set; }

    public string? MaxDegreeOfParallelism { get; set; }

    public ICoreGrant? Grant { get; set; }

    public string? SetThreadVariables { get; set; }

    public string? JobServer { get; set; }

    public string? KillGrace { get; set; }

    public string? Executor { get; set; }

    public string? SlurmMaxJobs { get; set; }

    public string? SlurmPatience { get; set; }

    public string? SlurmSubmit { get; set; }

    public string? OnCancel { get; set; }

    public List<PoolDeclaration> Pools { get; } = [];

    public string? MinFreeMemory { get; set; }

    public MachineMemory Memory { get; set; } = MachineMemory.This;

    public string UserSecretsId { get; set; } = "";

    public Dictionary<string, string> GivenProperties { get; } = [];

    public string? Output { get; set; }

    public string? GroupOutput { get; set; }

    public OnFailure OnFailure { get; set; } = OnFailure.KeepGoing;

    public Dictionary<string, string> Environment { get; } = new() { ["PATH"] = "/usr/bin:/bin" };

    public RunPlace Place => new(_folder["work.csproj"], _folder.Path, _folder[State]);

    /// <summary>The state directory, relative to the project.</summary>
    public string State { get; set; } = "obj/scripts";

    /// <summary>What was noted, and the codes of warnings, of the last run.</summary>
    public ConcurrentQueue<string> Notes { get; } = new();

    /// <summary>What was shown of what the scripts printed in the last run, as <c>[load.sh] loading</c>.</summary>
    public ConcurrentQueue<string> Shown { get; } = new();

    /// <summary>Writes a file; the time of its last change is long ago, so that only its content says that it changed.</summary>
    public void Write(string file, string content)
    {
        _folder.Write(file, content);
        File.SetLastWriteTimeUtc(_folder[file], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    public string Read(string file) => File.ReadAllText(_folder[file]);

    public bool Has(string file) => File.Exists(_folder[file]);

    /// <summary>Declares a shell script with this text.</summary>
    public Script Add(string file, string text, string[]? inputs = null, string[]? outputs = null, string[]? after = null)
    {
        Write(file, text);
        var script = new Script { Name = file, Include = file, Inputs = inputs ?? [], Outputs = outputs ?? [], DependsOn = after ?? [], Place = new Place(Place.Project, Scripts.Count + 1, 5) };
        Scripts.Add(script);
        return script;
    }

    /// <summary>Declares a script otherwise than before.</summary>
    public void Change(string name, Func<Script, Script> change) =>
        Scripts[Scripts.FindIndex(script => script.Name == name)] = change(Scripts.Find(script => script.Name == name)!);

    public PreparedRun Prepare()
    {
        var problems = new List<Problem>();
        return Preparation.TryPrepare(Request(), problems) ?? throw new ArgumentException(string.Join('\n', problems));
    }

    /// <summary>What is said of a project that can run all the same.</summary>
    public IReadOnlyList<string> Warnings()
    {
        var problems = new List<Problem>();
        Assert.NotNull(Preparation.TryPrepare(Request(), problems));
        return [.. problems.Select(problem => $"{problem.Place} {problem.Code}: {problem}")];
    }

    public IReadOnlyList<string> Problems()
    {
        var problems = new List<Problem>();
        Assert.Null(Preparation.TryPrepare(Request(), problems));
        return [.. problems.Select(problem => $"{problem.Code}: {problem}")];
    }

    public RunRecord RunRecord(CancellationToken cancellation = default)
    {
        Notes.Clear();
        Shown.Clear();
        var run = Prepare();
        return Runner.Run(run, RunStart.Now(), Environment, new Listener(this, run), cancellation)!;
    }

    /// <summary>Runs, and gives a line for each script that is not up to date.</summary>
    public IReadOnlyList<string> Run() =>
    [
        .. RunRecord().Scripts
            .Where(script => script.Outcome != Outcome.UpToDate)
            .Select(script => script.Outcome switch
            {
                Outcome.Succeeded => $"{script.Name} runs: {script.Reason}",
                _ => $"{script.Name} {Summary.Words(script.Outcome)}: {script.Reason}",
            })
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Foresees, and gives a line for each script that is not up to date.</summary>
    public IReadOnlyList<string> Plan()
    {
        var run = Prepare();
        return
        [
            .. Planner.Foresee(run, Environment)
                .Where(script => script.Forecast != Forecast.UpToDate)
                .Select(script => $"{run.Graph[script.Script].Name} {script.Forecast switch { Forecast.Runs => "runs", Forecast.HandedOver => "is handed over", _ => "may run" }}: {script.Reason}")
                .Order(StringComparer.Ordinal),
        ];
    }

    public void Dispose() => _folder.Dispose();

    private RunRequest Request() => new()
    {
        Scripts = Scripts,
        Pools = Pools,
        MinFreeMemory = new Setting("ScriptsMinFreeMemory", MinFreeMemory ?? "", ParallelScripts.Place.Nowhere),
        Memory = Memory,
        Only = new Setting("ScriptsOnly", Only ?? "", ParallelScripts.Place.Nowhere),
        From = new Setting("ScriptsFrom", From ?? "", ParallelScripts.Place.Nowhere),
        Force = new Setting("ScriptsForce", Force ?? "", ParallelScripts.Place.Nowhere),
        Accept = new Setting("ScriptsAccept", Accept ?? "", ParallelScripts.Place.Nowhere),
        OnFailure = new Setting("ScriptsOnFailure", OnFailure.ToString(), ParallelScripts.Place.Nowhere),
        MaxDegreeOfParallelism = new Setting("ScriptsMaxDegreeOfParallelism", MaxDegreeOfParallelism ?? "", ParallelScripts.Place.Nowhere),
        Grant = Grant,
        SetThreadVariables = new Setting("ScriptsSetThreadVariables", SetThreadVariables ?? "", ParallelScripts.Place.Nowhere),
        JobServer = new Setting("ScriptsJobServer", JobServer ?? "", ParallelScripts.Place.Nowhere),
        KillGrace = new Setting("ScriptsKillGrace", KillGrace ?? "", ParallelScripts.Place.Nowhere),
        Executor = new Setting("ScriptsExecutor", Executor ?? "", ParallelScripts.Place.Nowhere),
        SlurmMaxJobs = new Setting("SlurmMaxJobs", SlurmMaxJobs ?? "", ParallelScripts.Place.Nowhere),
        SlurmPatience = new Setting("SlurmPatience", SlurmPatience ?? "", ParallelScripts.Place.Nowhere),
        SlurmSubmit = new Setting("SlurmSubmit", SlurmSubmit ?? "", ParallelScripts.Place.Nowhere),
        OnCancel = new Setting("ScriptsOnCancel", OnCancel ?? "", ParallelScripts.Place.Nowhere),
        Output = new Setting("ScriptsOutput", Output ?? "", ParallelScripts.Place.Nowhere),
        GroupOutput = new Setting("ScriptsGroupOutput", GroupOutput ?? "", ParallelScripts.Place.Nowhere),
        Place = Place,
        UserSecretsId = UserSecretsId,
        GivenProperties = GivenProperties,
        Environment = Environment,
    };

    private sealed class Listener(TestProject project, PreparedRun run) : IRunListener
    {
        public void Started(int script, int slot)
        {
        }

        public void Runs(int script, string reason)
        {
        }

        public void Output(int script, string line) => project.Shown.Enqueue($"[{run.Graph[script].Name}] {line}");

        public void Ended(int script, ScriptEnd end, int left)
        {
            if (end.Problem is { } problem)
            {
                project.Notes.Enqueue($"{problem.Code}: {problem}");
            }
        }

        public void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait) => project.Notes.Enqueue($"attempt {attempt}: {end.Problem?.What}");

        public void Skipped(SkippedScript skipped)
        {
        }

        public void Noted(string line) => project.Notes.Enqueue(line);

        public void Warned(Problem problem) => project.Notes.Enqueue($"{problem.Code}: {problem}");
    }
}
