using System.Text;
using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>Text that was meant for a terminal, made fit for a log: what would move a cursor, colour or ring is taken out.</summary>
internal static partial class TerminalText
{
    /// <summary>
    /// Takes out escape sequences (ECMA-48: CSI, OSC and the other strings, character sets, and the two-character ones), control
    /// characters, and what a backspace rubs out.
    /// </summary>
    public static string Clean(string line)
    {
        var clean = new StringBuilder(line.Length);
        foreach (var c in EscapeSequence().Replace(line, ""))
        {
            if (c == '\b' && clean.Length > 0)
            {
                clean.Length -= clean.Length > 1 && char.IsSurrogatePair(clean[^2], clean[^1]) ? 2 : 1;
            }
            else if (c == '\t' || !char.IsControl(c))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    /// <summary>Whether an escape sequence is all there, so that a line may be cut behind it.</summary>
    public static bool IsFinished(ReadOnlySpan<byte> escape)
    {
        var text = Encoding.Latin1.GetString(escape);
        return EscapeSequence().Match(text) is { Success: true } found && !Unfinished().IsMatch(found.Value);
    }

    // \u009b is CSI in one character.
    [GeneratedRegex(@"(?:\x1b\[|\u009b)[0-?]*[ -/]*[@-~]|\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]+[0-~]|[@-Z\\^_=>78])")]
    private static partial Regex EscapeSequence();

    /// <summary>A string without its end, of which the pattern above takes what there is.</summary>
    [GeneratedRegex(@"^\x1b[\]PX^_](?!.*(?:\x07|\x1b\\)$)", RegexOptions.Singleline)]
    private static partial Regex Unfinished();
}
