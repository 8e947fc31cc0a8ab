using System.Globalization;

namespace ParallelScripts.Tasks;

/// <summary>Puts what happens in a run into the build log.</summary>
internal sealed class LogListener(BuildLog log, PreparedRun run) : IRunListener
{
    public void Started(int script, int slot) =>
        log.Normal($"[{run.Graph[script].Name}] {CommandLine.Show(run.Launches[script].CommandForPeople)}");

    public void Output(int script, string line) => log.High($"[{run.Graph[script].Name}] {line}");

    public void Ended(int script, ScriptEnd end, int left)
    {
        var name = run.Graph[script].Name;
        log.High(string.Create(
            CultureInfo.InvariantCulture,
            $"[{name}] {Summary.Words(end.Outcome)} in {Durations.Show(end.Duration.TotalSeconds)} (tier {run.Graph.TierOf(script)}, {left} left)"));
        if (end.Problem is { } problem)
        {
            log.Error(problem);
        }
    }

    public void Skipped(SkippedScript skipped) =>
        log.Normal($"[{run.Graph[skipped.Script].Name}] skipped: {Reasons.Skipped(run.Graph, skipped)}");
}
