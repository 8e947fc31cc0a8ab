using System.Globalization;
using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>
/// What became of each script, as an event of the build log that carries facts. A console that shows the event too shows what stands in no other line: a
/// person does not read the same thing twice.
/// </summary>
internal sealed class ScriptFacts(BuildLog log, PreparedRun run)
{
    /// <summary>What tells our events from those of others.</summary>
    public const string Type = "ParallelScripts.Script";

    private readonly int[] _slots = new int[run.Graph.Count];

    public void Started(int script, int slot) => _slots[script] = slot;

    public void Ended(int script, ScriptEnd end)
    {
        var name = run.Graph[script].Name;
        log.WithFacts(
            MessageImportance.Low,
            Type,
            () => end.Outcome == Outcome.UpToDate ? $"[{name}] up to date: {end.Reason}" : $"[{name}] {Words(script, end)}",
            () => Facts(script, end));
    }

    public void Skipped(SkippedScript skipped)
    {
        var (name, reason) = (run.Graph[skipped.Script].Name, Reasons.Skipped(run.Graph, skipped));
        log.WithFacts(MessageImportance.Normal, Type, () => $"[{name}] skipped: {reason}", () => Facts(skipped.Script, new ScriptEnd(Outcome.Skipped) { Reason = reason }));
    }

    /// <summary><c>slot 2, tier 1, 0.98 s of processor time, at most 45 MB</c>.</summary>
    private string Words(int script, ScriptEnd end) => string.Create(
        CultureInfo.InvariantCulture,
        $"slot {_slots[script] + 1}, tier {run.Graph.TierOf(script)}{(end.CpuTime is { } cpu ? $", {Durations.Show(cpu.TotalSeconds)} of processor time" : "")}{(end.PeakMemory is { } memory ? $", at most {Sizes.Show(memory)}" : "")}");

    /// <summary>The names are those of the metadata of a result, and a few more; what there is none of is empty.</summary>
    private Dictionary<string, string?> Facts(int script, ScriptEnd end)
    {
        var ran = end.StartTime is not null;
        return new Dictionary<string, string?>
        {
            ["Name"] = run.Graph[script].Name,
            ["Outcome"] = end.Outcome.ToString(),
            ["Tier"] = Text(run.Graph.TierOf(script)),
            ["Reason"] = end.Reason,
            ["ExitCode"] = Text(end.ExitCode),
            ["StartTime"] = end.StartTime?.ToString("O", CultureInfo.InvariantCulture) ?? "",
            ["Duration"] = ran ? Text(Math.Round(end.Duration.TotalSeconds, 3)) : "",
            ["CpuTime"] = end.CpuTime is { } cpu ? Text(Math.Round(cpu.TotalSeconds, 3)) : "",
            ["PeakMemory"] = Text(end.PeakMemory),
            ["PeakMemoryIs"] = end.PeakMemoryIs ?? "",
            ["Attempts"] = Text(ran ? end.Attempts : 0),
            ["LogFile"] = end.LogFile ?? "",
            ["Node"] = end.Node ?? "",
            ["QueuedTime"] = end.QueuedFor is { } queued ? Text(Math.Round(queued.TotalSeconds, 3)) : "",
            ["Slot"] = ran ? Text(_slots[script]) : "",
            ["Command"] = CommandLine.Show(run.Launches[script].CommandForPeople),
            ["Problem"] = end.Problem?.What ?? "",
        };
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
