using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// People's words in Markdown as GitHub reads it: always as code, where nothing is a link, a mention or HTML. See https://github.github.com/gfm/.
/// </summary>
internal static partial class MarkdownText
{
    /// <summary>In a line of text.</summary>
    public static string Code(string text)
    {
        var shown = VisibleText.Of(text);
        var fence = new string('`', LongestRun(shown) + 1);

        // One space on each side is taken off again, so that a backtick at the end is not part of the fence.
        var space = shown == "" || shown[0] is '`' or ' ' || shown[^1] is '`' or ' ' ? " " : "";
        return $"{fence}{space}{shown}{space}{fence}";
    }

    /// <summary>In a cell of a table, where <c>|</c> ends it even in code.</summary>
    public static string Cell(string text) => Code(text).Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>Lines of their own.</summary>
    public static string Block(string text)
    {
        var shown = string.Join('\n', text.Split('\n').Select(line => VisibleText.Of(line.Replace("\t", "    ", StringComparison.Ordinal))));
        var fence = new string('`', Math.Max(3, LongestRun(shown) + 1));
        return $"{fence}text\n{shown}\n{fence}";
    }

    private static int LongestRun(string text) => Backticks().Matches(text).Select(run => run.Length).DefaultIfEmpty(0).Max();

    [GeneratedRegex("`+")]
    private static partial Regex Backticks();
}
