namespace ParallelScripts.Tasks;

/// <summary>Checks a declaration, prints what would run in which order, and runs nothing.</summary>
[Microsoft.Build.Framework.MSBuildMultiThreadableTask]
public sealed class PlanScripts : ScriptsTask
{
    public override bool Execute()
    {
        if (Prepare(Place, RunEnvironment.WithoutTheBuilds()) is not { } run)
        {
            return false;
        }

        foreach (var line in PlanText.Of(run))
        {
            BuildLog.High(line);
        }

        return true;
    }
}
