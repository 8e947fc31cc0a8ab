namespace ParallelScripts;

/// <summary>
/// R's <c>source("x.R")</c>, its sister <c>sys.source</c> and Rcpp's <c>sourceCpp</c>, with a path that is written out,
/// be it in pieces: <c>here::here("lib", "x.R")</c>, <c>file.path("lib", "x.R")</c>.
/// </summary>
internal static class RImports
{
    public static List<string> Scan(string text)
    {
        var found = new List<string>();
        if (!text.Contains("source", StringComparison.Ordinal))
        {
            return found;
        }

        var source = new SourceReader(text);
        while (!source.AtEnd)
        {
            if (TrySkip(source))
            {
                continue;
            }

            if (!SourceReader.IsWord(source.Current))
            {
                source.Position++;
            }
            else if (source.ReadWord('.') is "source" or "sys.source" or "sourceCpp" && ReadFile(source) is { } import)
            {
                found.Add(import);
            }
        }

        return found;
    }

    /// <summary>The argument called <c>file</c>, or else the first one.</summary>
    private static string? ReadFile(SourceReader source)
    {
        SkipBetween(source);
        if (!source.TryTake('('))
        {
            return null;
        }

        do
        {
            SkipBetween(source);
            if (TryReadName(source) is null or "file")
            {
                var path = ReadPath(source);
                SkipBetween(source);

                // Anything else, such as an operator, makes it another path. An address is none.
                return source.Current is ',' or ')' && path?.Contains("://") == false ? path : null;
            }

            SkipArgument(source);
        }
        while (source.TryTake(','));

        return null;
    }

    /// <summary>The name of an argument that is given by name.</summary>
    private static string? TryReadName(SourceReader source)
    {
        var start = source.Position;
        var name = source.ReadWord('.').ToString();
        SkipBetween(source);
        if (name.Length > 0 && source.Current == '=' && source.Next != '=')
        {
            source.Position++;
            SkipBetween(source);
            return name;
        }

        source.Position = start;
        return null;
    }

    private static string? ReadPath(SourceReader source)
    {
        if (source.Current is '"' or '\'')
        {
            return source.ReadLiteral() is { Length: > 0 } literal ? PathImports.Working + PathImports.Tidy(literal) : null;
        }

        return TryTakeHere(source) ? ReadPieces(source, PathImports.Project)
            : source.TryTakeWord("file.path") ? ReadPieces(source, PathImports.Working)
            : null;
    }

    private static bool TryTakeHere(SourceReader source) => source.TryTake("here::here") || source.TryTakeWord("here");

    /// <summary>Joins <c>("lib", "x.R")</c>. The first piece of <c>file.path</c> may be a <c>here()</c>.</summary>
    private static string? ReadPieces(SourceReader source, string from)
    {
        var pieces = new List<string>();
        SkipBetween(source);
        if (!source.TryTake('('))
        {
            return null;
        }

        SkipBetween(source);
        if (from != PathImports.Project && TryTakeHere(source))
        {
            if (ReadPieces(source, PathImports.Project) is not { } start)
            {
                return null;
            }

            from = PathImports.Project;
            pieces.Add("./" + start[from.Length..]);
            SkipBetween(source);
            source.TryTake(',');
        }

        do
        {
            SkipBetween(source);
            if (source.Current is '"' or '\'' && source.ReadLiteral() is { } literal)
            {
                pieces.Add(literal);
                SkipBetween(source);
            }
        }
        while (source.TryTake(','));

        return source.TryTake(')') ? from + PathImports.Tidy(string.Join('/', pieces)) : null;
    }

    /// <summary>To the comma or parenthesis that ends an argument.</summary>
    private static void SkipArgument(SourceReader source)
    {
        var open = 0;
        while (!source.AtEnd && (open > 0 || source.Current is not (',' or ')')))
        {
            if (!TrySkip(source))
            {
                open += source.Current is '(' or '[' or '{' ? 1 : source.Current is ')' or ']' or '}' ? -1 : 0;
                source.Position++;
            }
        }
    }

    private static void SkipBetween(SourceReader source)
    {
        source.SkipWhiteSpace();
        while (source.Current == '#')
        {
            source.SkipLine();
            source.SkipWhiteSpace();
        }
    }

    /// <summary>Over a comment or a string, if there is one here.</summary>
    private static bool TrySkip(SourceReader source)
    {
        switch (source.Current)
        {
            case '#':
                source.SkipLine();
                return true;

            case '"' or '\'' or '`':
                source.SkipString(acrossLines: true);
                return true;

            case 'r' or 'R' when source.Next is '"' or '\'' && !SourceReader.IsWord(source.Previous):
                SkipRawString(source);
                return true;

            default:
                return false;
        }
    }

    /// <summary><c>r"(…)"</c>, <c>R'---[…]---'</c>: nothing in it has a meaning but its end.</summary>
    private static void SkipRawString(SourceReader source)
    {
        var start = source.Position++;
        var quote = source.Current;
        source.Position++;
        var dashes = 0;
        while (source.TryTake('-'))
        {
            dashes++;
        }

        var close = source.Current switch { '(' => ')', '[' => ']', '{' => '}', _ => '\0' };
        if (close == '\0')
        {
            source.Position = start + 1;
            source.SkipString(acrossLines: true);
            return;
        }

        source.SkipPast($"{close}{new string('-', dashes)}{quote}");
    }
}
