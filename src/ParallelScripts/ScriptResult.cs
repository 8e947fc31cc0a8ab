using System.Buffers;
using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace ParallelScripts.Tasks;

/// <summary>A script's record as an item: what it was, with what became of it as metadata.</summary>
internal static class ScriptResult
{
    /// <summary>What MSBuild reads as something else than itself.</summary>
    private static readonly SearchValues<char> _special = SearchValues.Create("%*?@$();'");

    public static ITaskItem From(ScriptRecord script, ITaskItem item, RunPlace place)
    {
        // In one go: a call a piece would cost more than the run that it tells of.
        var metadata = new Dictionary<string, string>(11)
        {
            ["Name"] = Escaped(script.Name),
            ["Outcome"] = script.Outcome.ToString(),
            ["Tier"] = Text(script.Tier),
            ["Reason"] = Escaped(script.Reason),
            ["ExitCode"] = Text(script.ExitCode),
            ["StartTime"] = script.StartTime?.ToString("O", CultureInfo.InvariantCulture) ?? "",
            ["Duration"] = Text(script.Seconds),
            ["CpuTime"] = Text(script.CpuSeconds),
            ["PeakMemory"] = Text(script.PeakMemoryBytes),
            ["Attempts"] = Text(script.Attempts),
            ["LogFile"] = script.LogFile is null ? "" : Escaped(Path.Combine(place.StateDirectory, script.LogFile)),
        };
        if (script.Node is not null)
        {
            metadata["Node"] = Escaped(script.Node);
            metadata["QueuedTime"] = Text(script.QueuedSeconds);
        }

        return new TaskItem(((ITaskItem2)item).EvaluatedIncludeEscaped, metadata);
    }

    /// <summary>A file, wherever it is.</summary>
    public static ITaskItem FileItem(string file) => new TaskItem(Escaped(file));

    /// <summary>MSBuild takes metadata as escaped, so that text with a <c>;</c> or <c>%</c> in it must be, to come back as it was.</summary>
    private static string Escaped(string text)
    {
        return text.AsSpan().ContainsAny(_special)
            ? string.Concat(text.Select(c => _special.Contains(c) ? $"%{(int)c:x2}" : c.ToString()))
            : text;
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
