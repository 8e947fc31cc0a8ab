using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace ParallelScripts.Tasks;

/// <summary>The build log, as far as we write to it: problems with their place and page, and lines, all without secrets.</summary>
internal sealed class BuildLog(TaskLoggingHelper log)
{
    // The pages travel with the package, so that they are there without a network and speak of this very version.
    private static readonly string _pages = FindPages(Path.GetDirectoryName(typeof(BuildLog).Assembly.Location)!);

    /// <summary>What nothing that is written here may show.</summary>
    public Secrets Secrets { get; set; } = Secrets.None;

    // With no file, MSBuild would blame our own .targets; the person wants the project that declares the script.
    public void Problem(Problem problem)
    {
        var page = new Uri(Path.Combine(_pages, problem.Code + ".md")).AbsoluteUri;
        var (file, line, column) = (problem.Place.File, problem.Place.Line, problem.Place.Column);
        if (problem.IsWarning)
        {
            log.LogWarning(null, problem.Code, null, page, file, line, column, 0, 0, "{0}", Secrets.Mask(problem));
        }
        else
        {
            log.LogError(null, problem.Code, null, page, file, line, column, 0, 0, "{0}", Secrets.Mask(problem));
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

    public void High(string line) => log.LogMessage(MessageImportance.High, "{0}", Secrets.Mask(line));

    public void Low(Func<string> line)
    {
        if (log.LogsMessagesOfImportance(MessageImportance.Low))
        {
            log.LogMessage(MessageImportance.Low, "{0}", Secrets.Mask(line()));
        }
    }

    public void Normal(string line) => log.LogMessage(MessageImportance.Normal, "{0}", Secrets.Mask(line));
}
