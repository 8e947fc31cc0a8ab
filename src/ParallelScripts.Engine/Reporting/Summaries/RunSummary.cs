using System.Globalization;
using System.Text;

namespace ParallelScripts;

/// <summary>
/// <c>summary.md</c>: a run for people who read a pull request or the page of a CI job. What failed with its last lines, what bounded the run, and what took
/// longest; never more than fits there.
/// </summary>
internal static class RunSummary
{
    public const string FileName = "summary.md";

    /// <summary>Beyond this nobody reads on, and GitHub takes no comment of more than 65,536 characters.</summary>
    public const int MostCharacters = 60_000;

    private const int MostFailures = 20;
    private const int MostLogLines = 20;
    private const int MostLogCharacters = 2000;
    private const int MostOnPath = 20;
    private const int MostSlow = 10;

    /// <summary>The whole of it.</summary>
    public static string Of(KeptReport run)
    {
        var text = new StringBuilder(Head(run));
        foreach (var part in Failures(run).Append(LongestPath(run)).Append(Slowest(run)))
        {
            // Whole parts only: half of a table or of a fence would spoil what comes after it.
            if (text.Length + part.Length <= MostCharacters)
            {
                text.Append(part);
            }
        }

        return text.ToString();
    }

    /// <summary>Its first lines: what became of the run, and what bounded it.</summary>
    public static string Head(KeptReport run)
    {
        var text = new StringBuilder();
        Line(text, $"### {SignOf(run.Outcome)} {MarkdownText.Code(run.Project)}: {Verdict(run)}");
        Line(text, "");
        var outcomes = run.Scripts.GroupBy(script => script.Outcome).OrderBy(group => Enum.TryParse<Outcome>(group.Key, out var outcome) ? (int)outcome : int.MaxValue);
        Line(text, $"{Summary.Count(run.Scripts.Length, "script")}: {string.Join(", ", outcomes.Select(group => $"{group.Count()} {Words(group.Key)}"))}.");
        if (run.WorkSeconds > 0)
        {
            var share = run.WallSeconds > 0 ? Math.Min(1, run.BoundSeconds / run.WallSeconds) : 1;
            Line(text, $"Wall {Durations.Show(run.WallSeconds)}; bound {Durations.Show(run.BoundSeconds)} ({BoundWords(run)}); {share * 100:0} %. Work {Durations.Show(run.WorkSeconds)} in {Summary.Count(run.Slots, "slot")}.");
        }

        return text.ToString();
    }

    private static string Verdict(KeptReport run)
    {
        var failed = run.Scripts.Count(script => script.HasFailed && !script.IsTolerated);
        return failed > 0 ? $"{failed} of {Summary.Count(run.Scripts.Length, "script")} failed" : Words(run.Outcome);
    }

    private static IEnumerable<string> Failures(KeptReport run)
    {
        KeptScript[] failed = [.. run.Scripts.Where(script => script.HasFailed).OrderBy(script => script.IsTolerated)];
        foreach (var script in failed.Take(MostFailures))
        {
            var text = new StringBuilder("\n");
            Line(text, $"**{MarkdownText.Code(script.Name)} {Words(script.Outcome)}{(script.IsTolerated ? ", and was allowed to" : "")}**");
            if (script.Problem is { } problem)
            {
                Line(text, $"\n{MarkdownText.Code(problem)}");
            }

            if (script.LogFile is { } log)
            {
                Line(text, $"\nThe end of {MarkdownText.Code(log)}{(script.LogEnd is null ? " is not there any more." : ":")}");
            }

            if (script.LogEnd is { } end)
            {
                Line(text, $"\n{MarkdownText.Block(LastOf(end))}");
            }

            yield return text.ToString();
        }

        if (failed.Length > MostFailures)
        {
            yield return $"\nAnd {failed.Length - MostFailures} more failed.\n";
        }
    }

    private static string LastOf(string log)
    {
        var last = string.Join('\n', log.Split('\n').TakeLast(MostLogLines));
        return last.Length <= MostLogCharacters ? last : "…" + last[^MostLogCharacters..];
    }

    private static string LongestPath(KeptReport run)
    {
        if (run.Path.Length < 2)
        {
            return "";
        }

        var skipped = Math.Max(0, run.Path.Length - MostOnPath);
        var text = new StringBuilder("\n");
        Line(text, $"<details><summary>Longest path: {Summary.Count(run.Path.Length, "script")}, {Durations.Show(run.LongestSeconds)}</summary>\n");
        Line(text, $"| script | time | of the wall |\n|---|--:|--:|");
        for (var i = 0; i < run.Path.Length; i++)
        {
            if (skipped > 0 && i == MostOnPath / 2)
            {
                Line(text, $"| … {skipped} more … | | |");
                i += skipped;
            }

            var script = run.Scripts[run.Path[i]];
            Line(text, $"| {MarkdownText.Cell(script.Name)} | {Durations.Show(script.Seconds)} | {(run.WallSeconds > 0 ? script.Seconds / run.WallSeconds * 100 : 0):0} % |");
        }

        Line(text, $"\n</details>");
        return text.ToString();
    }

    private static string Slowest(KeptReport run)
    {
        KeptScript[] slow = [.. run.Scripts.Where(script => script.At is not null).OrderByDescending(script => script.Seconds).Take(MostSlow)];
        if (slow.Length < 2)
        {
            return "";
        }

        var text = new StringBuilder("\n");
        Line(text, $"<details><summary>What took longest</summary>\n");
        Line(text, $"| script | outcome | time | processor | peak memory |\n|---|---|--:|--:|--:|");
        foreach (var script in slow)
        {
            Line(text, $"| {MarkdownText.Cell(script.Name)} | {Words(script.Outcome)} | {Durations.Show(script.Seconds)} | {(script.CpuSeconds is { } cpu ? Durations.Show(cpu) : "")} | {(script.PeakMemoryBytes is { } memory ? Sizes.Show(memory) : "")} |");
        }

        Line(text, $"\n</details>");
        return text.ToString();
    }

    private static string BoundWords(KeptReport run) => run.BoundBy switch
    {
        nameof(BoundBy.Slots) => $"what runs in {Summary.Count(run.Slots, "slot")}",
        nameof(BoundBy.Memory) => "what runs in the memory there is",
        nameof(BoundBy.Pool) => $"what runs in pool {MarkdownText.Code(run.BoundPool ?? "")}",
        _ => "the longest path",
    };

    private static string SignOf(string outcome) => outcome switch
    {
        nameof(Outcome.Succeeded) => "✅",
        nameof(Outcome.Failed) => "❌",
        _ => "⚠️",
    };

    private static string Words(string outcome) => Enum.TryParse<Outcome>(outcome, out var known) ? Summary.Words(known) : outcome;

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
