namespace ParallelScripts.Tasks;

/// <summary>Checks a declaration and draws its graph; runs nothing.</summary>
[Microsoft.Build.Framework.MSBuildMultiThreadableTask]
public sealed class GraphScripts : ScriptsTask
{
    public override bool Execute()
    {
        if (Prepare(RunEnvironment.WithoutTheBuilds(), ReadAhead.From(Place)) is not { } run)
        {
            return false;
        }

        if (GraphFiles.Write(run, BuildLog.High) is { } problem)
        {
            BuildLog.Problem(problem);
            return false;
        }

        // With the name of the project and an arrow, the terminal logger shows it as a link.
        BuildLog.High($"{Path.GetFileNameWithoutExtension(run.Place.Project)} -> {GraphFiles.MarkdownOf(run.Place.StateDirectory)}");
        return true;
    }
}
