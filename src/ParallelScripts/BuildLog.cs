using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace ParallelScripts.Tasks;

/// <summary>
/// The build log, as far as we write to it: problems with their place and page, and lines. Whatever it is that is written, there is no secret
/// in it, and a service that runs the build finds no command.
/// </summary>
internal sealed class BuildLog(TaskLoggingHelper log, IBuildEngine engine)
{
    private readonly BuildService _service = BuildServices.Of(Environment.GetEnvironmentVariable);
    private readonly Lock _together = new();

    // The pages travel with the package, so that they are there without a network and speak of this very version.
    private static readonly string _pages = FindPages(Path.GetDirectoryName(typeof(BuildLog).Assembly.Location)!);

    /// <summary>What nothing that is written here may show.</summary>
    public Secrets Secrets { get; set; } = Secrets.None;

    // With no file, MSBuild would blame our own .targets; the person wants the project that declares the script.
    public void Problem(Problem problem)
    {
        // What a script passed on from another tool has no page of ours.
        var page = problem.Code.StartsWith("PSCR", StringComparison.Ordinal) ? new Uri(Path.Combine(_pages, problem.Code + ".md")).AbsoluteUri : null;
        var (file, line, column) = (problem.Place.File, problem.Place.Line, problem.Place.Column);
        var text = Shown(problem.ToString());
        lock (_together)
        {
            if (problem.IsWarning)
            {
                log.LogWarning(null, problem.Code, null, page, file, line, column, 0, 0, "{0}", text);
            }
            else
            {
                log.LogError(null, problem.Code, null, page, file, line, column, 0, 0, "{0}", text);
            }
        }
    }

    private static string FindPages(string folder)
    {
        const string Pages = "docs/problems/";
        var package = folder;
        while (Path.GetDirectoryName(package) is { } above && !Directory.Exists(Path.Combine(package, Pages)))
        {
            package = above;
        }

        return Path.Combine(package, Pages);
    }

    /// <summary>
    /// Lines with nothing of ours between them. They are one message, so that nothing of anybody else's is between them either; where a service
    /// can, and it is wanted, they fold.
    /// </summary>
    public void Together(string title, IReadOnlyCollection<string> lines, bool folds)
    {
        var text = Shown(string.Join('\n', lines));
        switch (folds ? _service : BuildService.None)
        {
            case BuildService.GitHubActions:
                Log(MessageImportance.High, $"{_service.BeginGroup(Secrets.Mask(title))}\n{text}\n{_service.EndGroup()}");
                break;

            case BuildService.AzurePipelines:
                // Its commands must be at the very start of a line, and MSBuild indents all but what has a file to name.
                lock (_together)
                {
                    log.LogMessage(null, null, null, _service.BeginGroup(Secrets.Mask(title)), 0, 0, 0, 0, MessageImportance.High, "{0}", lines.Count == 1 ? "1 line" : $"{lines.Count} lines");
                    Log(MessageImportance.High, text);
                    log.LogMessage(null, null, null, _service.EndGroup(), 0, 0, 0, 0, MessageImportance.High, "");
                }

                break;

            default:
                Log(MessageImportance.High, text);
                break;
        }
    }

    /// <summary>An event of a kind that some logger knows; for all others a line.</summary>
    public void Extended(string type, string line, Dictionary<string, string?>? metadata = null)
    {
        foreach (var name in metadata?.Keys.ToArray() ?? [])
        {
            metadata![name] = Shown(metadata[name]!);
        }

        lock (_together)
        {
            engine.LogMessageEvent(new ExtendedBuildMessageEventArgs(type, Shown(line), null, null, MessageImportance.High) { ExtendedMetadata = metadata });
        }
    }

    public void High(string line) => Log(MessageImportance.High, Shown(line));

    /// <summary>A line that carries facts, for loggers that keep them: the binary log, and whoever reads that.</summary>
    /// <param name="type">What tells these facts from others.</param>
    public void WithFacts(MessageImportance importance, string type, Func<string> line, Func<Dictionary<string, string?>> facts)
    {
        if (!log.LogsMessagesOfImportance(importance))
        {
            return;
        }

        // A task host drops an event that carries something (dotnet/msbuild, OutOfProcTaskHostNode.LogMessageEvent), and with it the line.
        if (engine.GetType().Name == "OutOfProcTaskHostNode")
        {
            Log(importance, Shown(line()));
            return;
        }

        var shown = facts();
        foreach (var name in shown.Keys)
        {
            shown[name] = Secrets.Mask(shown[name]!);
        }

        lock (_together)
        {
            engine.LogMessageEvent(new ExtendedBuildMessageEventArgs(type, Shown(line()), helpKeyword: null, senderName: null, importance) { ExtendedMetadata = shown });
        }
    }

    public void Normal(string line) => Log(MessageImportance.Normal, Shown(line));

    private string Shown(string text) => _service.WithoutCommands(Secrets.Mask(WithoutEscapes(text)));

    /// <summary>Names may have in them what moves a cursor, and a terminal obeys that wherever it stands. It is taken out, as out of what scripts print.</summary>
    private static string WithoutEscapes(string text) =>
        text.AsSpan().ContainsAny('\e', '\u009b') ? string.Join('\n', text.Split('\n').Select(TerminalText.Clean)) : text;

    private void Log(MessageImportance importance, string text)
    {
        lock (_together)
        {
            log.LogMessage(importance, "{0}", text);
        }
    }
}
