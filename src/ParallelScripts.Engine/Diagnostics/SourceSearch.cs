using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// Finds the line that R does not tell: the only one of a script that holds the source, the text, the name or the call that the
/// message is about. Where several could be meant, none is taken.
/// </summary>
internal static partial class SourceSearch
{
    /// <summary>A longer script is not searched.</summary>
    private const int MostLines = 20_000;

    private const int ShortestText = 4;

    /// <summary>The line, counted from 1; 0 if it is not clear which.</summary>
    public static int LineOf(SourceClue clue, IReadOnlyList<string> source)
    {
        if (source.Count > MostLines)
        {
            return 0;
        }

        var lines = source.Select(WithoutSpace).ToArray();
        if (clue.Source.Count > 0)
        {
            return Behind(clue.Source, lines);
        }

        if (Only(lines, i => Says(source[i], clue.Message)) is var text and > 0)
        {
            return text;
        }

        if (MissingName().Match(clue.Message) is { Success: true } missing && Only(lines, i => HasWord(source[i], missing.Groups[1].Value)) is var name and > 0)
        {
            return name;
        }

        var call = WithoutSpace(clue.Call);
        return call.Length < ShortestText ? 0 : Only(lines, i => lines[i].Contains(call, StringComparison.Ordinal));
    }

    /// <summary>The files that a script loads by name, as it names them.</summary>
    public static IEnumerable<string> Loaded(IReadOnlyList<string> source) =>
        source.Take(MostLines).Select(line => Loading().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).Take(20);

    private static int Behind(IReadOnlyList<string> shown, string[] lines)
    {
        var wanted = shown.Select(WithoutSpace).ToArray();
        var found = 0;
        for (var start = 0; start + wanted.Length <= lines.Length; start++)
        {
            // The last line is shown up to the mistake.
            if (wanted.Select((line, i) => i == wanted.Length - 1 ? lines[start + i].StartsWith(line, StringComparison.Ordinal) : lines[start + i] == line).All(same => same))
            {
                if (found > 0)
                {
                    return 0;
                }

                found = start + wanted.Length;
            }
        }

        return found;
    }

    private static int Only(string[] lines, Func<int, bool> holds)
    {
        var found = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > 0 && lines[i][0] != '#' && holds(i))
            {
                if (found > 0)
                {
                    return 0;
                }

                found = i + 1;
            }
        }

        return found;
    }

    /// <summary>Whether the line gives out this message: <c>stop("there is no ", path)</c> says <c>there is no survey.csv</c>.</summary>
    private static bool Says(string line, string message) =>
        Saying().Match(line) is { Success: true } said && said.Groups[1].Length >= ShortestText && message.StartsWith(said.Groups[1].Value, StringComparison.Ordinal);

    private static bool HasWord(string line, string word)
    {
        for (var i = line.IndexOf(word, StringComparison.Ordinal); i >= 0; i = line.IndexOf(word, i + 1, StringComparison.Ordinal))
        {
            if ((i == 0 || !IsWord(line[i - 1])) && (i + word.Length == line.Length || !IsWord(line[i + word.Length])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '.';

    private static string WithoutSpace(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    [GeneratedRegex("""^[^#]*\bsource\(\s*["']([^"']+)["']""")]
    private static partial Regex Loading();

    [GeneratedRegex("""\b(?:stop|warning|abort|warn)\(\s*["']((?:[^"'\\]|'[^"'\\]*')+)""")]
    private static partial Regex Saying();

    [GeneratedRegex("""^(?:object|could not find function|there is no package called) ["'‘“]([^"'’”]+)["'’”]""")]
    private static partial Regex MissingName();
}
