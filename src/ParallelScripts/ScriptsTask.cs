using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>What all our tasks take: the declaration of a run, translated from items and properties and checked by the engine.</summary>
public abstract class ScriptsTask : Task
{
    /// <summary>The scripts. The metadata are those of <c>ScriptItem</c>.</summary>
    [Required]
    public ITaskItem[] Scripts { get; set; } = [];

    /// <summary>What runs the files of an extension, beside or instead of what we know: the extension, and the metadata <c>Command</c>.</summary>
    public ITaskItem[] Interpreters { get; set; } = [];

    /// <summary>How many scripts run at once. 0, the default, means one a core.</summary>
    public string MaxDegreeOfParallelism { get; set; } = "";

    /// <summary><c>Eager</c> (the default) or <c>Tiers</c>.</summary>
    public string Schedule { get; set; } = "";

    /// <summary><c>StopStarting</c> (the default), <c>KeepGoing</c> or <c>StopNow</c>.</summary>
    public string OnFailure { get; set; } = "";

    /// <summary>The project whose scripts these are, absolute. Default: the file that calls the task.</summary>
    public string ProjectFile { get; set; } = "";

    /// <summary>What relative paths are relative to, absolute. Default: the folder of <see cref="ProjectFile"/>.</summary>
    public string ProjectDirectory { get; set; } = "";

    /// <summary>Where logs and records go. Default: <c>obj/scripts/</c>.</summary>
    public string StateDirectory { get; set; } = "";

    private protected BuildLog BuildLog => field ??= new BuildLog(Log);

    private protected RunPlace Place
    {
        get
        {
            var project = ProjectFile == "" ? BuildEngine.ProjectFileOfTaskNode : ProjectFile;
            var directory = ProjectDirectory == "" ? Path.GetDirectoryName(project)! : ProjectDirectory;
            var state = Path.GetFullPath(StateDirectory == "" ? Path.Combine("obj", "scripts") : StateDirectory.Replace('\\', '/'), directory);
            return new RunPlace(project, directory, state);
        }
    }

    /// <summary>The run that was declared, or null after its problems have been logged.</summary>
    private protected PreparedRun? Prepare(RunPlace place, IReadOnlyDictionary<string, string> environment)
    {
        var source = new ProjectSource();
        var properties = new TaskParameters(this, source, place.Project);
        var request = new RunRequest
        {
            Scripts = [.. Scripts.Select(item => Items.ToScript(item, source))],
            Interpreters = [.. Interpreters.Select(item => Items.ToInterpreter(item, source))],
            MaxDegreeOfParallelism = properties.Read(nameof(MaxDegreeOfParallelism), MaxDegreeOfParallelism),
            Schedule = properties.Read(nameof(Schedule), Schedule),
            OnFailure = properties.Read(nameof(OnFailure), OnFailure),
            ProjectDirectory = place.ProjectDirectory,
            Environment = environment,
        };
        var problems = new List<Problem>();
        var run = Preparation.TryPrepare(request, problems);
        problems.ForEach(BuildLog.Error);
        return run;
    }
}
