using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>
/// Runs scripts in parallel, each as soon as what it depends on has succeeded.
/// Translates between MSBuild and the engine, and decides nothing.
/// </summary>
[MSBuildMultiThreadableTask]
#pragma warning disable CA1001 // MSBuild never disposes a task, and this source holds no timer to release.
public sealed class RunScriptsParallel : ScriptsTask, ICancelableTask, IIncrementalTask
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _cancel = new();

    /// <summary><c>true</c>: warnings that scripts print are errors, but for those of the next two.</summary>
    public string TreatWarningsAsErrors { get; set; } = "";

    /// <summary>Codes of warnings that stay warnings.</summary>
    public string WarningsNotAsErrors { get; set; } = "";

    /// <summary>Codes of warnings that nobody wants to see, and that are no errors therefore.</summary>
    public string NoWarn { get; set; } = "";

    /// <summary>Where the build was started: runs that have it in common share its cores.</summary>
    public string StartupDirectory { get; set; } = "";

    /// <summary>One item a script, in the order of <see cref="ScriptsTask.Scripts"/>, with what became of it as metadata.</summary>
    [Output]
    public ITaskItem[] Results { get; set; } = [];

    /// <summary>The files that tell of this run: <c>run.json</c> and, if there was something to do, the report and what belongs to it.</summary>
    [Output]
    public ITaskItem[] Reports { get; set; } = [];

    // MSBuild may call this before Execute, beside it, and a thousand times in a row.
    public void Cancel() => _cancel.Cancel();

    /// <summary>Set by <c>-question</c>: nothing may run, and it is an error if anything would.</summary>
    public bool FailIfNotIncremental { get; set; }

    private WarningsAsErrors AsErrors => field ??= new WarningsAsErrors(BuildEngine, TreatWarningsAsErrors, WarningsNotAsErrors, NoWarn);

    private protected override bool CountsAsError(string code) => AsErrors.Contains(code);

    public override bool Execute()
    {
        var start = RunStart.Now();
        var ahead = ReadAhead.From(Place);
        var environment = RunEnvironment.WithoutTheBuilds();
        using var cores = new BuildCores(BuildEngine, StartupDirectory);
        if (Prepare(environment, ahead, cores) is not { } run)
        {
            return false;
        }

        try
        {
            return FailIfNotIncremental ? Question(run, environment) : Run(run, start, environment);
        }
        catch (StateException noState)
        {
            BuildLog.Problem(noState.Problem);
            return false;
        }
    }

    private bool Run(PreparedRun run, RunStart start, IReadOnlyDictionary<string, string> environment)
    {
        var log = new LogListener(BuildLog, TerminalLine.Of(BuildEngine, BuildLog, run), run, finished: record => Results = ResultsOf(run, record));
        var record = Runner.Run(run, start, environment, log, _cancel.Token);
        Reports = [.. log.Files.Select(ScriptResult.FileItem)];
        if (record is null)
        {
            return false;
        }

        return record.Outcome == Outcome.Succeeded && !Log.HasLoggedErrors;
    }

    private ITaskItem[] ResultsOf(PreparedRun run, RunRecord record)
    {
        var results = new ITaskItem[record.Scripts.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = new ScriptResult(record.Scripts[i], Scripts[run.NumbersInProject[i]], run.Place);
        }

        return results;
    }

    private bool Question(PreparedRun run, IReadOnlyDictionary<string, string> environment)
    {
        foreach (var problem in Planner.WouldRun(run, environment))
        {
            BuildLog.Problem(problem);
        }

        return !Log.HasLoggedErrors;
    }
}
