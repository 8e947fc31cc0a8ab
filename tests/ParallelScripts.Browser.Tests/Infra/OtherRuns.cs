using System.Text;
using System.Text.Json.Nodes;

namespace ParallelScripts.Tests;

/// <summary>Runs of other kinds than those that failed: made from <see cref="SampleRuns"/>, and always the same.</summary>
internal static class OtherRuns
{
    /// <summary>One that goes on: what had started by a moment runs, and what had not waits.</summary>
    public static ReportedRun Running(int scripts)
    {
        var whole = SampleRuns.Of(scripts);
        var now = whole.Run.StartTime.AddSeconds(whole.Run.WallSeconds * 0.6);
        var states = whole.Run.Scripts.Select(script => script.Outcome == Outcome.UpToDate || EndOf(script) < now ? null : script.StartTime < now ? "Running" : "Waiting").ToArray();
        var path = whole.Run.LongestPath.Scripts.Where(name => whole.Run.Scripts.Index().Any(one => one.Item.Name == name && states[one.Index] is null)).ToArray();
        return whole with
        {
            Run = whole.Run with
            {
                WallSeconds = whole.Run.WallSeconds * 0.6,
                LongestPath = new PathRecord(whole.Run.Scripts.Where(script => path.Contains(script.Name)).Sum(script => script.Seconds ?? 0), path),
                Scripts = [.. whole.Run.Scripts.Select((script, number) => states[number] switch
                {
                    null => script,
                    "Running" => script with { Seconds = Math.Round((now - script.StartTime!.Value).TotalSeconds, 3), ExitCode = null, Problem = null, CpuSeconds = null, PeakMemoryBytes = null },
                    _ => script with { StartTime = null, Seconds = null, Slot = null, Attempts = 0, Problem = null, Reason = "" },
                })],
            },
            States = states,
            Usual = [.. whole.Run.Scripts.Select((script, number) => number % 4 == 0 ? null : new Usual(Math.Max(0.2, (script.Seconds ?? 1) * 1.2), null, null))],
            Details = new ReportedDetails?[scripts],
        };
    }

    /// <summary>One that was stopped from outside.</summary>
    public static ReportedRun Canceled(int scripts)
    {
        var run = Running(scripts);
        return run with
        {
            States = null,
            Run = run.Run with
            {
                Outcome = Outcome.Canceled,
                Scripts = [.. run.Run.Scripts.Select((script, number) => run.States![number] switch
                {
                    "Running" => script with { Outcome = Outcome.Canceled },
                    "Waiting" => script with { Outcome = Outcome.Skipped, Reason = "the run was canceled" },
                    _ => script,
                })],
            },
        };
    }

    /// <summary>One that had nothing to do.</summary>
    public static ReportedRun UpToDate(int scripts)
    {
        var run = SampleRuns.Of(scripts);
        return run with
        {
            Details = new ReportedDetails?[scripts],
            Run = run.Run with
            {
                Outcome = Outcome.Succeeded,
                WallSeconds = 0.012,
                WorkSeconds = 0,
                BoundSeconds = 0,
                LongestPath = new PathRecord(0, []),
                Scripts = [.. run.Run.Scripts.Select(script => script with { Outcome = Outcome.UpToDate, Reason = Reasons.UpToDate, StartTime = null, Seconds = null, Slot = null, Attempts = 0, CpuSeconds = null, PeakMemoryBytes = null, Problem = null, LogFile = null })],
            },
        };
    }

    /// <summary>One without a failure, that says what would make it shorter.</summary>
    public static ReportedRun Succeeded(int scripts)
    {
        var run = SampleRuns.Of(scripts);
        return run with
        {
            Run = run.Run with
            {
                Outcome = Outcome.Succeeded,
                Scripts = [.. run.Run.Scripts.Select(script => script.Outcome is Outcome.Failed or Outcome.Skipped ? script with { Outcome = script.StartTime is null ? Outcome.UpToDate : Outcome.Succeeded, ExitCode = 0, Problem = null, IsTolerated = false } : script)],
                Outlook = new Outlook { Seconds = run.Run.WallSeconds, MoreSlots = 16, SecondsWithMoreSlots = Math.Round(run.Run.WallSeconds * 0.7, 3), Script = run.Run.LongestPath.Scripts[0], SecondsWithScriptTwiceAsFast = Math.Round(run.Run.WallSeconds * 0.9, 3) },
            },
        };
    }

    /// <summary>One whose scripts ran on the nodes of a cluster, two at once on each, after a while in its queue.</summary>
    public static byte[] OnNodes(int scripts)
    {
        var data = JsonNode.Parse(ReportData.Of(SampleRuns.Of(scripts)))!;
        foreach (var script in data["scripts"]!.AsArray().Where(script => script!["at"] is not null))
        {
            script!["node"] = $"node{((int)script["slot"]! / 2) + 1:00}";
            script["queuedSeconds"] = Math.Round((double)script["at"]! * 0.05, 3);
        }

        return Encoding.UTF8.GetBytes(data.ToJsonString());
    }

    private static DateTimeOffset? EndOf(ScriptRecord script) => script.StartTime?.AddSeconds(script.Seconds!.Value);
}
