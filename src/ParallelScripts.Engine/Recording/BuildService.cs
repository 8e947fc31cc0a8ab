using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>A service that runs builds, and takes some of what they print for commands.</summary>
internal enum BuildService
{
    /// <summary>None that we know.</summary>
    None,

    /// <summary>GitHub Actions.</summary>
    GitHubActions,

    /// <summary>Azure Pipelines.</summary>
    AzurePipelines,
}

/// <summary>
/// The commands of these services, as far as we give them or must not. GitHub obeys <c>::command::</c> at the start of a line, behind any white space, and
/// <c>##[command]</c> anywhere in it; Azure <c>##vso[command]</c> anywhere, and <c>##[group]</c> at the very start.
/// See ActionCommand.cs in github.com/actions/runner and Command.cs in github.com/microsoft/azure-pipelines-agent.
/// </summary>
internal static partial class BuildServices
{
    public static BuildService Of(Func<string, string?> environment) =>
        IsTrue(environment("GITHUB_ACTIONS")) ? BuildService.GitHubActions
        : IsTrue(environment("TF_BUILD")) ? BuildService.AzurePipelines
        : BuildService.None;

    /// <summary>The text, in which nothing is a command any more: a space makes each of them mere text.</summary>
    public static string WithoutCommands(this BuildService service, string text) => service switch
    {
        BuildService.GitHubActions => ColonCommand().Replace(text.Replace("##[", "## [", StringComparison.Ordinal), "$1 "),
        BuildService.AzurePipelines => AzureCommand().Replace(text, "## $1"),
        _ => text,
    };

    /// <summary>Begins a group of lines that folds; null where nothing folds.</summary>
    public static string? BeginGroup(this BuildService service, string name) => service switch
    {
        // The service undoes this escaping; a name is clean of line ends.
        BuildService.GitHubActions => $"::group::{TerminalText.Clean(name).Replace("%", "%25", StringComparison.Ordinal)}",
        BuildService.AzurePipelines => $"##[group]{TerminalText.Clean(name)}",
        _ => null,
    };

    /// <summary>Ends it.</summary>
    public static string? EndGroup(this BuildService service) => service switch
    {
        BuildService.GitHubActions => "::endgroup::",
        BuildService.AzurePipelines => "##[endgroup]",
        _ => null,
    };

    private static bool IsTrue(string? value) => "true".Equals(value, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"(?<=^\s*)(:)(?=:)", RegexOptions.Multiline)]
    private static partial Regex ColonCommand();

    [GeneratedRegex(@"##(vso\[|\[)", RegexOptions.IgnoreCase)]
    private static partial Regex AzureCommand();
}
