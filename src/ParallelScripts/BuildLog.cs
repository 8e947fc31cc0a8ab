using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace ParallelScripts.Tasks;

/// <summary>The build log, as far as we write to it: problems with their place and page, and lines.</summary>
internal sealed class BuildLog(TaskLoggingHelper log)
{
    // The pages travel with the package, so that they are there without a network and speak of this very version.
    private static readonly string _pages = FindPages(Path.GetDirectoryName(typeof(BuildLog).Assembly.Location)!);

    // With no file, MSBuild would blame our own .targets; the person wants the project that declares the script.
    public void Problem(Problem problem)
    {
        // What a script passed on from another tool has no page of ours.
        var page = problem.Code.StartsWith("PSCR", StringComparison.Ordinal) ? new Uri(Path.Combine(_pages, problem.Code + ".md")).AbsoluteUri : null;
        var (file, line, column) = (problem.Place.File, problem.Place.Line, problem.Place.Column);
        if (problem.IsWarning)
        {
            log.LogWarning(null, problem.Code, null, page, file, line, column, 0, 0, "{0}", problem);
        }
        else
        {
            log.LogError(null, problem.Code, null, page, file, line, column, 0, 0, "{0}", problem);
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

    public void High(string line) => log.LogMessage(MessageImportance.High, "{0}", line);

    public void Low(Func<string> line)
    {
        if (log.LogsMessagesOfImportance(MessageImportance.Low))
        {
            log.LogMessage(MessageImportance.Low, "{0}", line());
        }
    }

    public void Normal(string line) => log.LogMessage(MessageImportance.Normal, "{0}", line);
}
