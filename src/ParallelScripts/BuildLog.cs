using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace ParallelScripts.Tasks;

/// <summary>The build log, as far as we write to it: problems with their place and page, and lines.</summary>
internal sealed class BuildLog(TaskLoggingHelper log)
{
    // The pages travel with the package, so that they are there without a network and speak of this very version.
    private static readonly string _pages = Path.GetFullPath("../../docs/problems/", Path.GetDirectoryName(typeof(BuildLog).Assembly.Location)!);

    // With no file, MSBuild would blame our own .targets; the person wants the project that declares the script.
    public void Error(Problem problem) => log.LogError(
        subcategory: null,
        problem.Code,
        helpKeyword: null,
        new Uri(Path.Combine(_pages, problem.Code + ".md")).AbsoluteUri,
        problem.Place.File,
        problem.Place.Line,
        problem.Place.Column,
        0,
        0,
        "{0}",
        problem);

    public void High(string line) => log.LogMessage(MessageImportance.High, "{0}", line);

    public void Normal(string line) => log.LogMessage(MessageImportance.Normal, "{0}", line);
}
