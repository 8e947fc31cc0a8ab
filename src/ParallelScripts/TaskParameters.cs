namespace ParallelScripts.Tasks;

/// <summary>
/// Says what a parameter is called by whoever set it: called from our targets it is a property of the project
/// (<c>ScriptsSchedule</c>), called from a target of the person's own it is a parameter on that line (<c>Schedule</c>).
/// </summary>
internal sealed class TaskParameters(Task task, ProjectSource source, string project)
{
    private readonly bool _fromOurTargets = Path.GetFileName(task.BuildEngine.ProjectFileOfTaskNode) == "ParallelScripts.targets";

    public Setting Read(string parameter, string value) => _fromOurTargets
        ? new Setting(PropertyOf(parameter), value, source.PlaceOfProperty(project, PropertyOf(parameter), value))
        : new Setting(parameter, value, new Place(task.BuildEngine.ProjectFileOfTaskNode, task.BuildEngine.LineNumberOfTaskNode, task.BuildEngine.ColumnNumberOfTaskNode));

    private static string PropertyOf(string parameter) => parameter.StartsWith("Slurm", StringComparison.Ordinal) ? parameter : "Scripts" + parameter;
}
