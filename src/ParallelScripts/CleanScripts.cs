using System.Globalization;
using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>Removes what scripts declare as their outputs, and what runs have recorded.</summary>
[MSBuildMultiThreadableTask]
#pragma warning disable CA1001 // MSBuild never disposes a task, and this source holds no timer to release.
public sealed class CleanScripts : ProjectTask, ICancelableTask
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _cancel = new();

    /// <summary>The scripts whose outputs are removed. The metadata are those of <c>ScriptItem</c>.</summary>
    [Required]
    public ITaskItem[] Scripts { get; set; } = [];

    public void Cancel() => _cancel.Cancel();

    public override bool Execute()
    {
        var source = new ProjectSource();
        var problems = new List<Problem>();
        var removed = Cleaner.Clean([.. Scripts.Select(item => Items.ToScript(item, source))], Place, problems, who => BuildLog.High($"Waiting for a run of this project ({who})."), _cancel.Token);
        problems.ForEach(BuildLog.Problem);
        foreach (var name in removed)
        {
            BuildLog.Normal($"Removed {name}");
        }

        if (problems.Count == 0 && !_cancel.IsCancellationRequested)
        {
            BuildLog.High(string.Create(CultureInfo.InvariantCulture, $"Removed what is recorded of runs, and of what scripts wrote {removed.Count:N0} {(removed.Count == 1 ? "file" : "files")}."));
        }

        return problems.Count == 0 && !_cancel.IsCancellationRequested;
    }
}
