using System.Text;
using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>Text that was meant for a terminal, made fit for a log: what would move a cursor, colour or ring is taken out.</summary>
internal static partial class TerminalText
{
    /// <summary>
    /// Takes out escape sequences (ECMA-48: CSI and OSC, and the two-character ones) and control characters, and of a line
    /// that redraws itself with carriage returns keeps the last state.
    /// </summary>
    public static string Clean(string line)
    {
        var plain = EscapeSequence().Replace(line, "");
        if (plain.TrimEnd('\r').LastIndexOf('\r') is var redrawn and >= 0)
        {
            plain = plain.TrimEnd('\r')[(redrawn + 1)..];
        }

        var clean = new StringBuilder(plain.Length);
        foreach (var c in plain)
        {
            if (c == '\t' || !char.IsControl(c))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    [GeneratedRegex(@"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_=>78])")]
    private static partial Regex EscapeSequence();
}
