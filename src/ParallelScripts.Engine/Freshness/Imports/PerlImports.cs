namespace ParallelScripts;

/// <summary>
/// Perl's <c>require "./x.pl"</c> and <c>do "./x.pl"</c>. Modules (<c>use X</c>) are looked for in <c>@INC</c>, which a
/// program may change as it runs; they are not followed.
/// </summary>
internal static class PerlImports
{
    private static readonly string[] _scriptFolder = ["$FindBin::Bin/", "${FindBin::Bin}/", "$FindBin::RealBin/", "${FindBin::RealBin}/", "$Bin/", "$RealBin/"];

    public static List<string> Scan(string text)
    {
        var found = new List<string>();
        if (!text.Contains("require", StringComparison.Ordinal) && !text.Contains("do", StringComparison.Ordinal))
        {
            return found;
        }

        var source = new SourceReader(text);
        while (!source.AtEnd)
        {
            switch (source.Current)
            {
                case '\n':
                    source.Position++;
                    source.SkipHereDocuments();
                    break;

                // `$#list` is a number, and so is `$#{$list}`.
                case '#' when source.Previous != '$':
                    source.SkipLine();
                    break;

                case '=' when source.AtLineStart && char.IsAsciiLetter(source.Next):
                    source.SkipPast("\n=cut");
                    break;

                case '_' when source.AtLineStart && (source.TryTakeWord("__END__") || source.TryTakeWord("__DATA__")):
                    return found;

                case '<' when source.TryTake("<<"):
                    ReadHereDocument(source);
                    break;

                case '"' or '\'' or '`':
                    source.SkipString();
                    break;

                case var c when SourceReader.IsWord(c):
                    // `$do`, `%do`, `$object->do(…)` are somebody's own.
                    var isOther = source.Previous is '$' or '@' or '%' or '&' or '>';
                    if (source.ReadWord() is "require" or "do" && !isOther && Read(source) is { } import)
                    {
                        found.Add(import);
                    }

                    break;

                default:
                    source.Position++;
                    break;
            }
        }

        return found;
    }

    private static string? Read(SourceReader source)
    {
        source.SkipBlanks();
        source.TryTake('(');
        source.SkipBlanks();
        var isPlain = source.Current == '\'';
        if (source.Current is not ('"' or '\'') || source.ReadLiteral() is not { Length: > 0 } path)
        {
            return null;
        }

        // A dot joins it with something that we do not know.
        source.SkipBlanks();
        if (source.Current == '.')
        {
            return null;
        }

        var from = PathImports.Working;
        if (!isPlain && Array.Find(_scriptFolder, known => path.StartsWith(known, StringComparison.Ordinal)) is { } folder)
        {
            from = PathImports.Script;
            path = path[folder.Length..];
        }

        return isPlain || !path.AsSpan().ContainsAny('$', '@') ? from + PathImports.Tidy(path) : null;
    }

    private static void ReadHereDocument(SourceReader source)
    {
        var indented = source.TryTake('~');
        var end = source.Current is '"' or '\'' ? source.ReadLiteral() : source.ReadWord().ToString();
        if (!string.IsNullOrEmpty(end))
        {
            source.ExpectHereDocument(end, indented);
        }
    }
}
