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
        var result = new TaskItem(((ITaskItem2)item).EvaluatedIncludeEscaped);
        Set("Name", script.Name);
        Set("Outcome", script.Outcome.ToString());
        Set("Tier", Text(script.Tier));
        Set("Reason", script.Reason);
        Set("ExitCode", Text(script.ExitCode));
        Set("StartTime", script.StartTime?.ToString("O", CultureInfo.InvariantCulture));
        Set("Duration", Text(script.Seconds));
        Set("CpuTime", Text(script.CpuSeconds));
        Set("PeakMemory", Text(script.PeakMemoryBytes));
        Set("Attempts", Text(script.Attempts));
        Set("LogFile", script.LogFile is null ? null : Path.Combine(place.StateDirectory, script.LogFile));
        return result;

        void Set(string name, string? value) => result.SetMetadata(name, Escaped(value ?? ""));
    }

    /// <summary>MSBuild takes metadata as escaped, so that text with a <c>;</c> or <c>%</c> in it must be, to come back as it was.</summary>
    private static string Escaped(string text)
    {
        return text.AsSpan().ContainsAny(_special)
            ? string.Concat(text.Select(c => _special.Contains(c) ? $"%{(int)c:x2}" : c.ToString()))
            : text;
    }

    private static string? Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);
}
