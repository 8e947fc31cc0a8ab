namespace ParallelScripts.Tasks;

/// <summary>Writes the report of an earlier run again.</summary>
[Microsoft.Build.Framework.MSBuildMultiThreadableTask]
public sealed class ReportScripts : ProjectTask
{
    /// <summary>The id of the run. Default: the last one that did something.</summary>
    public string Run { get; set; } = "";

    public override bool Execute()
    {
        var place = Place;
        if (Reports.WriteAgain(place, new TaskParameters(this, new ProjectSource(), place.Project).Read(nameof(Run), Run)) is { } problem)
        {
            BuildLog.Problem(problem);
            return false;
        }

        // With the name of the project and an arrow, the terminal logger shows it as a link.
        BuildLog.High($"{Path.GetFileNameWithoutExtension(place.Project)} -> {Reports.FileOf(place.StateDirectory)}");
        return true;
    }
}
