namespace ParallelScripts.Tasks;

/// <summary>Checks a declaration, prints what would run in which order, and runs nothing.</summary>
[Microsoft.Build.Framework.MSBuildMultiThreadableTask]
public sealed class PlanScripts : ScriptsTask
{
    public override bool Execute()
    {
        var environment = RunEnvironment.WithoutTheBuilds();
        if (Prepare(environment, ReadAhead.From(Place)) is not { } run)
        {
            return false;
        }

        foreach (var line in PlanText.Of(run, Planner.Foresee(run, environment)))
        {
            BuildLog.High(line);
        }

        return true;
    }
}
