using System.Text;

namespace ParallelScripts;

/// <summary>
/// Splits a line of words into arguments, the same on every system: white space separates, <c>"…"</c> and <c>'…'</c> keep
/// together, and inside double quotes <c>\"</c> is a quote and <c>\\</c> a backslash. Everything else, a backslash and a
/// dollar sign included, is what it is: no shell reads it.
/// </summary>
public static class CommandLine
{
    /// <summary>Splits, or gives null when a quote is not closed.</summary>
    public static IReadOnlyList<string>? TrySplit(string line)
    {
        if (line == "")
        {
            return [];
        }

        var arguments = new List<string>();
        var argument = new StringBuilder();
        var inArgument = false;
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (inArgument)
                {
                    arguments.Add(argument.ToString());
                    argument.Clear();
                    inArgument = false;
                }
            }
            else if (quote == '\0' && (c is '"' or '\''))
            {
                quote = c;
                inArgument = true;
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '"' && c == '\\' && i + 1 < line.Length && (line[i + 1] is '"' or '\\'))
            {
                argument.Append(line[++i]);
            }
            else
            {
                argument.Append(c);
                inArgument = true;
            }
        }

        if (inArgument)
        {
            arguments.Add(argument.ToString());
        }

        return quote == '\0' ? arguments : null;
    }

    /// <summary>The arguments as a person would type them into a POSIX shell; to show, not to run.</summary>
    public static string Show(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(ShowOne));

    private static string ShowOne(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || "_-./:=,+@%\\".Contains(c))
            ? argument
            : $"'{argument.Replace("'", "'\\''")}'";
}
