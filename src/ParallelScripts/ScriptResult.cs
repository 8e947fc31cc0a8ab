using System.Buffers;
using System.Collections;
using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace ParallelScripts.Tasks;

/// <summary>
/// A script's record as an item: what it was, with what became of it as metadata. MSBuild copies the metadata once, when the task has returned;
/// until then there is nothing but the record, where a <see cref="TaskItem"/> for each of 100,000 scripts would hold 80 MB.
/// </summary>
/// <param name="script">The record.</param>
/// <param name="item">The item that declares the script.</param>
/// <param name="place">Where the run took place.</param>
internal sealed class ScriptResult(ScriptRecord script, ITaskItem item, RunPlace place) : ITaskItem2
{
    /// <summary>What MSBuild reads as something else than itself.</summary>
    private static readonly SearchValues<char> _special = SearchValues.Create("%*?@$();'");

    /// <summary>For whoever asks for more than MSBuild does.</summary>
    private TaskItem? _whole;

    public string EvaluatedIncludeEscaped
    {
        get => _whole is null ? ((ITaskItem2)item).EvaluatedIncludeEscaped : ((ITaskItem2)_whole).EvaluatedIncludeEscaped;
        set => ((ITaskItem2)Whole).EvaluatedIncludeEscaped = value;
    }

    public string ItemSpec
    {
        get => _whole is null ? item.ItemSpec : _whole.ItemSpec;
        set => Whole.ItemSpec = value;
    }

    public ICollection MetadataNames => Whole.MetadataNames;

    public int MetadataCount => Whole.MetadataCount;

    private TaskItem Whole => _whole ??= new TaskItem(EvaluatedIncludeEscaped, Metadata(Escaped));

    /// <summary>A file, wherever it is.</summary>
    public static ITaskItem FileItem(string file) => new TaskItem(Escaped(file));

    public IDictionary CloneCustomMetadata() => _whole?.CloneCustomMetadata() ?? Metadata(text => text);

    public IDictionary CloneCustomMetadataEscaped() => _whole is null ? Metadata(Escaped) : ((ITaskItem2)_whole).CloneCustomMetadataEscaped();

    public string GetMetadata(string metadataName) => Whole.GetMetadata(metadataName);

    public string GetMetadataValueEscaped(string metadataName) => ((ITaskItem2)Whole).GetMetadataValueEscaped(metadataName);

    public void SetMetadata(string metadataName, string metadataValue) => Whole.SetMetadata(metadataName, metadataValue);

    public void SetMetadataValueLiteral(string metadataName, string metadataValue) => ((ITaskItem2)Whole).SetMetadataValueLiteral(metadataName, metadataValue);

    public void RemoveMetadata(string metadataName) => Whole.RemoveMetadata(metadataName);

    public void CopyMetadataTo(ITaskItem destinationItem) => Whole.CopyMetadataTo(destinationItem);

    public override string ToString() => ItemSpec;

    private Dictionary<string, string> Metadata(Func<string, string> escaped)
    {
        var metadata = new Dictionary<string, string>(12, StringComparer.OrdinalIgnoreCase)
        {
            ["Name"] = escaped(script.Name),
            ["Outcome"] = script.Outcome.ToString(),
            ["Tier"] = Text(script.Tier),
            ["Reason"] = escaped(script.Reason),
            ["ExitCode"] = Text(script.ExitCode),
            ["StartTime"] = script.StartTime?.ToString("O", CultureInfo.InvariantCulture) ?? "",
            ["Duration"] = Text(script.Seconds),
            ["CpuTime"] = Text(script.CpuSeconds),
            ["PeakMemory"] = Text(script.PeakMemoryBytes),
            ["PeakMemoryIs"] = script.PeakMemoryIs ?? "",
            ["Attempts"] = Text(script.Attempts),
            ["LogFile"] = script.LogFile is null ? "" : escaped(Path.Combine(place.StateDirectory, script.LogFile)),
        };
        if (script.Node is not null)
        {
            metadata["Node"] = escaped(script.Node);
            metadata["QueuedTime"] = Text(script.QueuedSeconds);
        }

        return metadata;
    }

    /// <summary>MSBuild takes metadata as escaped, so that text with a <c>;</c> or <c>%</c> in it must be, to come back as it was.</summary>
    private static string Escaped(string text)
    {
        return text.AsSpan().ContainsAny(_special)
            ? string.Concat(text.Select(c => _special.Contains(c) ? $"%{(int)c:x2}" : c.ToString()))
            : text;
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
