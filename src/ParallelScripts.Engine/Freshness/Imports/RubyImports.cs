namespace ParallelScripts;

/// <summary>
/// Ruby's <c>require_relative "x"</c>, and <c>require</c> and <c>load</c> of a path; <c>require "x"</c> is for gems.
/// </summary>
internal static class RubyImports
{
    public static List<string> Scan(string text)
    {
        var found = new List<string>();
        if (!text.Contains("require", StringComparison.Ordinal) && !text.Contains("load", StringComparison.Ordinal))
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

                case '#':
                    source.SkipLine();
                    break;

                case '=' when source.AtLineStart && source.At("=begin"):
                    source.SkipPast("\n=end");
                    break;

                case '_' when source.AtLineStart && source.TryTakeWord("__END__"):
                    return found;

                case '<' when source.TryTake("<<"):
                    ReadHereDocument(source);
                    break;

                case '"' or '\'' or '`':
                    source.SkipString();
                    break;

                case var c when SourceReader.IsWord(c):
                    var isMethod = source.Previous == '.';
                    var word = source.ReadWord();
                    if (!isMethod && word is "require_relative" or "require" or "load" && Read(source, word) is { } import)
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

    private static string? Read(SourceReader source, ReadOnlySpan<char> word)
    {
        source.SkipBlanks();
        source.TryTake('(');
        source.SkipBlanks();
        var isPlain = source.Current == '\'';
        if (source.Current is not ('"' or '\'') || source.ReadLiteral() is not { Length: > 0 } path)
        {
            return null;
        }

        var beside = word is "require_relative";
        if (!isPlain && path.StartsWith("#{__dir__}/", StringComparison.Ordinal))
        {
            beside = true;
            path = "." + path["#{__dir__}".Length..];
        }

        // A sum, or a value in the text, makes it a path that we do not know.
        source.SkipBlanks();
        if (source.Current == '+' || (!isPlain && path.Contains("#{")))
        {
            return null;
        }

        var isPath = path.StartsWith("./", StringComparison.Ordinal) || path.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(path);
        if (word is "require" && !isPath)
        {
            return null;
        }

        var file = word is "load" || path.EndsWith(".rb", StringComparison.Ordinal) ? path : path + ".rb";
        return (beside ? PathImports.Beside : PathImports.Working) + PathImports.Tidy(file);
    }

    /// <summary><c>&lt;&lt;~TEXT</c>. With a blank after it, <c>&lt;&lt;</c> appends or shifts.</summary>
    private static void ReadHereDocument(SourceReader source)
    {
        var indented = source.TryTake('~') || source.TryTake('-');
        var end = source.Current is '"' or '\'' or '`' ? source.ReadLiteral() : source.ReadWord().ToString();
        if (!string.IsNullOrEmpty(end))
        {
            source.ExpectHereDocument(end, indented);
        }
    }
}
