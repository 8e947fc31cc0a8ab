namespace ParallelScripts;

/// <summary>
/// What a <c>dotnet build</c> inside a script leaves running to be quicker next time. It ends with the script, as everything does; so that no
/// other script meanwhile builds in one that is about to end, MSBuild's are not left in the first place.
/// </summary>
internal static class BuildServers
{
    private const string DisableNodeReuse = "MSBUILDDISABLENODEREUSE";

    /// <summary>What scripts inherit: unless somebody decided otherwise, a build in a script keeps no nodes for the next one.</summary>
    public static IReadOnlyDictionary<string, string> Without(IReadOnlyDictionary<string, string> environment) =>
        environment.ContainsKey(DisableNodeReuse) ? environment : new Dictionary<string, string>(environment) { [DisableNodeReuse] = "1" };

    /// <summary>Whether a command line is that of one. Nobody forgot it: there is nothing to warn of.</summary>
    public static bool IsOne(string command) =>
        command.Contains("VBCSCompiler", StringComparison.Ordinal)
        || command.Contains("/nodemode:", StringComparison.OrdinalIgnoreCase)
        || command.Contains("rzc.dll server", StringComparison.Ordinal);
}
