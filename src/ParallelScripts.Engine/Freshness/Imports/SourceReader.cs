using System.Text;

namespace ParallelScripts;

/// <summary>
/// Walks through source text from left to right: the steps that the scanners of all languages are made of. What is a
/// comment or a string differs from language to language and is said by each of them.
/// </summary>
internal sealed class SourceReader(string text)
{
    private readonly Queue<(string End, bool Indented)> _hereDocuments = new();
    private readonly HashSet<(string End, bool Indented)> _endless = [];

    /// <summary>Never behind the end, so that a step over two characters may be taken where there is one.</summary>
    public int Position { get; set => field = Math.Min(value, text.Length); }

    public bool AtEnd => Position == text.Length;

    /// <summary>Whether a line begins here.</summary>
    public bool AtLineStart => Position == 0 || text[Position - 1] == '\n';

    public char Current => Position < text.Length ? text[Position] : '\0';

    public char Next => Position + 1 < text.Length ? text[Position + 1] : '\0';

    public char Previous => Before(1);

    /// <summary>The character that many before the current one; a newline where there is none.</summary>
    public char Before(int count) => Position >= count ? text[Position - count] : '\n';

    /// <summary>What names are made of in every language here; some have a character more.</summary>
    public static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_' || (c > 127 && char.IsLetterOrDigit(c));

    public ReadOnlySpan<char> Rest => text.AsSpan(Position);

    public bool At(string expected) => Rest.StartsWith(expected);

    public bool TryTake(char expected)
    {
        if (Current != expected || AtEnd)
        {
            return false;
        }

        Position++;
        return true;
    }

    public bool TryTake(string expected)
    {
        if (!At(expected))
        {
            return false;
        }

        Position += expected.Length;
        return true;
    }

    /// <summary>Takes a word if it is here as a whole.</summary>
    public bool TryTakeWord(string expected)
    {
        if (!At(expected) || (Position + expected.Length < text.Length && IsWord(text[Position + expected.Length])))
        {
            return false;
        }

        Position += expected.Length;
        return true;
    }

    /// <summary>The word that begins here, which may be empty.</summary>
    /// <param name="also">One more character that the language has in its words.</param>
    public ReadOnlySpan<char> ReadWord(char also = '_')
    {
        var start = Position;
        while (Position < text.Length && (IsWord(text[Position]) || text[Position] == also))
        {
            Position++;
        }

        return text.AsSpan(start, Position - start);
    }

    /// <summary>What is here up to one of these characters or the end.</summary>
    public ReadOnlySpan<char> ReadUntil(ReadOnlySpan<char> ends)
    {
        var rest = text.AsSpan(Position);
        var length = rest.IndexOfAny(ends);
        var read = length < 0 ? rest : rest[..length];
        Position += read.Length;
        return read;
    }

    /// <summary>
    /// What stands between the quotes that begin here; null, and nowhere further, if they do not end on this line, or if
    /// an escape stands for something else than the character after it.
    /// </summary>
    public string? ReadLiteral(char escape = '\\')
    {
        var quote = Current;
        var literal = new StringBuilder();
        for (var i = Position + 1; i < text.Length && text[i] != '\n'; i++)
        {
            if (text[i] == quote)
            {
                Position = i + 1;
                return literal.ToString();
            }

            if (text[i] == escape && (++i == text.Length || text[i] == '\n' || IsWord(text[i])))
            {
                return null;
            }

            literal.Append(text[i]);
        }

        return null;
    }

    public void SkipBlanks()
    {
        while (Current is ' ' or '\t')
        {
            Position++;
        }
    }

    public void SkipWhiteSpace()
    {
        while (Position < text.Length && char.IsWhiteSpace(text[Position]))
        {
            Position++;
        }
    }

    /// <summary>To the end of the line, and not over it.</summary>
    public void SkipLine()
    {
        var length = text.AsSpan(Position).IndexOf('\n');
        Position = length < 0 ? text.Length : Position + length;
    }

    /// <summary>Behind the next such end, or to the end of the text.</summary>
    public void SkipPast(string end)
    {
        var length = text.AsSpan(Position).IndexOf(end);
        Position = length < 0 ? text.Length : Position + length + end.Length;
    }

    /// <summary>The same, where a backslash takes its meaning from the character after it.</summary>
    public void SkipPastUnescaped(string end)
    {
        while (!AtEnd)
        {
            var length = text.AsSpan(Position).IndexOfAny(end[0], '\\');
            if (length < 0)
            {
                Position = text.Length;
                return;
            }

            Position += length;
            if (text[Position] == '\\')
            {
                Position += 2;
            }
            else if (TryTake(end))
            {
                return;
            }
            else
            {
                Position++;
            }
        }
    }

    /// <summary>Over the string that begins here.</summary>
    /// <param name="acrossLines">
    /// Without it a string ends with its line at the latest. Where the rules of a language are too many to follow them
    /// all, a quote that we misread then costs the rest of a line, and not the rest of the file.
    /// </param>
    public void SkipString(char escape = '\\', bool acrossLines = false)
    {
        var quote = text[Position++];
        while (!AtEnd)
        {
            var length = text.AsSpan(Position).IndexOfAny(quote, escape, acrossLines ? quote : '\n');
            if (length < 0)
            {
                Position = text.Length;
                return;
            }

            Position += length;
            if (text[Position] == escape)
            {
                Position += Next == '\r' ? 3 : 2;
            }
            else
            {
                Position += text[Position] == quote ? 1 : 0;
                return;
            }
        }
    }

    /// <summary>Says that the lines after this one are text, up to the line that is this word.</summary>
    public void ExpectHereDocument(string end, bool indented) => _hereDocuments.Enqueue((end, indented));

    /// <summary>
    /// At the beginning of a line: over the texts that were expected. One that does not end was none: <c>1 &lt;&lt; 2</c>
    /// in a place where we do not recognise arithmetic.
    /// </summary>
    public void SkipHereDocuments()
    {
        while (_hereDocuments.TryDequeue(out var document))
        {
            // What does not end from here on does not end from further down either.
            if (!_endless.Contains(document) && !TrySkipHereDocument(document.End, document.Indented))
            {
                _endless.Add(document);
            }
        }
    }

    private bool TrySkipHereDocument(string end, bool indented)
    {
        for (var start = Position; start < text.Length;)
        {
            var length = text.AsSpan(start).IndexOf('\n');
            var line = length < 0 ? text.AsSpan(start) : text.AsSpan(start, length);
            start += line.Length + 1;
            if ((indented ? line.Trim() : line.TrimEnd('\r')).SequenceEqual(end))
            {
                Position = start;
                return true;
            }
        }

        return false;
    }
}
