using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>What tasks take that deal with a run: its declaration, translated from items and properties and checked by the engine.</summary>
public abstract class ScriptsTask : ProjectTask
{
    /// <summary>The scripts. The metadata are those of <c>ScriptItem</c>.</summary>
    [Required]
    public ITaskItem[] Scripts { get; set; } = [];

    /// <summary>What runs the files of an extension, beside or instead of what we know: the extension, and the metadata <c>Command</c>.</summary>
    public ITaskItem[] Interpreters { get; set; } = [];

    /// <summary>Named limits across scripts: the name, and the metadata <c>Depth</c>, how many scripts have a place in it at once.</summary>
    public ITaskItem[] Pools { get; set; } = [];

    /// <summary>How much memory has to be free for another script to start, such as <c>2GB</c> or <c>10%</c>. 0, the default, lets them start in any case.</summary>
    public string MinFreeMemory { get; set; } = "";

    /// <summary>How many scripts run at once. 0, the default, means as many as MSBuild has cores for.</summary>
    public string MaxDegreeOfParallelism { get; set; } = "";

    /// <summary><c>Eager</c> (the default) or <c>Tiers</c>.</summary>
    public string Schedule { get; set; } = "";

    /// <summary><c>StopStarting</c> (the default), <c>KeepGoing</c> or <c>StopNow</c>.</summary>
    public string OnFailure { get; set; } = "";

    /// <summary>Names or globs of the scripts to run, with what they need. Default: all.</summary>
    public string Only { get; set; } = "";

    /// <summary>Names or globs of scripts to run, with all that depends on them. Default: all.</summary>
    public string From { get; set; } = "";

    /// <summary><c>true</c>, or names or globs of scripts that run though they are up to date. Default: none.</summary>
    public string Force { get; set; } = "";

    /// <summary>Names or globs of scripts whose present outputs count as up to date from now on. Default: none.</summary>
    public string Accept { get; set; } = "";

    /// <summary>Whether to wait for another run that uses the same state directory (<c>true</c>, the default), or to fail.</summary>
    public string Wait { get; set; } = "";

    /// <summary>Whose lines are shown: <c>All</c> (the default), <c>OnFailure</c> or <c>None</c>.</summary>
    public string Output { get; set; } = "";

    /// <summary>Whether a script's lines are shown together when it has ended. Default: <c>false</c>, as it prints them.</summary>
    public string GroupOutput { get; set; } = "";

    /// <summary>Whether a terminal may show how far the run is in a line that changes (<c>true</c>, the default).</summary>
    public string LiveProgress { get; set; } = "";

    /// <summary>The id of the project's user secrets. Default: it has none.</summary>
    public string UserSecretsId { get; set; } = "";

    /// <summary>How long a script that is asked to end may take before it is killed, such as <c>10s</c>. Default: 5 seconds.</summary>
    public string KillGrace { get; set; } = "";

    /// <summary>Whether scripts are told how many threads to use (<c>true</c>, the default).</summary>
    public string SetThreadVariables { get; set; } = "";

    /// <summary>Whether a <c>make</c> inside a script takes slots of ours: <c>false</c> (the default), <c>true</c>, <c>Fifo</c> or <c>Pipe</c>.</summary>
    public string JobServer { get; set; } = "";

    /// <summary>Where scripts run that say nothing themselves: <c>Local</c> (the default) or <c>Slurm</c>.</summary>
    public string Executor { get; set; } = "";

    /// <summary>How many jobs wait in Slurm's queue or run at once. Default: 500.</summary>
    public string SlurmMaxJobs { get; set; } = "";

    /// <summary>When jobs are submitted: <c>Ready</c> (the default), or <c>Whole</c>, all at once, and nobody waits for them.</summary>
    public string SlurmSubmit { get; set; } = "";

    /// <summary>How long a Slurm that does not answer is waited for, such as <c>2h</c>. Default: 30 minutes.</summary>
    public string SlurmPatience { get; set; } = "";

    /// <summary>What becomes of jobs when the build is cancelled: <c>Cancel</c> (the default) or <c>Detach</c>.</summary>
    public string OnCancel { get; set; } = "";

    /// <summary>Whether a warning of this code, printed by a script, counts as an error.</summary>
    private protected virtual bool CountsAsError(string code) => false;

    /// <summary>The run that was declared, or null after its problems have been logged.</summary>
    /// <param name="grant">Who says how many cores the run may use, if it is to run.</param>
    private protected PreparedRun? Prepare(IReadOnlyDictionary<string, string> environment, ReadAhead ahead, ICoreGrant? grant = null)
    {
        var place = Place;
        var source = new ProjectSource();
        var properties = new TaskParameters(this, source, place.Project);
        var request = new RunRequest
        {
            Scripts = [.. Scripts.Select(item => Items.ToScript(item, source))],
            Interpreters = [.. Interpreters.Select(item => Items.ToInterpreter(item, source))],
            Pools = [.. Pools.Select(item => Items.ToPool(item, source))],
            MinFreeMemory = properties.Read(nameof(MinFreeMemory), MinFreeMemory),
            MaxDegreeOfParallelism = properties.Read(nameof(MaxDegreeOfParallelism), MaxDegreeOfParallelism),
            Grant = grant,
            SetThreadVariables = properties.Read(nameof(SetThreadVariables), SetThreadVariables),
            JobServer = properties.Read(nameof(JobServer), JobServer),
            Schedule = properties.Read(nameof(Schedule), Schedule),
            OnFailure = properties.Read(nameof(OnFailure), OnFailure),
            Only = properties.Read(nameof(Only), Only),
            From = properties.Read(nameof(From), From),
            Force = properties.Read(nameof(Force), Force),
            Accept = properties.Read(nameof(Accept), Accept),
            Wait = properties.Read(nameof(Wait), Wait),
            Output = properties.Read(nameof(Output), Output),
            GroupOutput = properties.Read(nameof(GroupOutput), GroupOutput),
            LiveProgress = properties.Read(nameof(LiveProgress), LiveProgress),
            CountsAsError = CountsAsError,
            KillGrace = properties.Read(nameof(KillGrace), KillGrace),
            Executor = properties.Read(nameof(Executor), Executor),
            SlurmMaxJobs = properties.Read(nameof(SlurmMaxJobs), SlurmMaxJobs),
            SlurmSubmit = properties.Read(nameof(SlurmSubmit), SlurmSubmit),
            SlurmPatience = properties.Read(nameof(SlurmPatience), SlurmPatience),
            OnCancel = properties.Read(nameof(OnCancel), OnCancel),
            Place = place,
            UserSecretsId = UserSecretsId.Trim(),
            GivenProperties = (BuildEngine as IBuildEngine6)?.GetGlobalProperties() ?? new Dictionary<string, string>(),
            PlaceReading = variable => source.PlaceReading(place.Project, variable),
            Environment = environment,
        };
        var problems = source.Misspelt().ToList();
        var run = Preparation.TryPrepare(request, problems, ahead);
        problems.ForEach(BuildLog.Problem);
        if (run is not null)
        {
            BuildLog.Secrets = run.Secrets;
        }

        return run;
    }
}
