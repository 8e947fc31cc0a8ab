using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>
/// Which warnings the project takes for errors. MSBuild answers for <c>WarningsAsErrors</c> and <c>-warnaserror</c>; what
/// <c>TreatWarningsAsErrors</c> means is left to each task, and to us it means what it means to the compiler.
/// </summary>
internal sealed class WarningsAsErrors(IBuildEngine engine, string treatAll, string notAsErrors, string noWarn)
{
    private readonly bool _all = bool.TryParse(treatAll, out var all) && all;
    private readonly HashSet<string> _excepted = new(Codes(notAsErrors).Concat(Codes(noWarn)), StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _silent = Codes(noWarn);

    public bool Contains(string code) =>
        !_silent.Contains(code) && ((engine as IBuildEngine8)?.ShouldTreatWarningAsError(code) == true || (_all && !_excepted.Contains(code)));

    private static HashSet<string> Codes(string list) =>
        new(list.Split([';', ',', ' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);
}
