using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>
/// Runs scripts in parallel, each as soon as what it depends on has succeeded.
/// Translates between MSBuild and the engine, and decides nothing.
/// </summary>
[MSBuildMultiThreadableTask]
#pragma warning disable CA1001 // MSBuild never disposes a task, and this source holds no timer to release.
public sealed class RunScriptsParallel : ScriptsTask, ICancelableTask
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _cancel = new();

    /// <summary>One item a script, in the order of <see cref="ScriptsTask.Scripts"/>, with what became of it as metadata.</summary>
    [Output]
    public ITaskItem[] Results { get; set; } = [];

    // MSBuild may call this before Execute, beside it, and a thousand times in a row.
    public void Cancel() => _cancel.Cancel();

    public override bool Execute()
    {
        var start = RunStart.Now();
        var place = Place;
        var environment = RunEnvironment.WithoutTheBuilds();
        if (Prepare(place, environment) is not { } run)
        {
            return false;
        }

        try
        {
            var record = Runner.Run(run, place, start, environment, new LogListener(BuildLog, run), _cancel.Token);
            Results = [.. record.Scripts.Zip(Scripts, (script, item) => ScriptResult.From(script, item, place))];
            foreach (var line in Summary.Of(record))
            {
                BuildLog.High(line);
            }
        }
        catch (StateException noState)
        {
            BuildLog.Error(noState.Problem);
        }

        return !Log.HasLoggedErrors && !_cancel.IsCancellationRequested;
    }
}
