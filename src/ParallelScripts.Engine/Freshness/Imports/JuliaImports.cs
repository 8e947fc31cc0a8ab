namespace ParallelScripts;

/// <summary>
/// Julia's <c>include("x.jl")</c>, which starts from the file that says it, with a path that is written out, be it as
/// <c>joinpath(@__DIR__, "x.jl")</c>.
/// </summary>
internal static class JuliaImports
{
    private static readonly string[] _thisFolder = ["@__DIR__", "dirname(@__FILE__)"];

    public static List<string> Scan(string text)
    {
        var found = new List<string>();
        if (!text.Contains("include", StringComparison.Ordinal))
        {
            return found;
        }

        var source = new SourceReader(text);
        while (!source.AtEnd)
        {
            switch (source.Current)
            {
                case '#' when source.Next == '=':
                    SkipComment(source);
                    break;

                case '#':
                    source.SkipLine();
                    break;

                case '"' when source.TryTake("\"\"\""):
                    source.SkipPastUnescaped("\"\"\"");
                    break;

                case '"' or '`':
                    source.SkipString();
                    break;

                // After a value it transposes; elsewhere it is a character, such as '"'.
                case '\'' when !SourceReader.IsWord(source.Previous) && source.Previous is not (')' or ']' or '}' or '\'' or '.'):
                    source.SkipString();
                    break;

                case var c when SourceReader.IsWord(c):
                    if (source.ReadWord('!') is "include" or "includet" && ReadFile(source) is { } path)
                    {
                        found.Add(PathImports.Beside + PathImports.Tidy(path));
                    }

                    break;

                default:
                    source.Position++;
                    break;
            }
        }

        return found;
    }

    private static string? ReadFile(SourceReader source)
    {
        if (!source.TryTake('('))
        {
            return null;
        }

        // `Base.include(Main, "x.jl")`: the path comes second.
        source.SkipWhiteSpace();
        var start = source.Position;
        if (source.TryTake('@') | source.ReadWord('.').Length > 0)
        {
            source.SkipWhiteSpace();
            if (!source.TryTake(','))
            {
                source.Position = start;
            }
        }

        source.SkipWhiteSpace();
        var path = source.TryTake("joinpath(") ? ReadPieces(source) : ReadPiece(source);
        source.SkipWhiteSpace();
        return source.Current == ')' ? path : null;
    }

    private static string? ReadPieces(SourceReader source)
    {
        var pieces = new List<string>();
        do
        {
            source.SkipWhiteSpace();
            if (ReadPiece(source) is not { } piece)
            {
                return null;
            }

            pieces.Add(piece);
            source.SkipWhiteSpace();
        }
        while (source.TryTake(','));

        return source.TryTake(')') ? string.Join('/', pieces) : null;
    }

    private static string? ReadPiece(SourceReader source)
    {
        if (_thisFolder.Any(source.TryTake))
        {
            return ".";
        }

        if (source.Current != '"' || source.At("\"\"\"") || source.ReadLiteral() is not { Length: > 0 } text)
        {
            return null;
        }

        text = text.Replace("$(@__DIR__)", ".");
        return text.Contains('$') ? null : text;
    }

    /// <summary><c>#= … =#</c>, which may hold others.</summary>
    private static void SkipComment(SourceReader source)
    {
        var open = 0;
        do
        {
            source.ReadUntil("#=");
            if (source.TryTake("#="))
            {
                open++;
            }
            else if (source.TryTake("=#"))
            {
                open--;
            }
            else
            {
                source.Position++;
            }
        }
        while (open > 0 && !source.AtEnd);
    }
}
