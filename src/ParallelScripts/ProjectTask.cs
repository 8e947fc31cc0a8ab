namespace ParallelScripts.Tasks;

/// <summary>What all our tasks take: whose scripts it is about, and where their runs are recorded.</summary>
public abstract class ProjectTask : Task
{
    /// <summary>The project whose scripts these are, absolute. Default: the file that calls the task.</summary>
    public string ProjectFile { get; set; } = "";

    /// <summary>What relative paths are relative to, absolute. Default: the folder of <see cref="ProjectFile"/>.</summary>
    public string ProjectDirectory { get; set; } = "";

    /// <summary>Where logs and records go. Default: <c>obj/scripts/</c>.</summary>
    public string StateDirectory { get; set; } = "";

    private protected BuildLog BuildLog => field ??= new BuildLog(Log, BuildEngine);

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
}
