using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// Shells: <c>fit.sh: line 3: frobnicate: command not found</c> (bash, ksh), <c>fit.sh: 3: frobnicate: not found</c> (dash). They
/// often go on after it; so it is an error only if the script fails.
/// </summary>
internal sealed partial class ShellReader(Printed printed, string? script) : OutputReader(printed)
{
    private static readonly string[] _extensions = [".sh", ".bash", ".ksh", ".zsh", ".dash"];
    private static readonly string[] _shells = ["sh", "bash", "dash", "ksh", "zsh"];

    public override void Read(string line)
    {
        if (!line.Contains(": ", StringComparison.Ordinal) || line[0] == ' ' || ErrorLine().Match(line) is not { Success: true } match)
        {
            return;
        }

        var (file, text) = (match.Groups[1].Value, match.Groups[3].Value);

        // The second line of a syntax error shows the source.
        if (text.StartsWith('`') || !(IsShell(file) || (script is not null && Path.GetFileName(script) == Path.GetFileName(file) && Path.GetExtension(file) == "")))
        {
            return;
        }

        // "4711 Killed   python3 fit.py" is how bash tells that a signal ended what it waited for.
        var killed = KilledLine().Match(text);
        var error = new PrintedError(killed.Success ? $"{killed.Groups[1].Value}: {killed.Groups[2].Value}" : text, Certainty.Likely);
        error.AddFrame(new Frame(file, Number(match.Groups[2].ValueSpan)));
        Printed.Add(error);
    }

    private static bool IsShell(string file) =>
        _extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase) || _shells.Contains(Path.GetFileName(file), StringComparer.Ordinal);

    [GeneratedRegex(@"^\d+ (\S.{0,60}?) {2,}(\S.*)$")]
    private static partial Regex KilledLine();

    [GeneratedRegex(@"^([^:\s][^:]*(?::\\[^:]*)?): (?:line )?(\d{1,7}): {1,5}(\S.*)$")]
    private static partial Regex ErrorLine();
}
