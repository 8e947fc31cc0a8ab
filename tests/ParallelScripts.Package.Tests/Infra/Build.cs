using Microsoft.Build.Framework;
using Microsoft.Build.Logging.StructuredLogger;

namespace ParallelScripts.Package.Tests;

/// <summary>A build that has ended: what a person sees of it, and what its binary log knows.</summary>
internal sealed class Build
{
    private readonly string _folder;
    private readonly Lazy<BuildEventArgs[]> _events;
    private readonly Lazy<Microsoft.Build.Logging.StructuredLogger.Build> _tree;

    public Build(Ran ran, string folder, string binlog)
    {
        _folder = folder;
        ExitCode = ran.ExitCode;
        Output = ran.Output;
        ErrorOutput = ran.ErrorOutput;
        Duration = ran.Duration;
        _events = new(() => [.. new BinLogReader().ReadRecords(binlog).Select(record => record.Args).OfType<BuildEventArgs>()]);
        _tree = new(() => BinaryLog.ReadBuild(binlog));
    }

    public int ExitCode { get; }

    public string Output { get; }

    public string ErrorOutput { get; }

    public TimeSpan Duration { get; }

    /// <summary>What is printed, without the indentation that says in which project a message belongs.</summary>
    public string[] Lines => [.. Output.Split('\n').Select(line => line.Trim()).Where(line => line != "")];

    /// <summary>Every error, as <c>work.proj(3,5): PSCR1002: text</c>, in the order they were said.</summary>
    public string[] Errors => [.. _events.Value.OfType<BuildErrorEventArgs>().Select(error => $"{Relative(error.File)}{(error.LineNumber > 0 ? $"({error.LineNumber},{error.ColumnNumber})" : "")}: {error.Code}: {error.Message}")];

    public string[] Warnings => [.. _events.Value.OfType<BuildWarningEventArgs>().Select(warning => $"{warning.Code}: {warning.Message}")];

    /// <summary>Every warning, in the form of <see cref="Errors"/>.</summary>
    public string[] PlacedWarnings => [.. _events.Value.OfType<BuildWarningEventArgs>().Select(warning => $"{Relative(warning.File)}{(warning.LineNumber > 0 ? $"({warning.LineNumber},{warning.ColumnNumber})" : "")}: {warning.Code}: {warning.Message}")];

    /// <summary>What the log knows of each script, as its viewer shows it, in the order in which they ended.</summary>
    public IReadOnlyDictionary<string, string>[] Facts =>
    [
        .. _tree.Value.FindChildrenRecursive<Message>()
            .Where(message => message.Children.OfType<Property>().Any(property => property is { Name: "Type", Value: "ParallelScripts.Script" }))
            .Select(message => message.Children.OfType<Folder>().Single().Children.OfType<Metadata>().ToDictionary(metadata => metadata.Name, metadata => metadata.Value)),
    ];

    /// <summary>The files below the project's folder that the log holds.</summary>
    public Dictionary<string, string> Embedded => _tree.Value.SourceFiles
        .Where(file => file.FullPath.StartsWith(_folder, StringComparison.Ordinal))
        .ToDictionary(file => Relative(file.FullPath), file => file.Text);

    /// <summary>Every target that ran, by name.</summary>
    public IEnumerable<string> Targets => _events.Value.OfType<TargetStartedEventArgs>().Select(target => target.TargetName);

    /// <summary>How often our task ran.</summary>
    public int Runs => _events.Value.OfType<TaskStartedEventArgs>().Count(task => task.TaskName.EndsWith("RunScriptsParallel", StringComparison.Ordinal));

    public Build Succeeded()
    {
        Assert.True(ExitCode == 0, $"Exit code {ExitCode} in {_folder}\n{Output}{ErrorOutput}");
        return this;
    }

    public Build Failed()
    {
        Assert.True(ExitCode != 0, $"It should have failed, in {_folder}\n{Output}{ErrorOutput}");
        return this;
    }

    private string Relative(string? file) => string.IsNullOrEmpty(file) ? "" : Path.GetRelativePath(_folder, Path.GetFullPath(file, _folder)).Replace('\\', '/');
}
