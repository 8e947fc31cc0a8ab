using System.Buffers;
using System.Text;

namespace ParallelScripts;

/// <summary>Reads the words of a shell script, with what stands in for others in them: variables, <c>$(…)</c>, and the ways to cut a path.</summary>
/// <param name="source">Where they stand.</param>
/// <param name="readCommands">Reads the commands of a substitution to the character that ends it, and gives what they print.</param>
internal sealed class ShellWords(SourceReader source, Func<char, ShellValue?> readCommands)
{
    /// <summary>How deep <c>$(…)</c> is followed. Nobody writes ten; a file made to overflow our stack would.</summary>
    private const int Deepest = 50;

    private static readonly SearchValues<char> _notPlain = SearchValues.Create(" \t\r\n;&|()<>\"'\\$`");

    private int _depth;
    private bool _inBackquotes;

    /// <summary>What variables hold at this place; null for one that cannot be known.</summary>
    public Dictionary<string, ShellValue?> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>The next word that is not an option; null, and nowhere further, if the command ends before.</summary>
    public ShellValue? ReadArgument()
    {
        while (true)
        {
            source.SkipBlanks();
            if (source.TryTake("\\\n"))
            {
                continue;
            }

            if (source.AtEnd || IsEndOfWord())
            {
                return null;
            }

            if (source.Current != '-')
            {
                return ReadWord();
            }

            SkipWord();
        }
    }

    private bool IsEndOfWord() => source.Current is ' ' or '\t' or '\r' or '\n' or ';' or '&' or '|' or '(' or ')' or '<' or '>' || (_inBackquotes && source.Current == '`');

    /// <summary>Most words are plain and mean nothing to us.</summary>
    public void SkipWord()
    {
        var rest = source.Rest;
        var length = rest.IndexOfAny(_notPlain);
        source.Position += length < 0 ? rest.Length : length;
        if (!source.AtEnd && !IsEndOfWord())
        {
            ReadWord();
        }
    }

    /// <summary>A word with its quotes taken off; null if it cannot be known. Always goes on, if only to the end of an empty word.</summary>
    public ShellValue? ReadWord()
    {
        var word = new Word();
        while (!source.AtEnd && !IsEndOfWord())
        {
            switch (source.Current)
            {
                case '\'':
                    source.Position++;
                    foreach (var c in source.ReadUntil("'"))
                    {
                        word.Append(c);
                    }

                    source.TryTake('\'');
                    break;

                case '"':
                    source.Position++;
                    ReadQuoted(word);
                    break;

                case '\\':
                    source.Position++;
                    if (!source.TryTake('\n'))
                    {
                        word.Append(source.Current);
                        source.Position++;
                    }

                    break;

                case '$' when source.Next == '"':
                    source.Position++;
                    break;

                case '$' when source.Next == '\'':
                    source.Position++;
                    source.SkipString(acrossLines: true);
                    word.Append(null);
                    break;

                case '$' or '`':
                    word.Append(Expand());
                    break;

                default:
                    word.Append(source.Current);
                    source.Position++;
                    break;
            }
        }

        return word.Value;
    }

    /// <summary>From behind a double quote to behind the next.</summary>
    private void ReadQuoted(Word word)
    {
        while (!source.AtEnd && !source.TryTake('"'))
        {
            if (source.Current is '$' || (source.Current is '`' && !_inBackquotes))
            {
                word.Append(Expand());
            }
            else if (source.Current == '\\' && source.Next is '$' or '`' or '"' or '\\')
            {
                word.Append(source.Next);
                source.Position += 2;
            }
            else if (!source.TryTake("\\\n"))
            {
                word.Append(source.Current);
                source.Position++;
            }
        }
    }

    /// <summary>What begins with a dollar or a backquote.</summary>
    private ShellValue? Expand()
    {
        if (source.TryTake('`'))
        {
            return ReadSubstitution('`');
        }

        source.Position++;
        if (source.Current == '(' && source.Next == '(')
        {
            SkipParentheses();
            return null;
        }

        if (source.TryTake('('))
        {
            return ReadSubstitution(')');
        }

        if (source.TryTake('{'))
        {
            return ReadBraces();
        }

        if (source.TryTake('0'))
        {
            return ShellValue.StartedScript;
        }

        if (source.Current is '@' or '*' or '#' or '?' or '-' or '$' or '!' || char.IsAsciiDigit(source.Current))
        {
            source.Position++;
            return null;
        }

        var name = source.ReadWord();
        return name.Length == 0 ? new ShellValue("", "$") : ValueOf(name.ToString());
    }

    private ShellValue? ReadSubstitution(char end)
    {
        if (_depth == Deepest)
        {
            return null;
        }

        var inBackquotes = _inBackquotes;
        _inBackquotes = end == '`';
        _depth++;
        var printed = readCommands(end);
        _depth--;
        _inBackquotes = inBackquotes;
        source.TryTake(end);
        return printed;
    }

    /// <summary><c>${NAME}</c>, of which we know <c>${NAME%/*}</c>, <c>${NAME[0]}</c>, <c>${NAME:-…}</c> and zsh's <c>${0:A:h}</c>.</summary>
    private ShellValue? ReadBraces()
    {
        var name = source.ReadWord().ToString();
        var value = name == "0" ? ShellValue.StartedScript : ValueOf(name);
        if (!source.TryTake("[0]") && source.Current == '[')
        {
            value = null;
        }

        return ReadModifiers(value);
    }

    private ShellValue? ReadModifiers(ShellValue? value)
    {
        while (true)
        {
            if (source.TryTake('}'))
            {
                return value;
            }

            if (source.TryTake("%/*}"))
            {
                return value?.Parent;
            }

            if (source.TryTake(":h"))
            {
                value = value?.Parent;
            }
            else if (!source.TryTake(":A") && !source.TryTake(":a"))
            {
                var otherwise = source.At(":-") || source.At("-") || source.At(":?") || source.At("?");
                SkipBraces();
                return otherwise ? value : null;
            }
        }
    }

    private void SkipBraces()
    {
        if (_depth == Deepest)
        {
            return;
        }

        _depth++;
        while (!source.AtEnd && !source.TryTake('}'))
        {
            switch (source.Current)
            {
                case '\\':
                    source.Position += 2;
                    break;

                case '\'':
                    SkipSingleQuotes();
                    break;

                case '"':
                    source.Position++;
                    ReadQuoted(new Word());
                    break;

                case '$' or '`':
                    Expand();
                    break;

                default:
                    source.Position++;
                    break;
            }
        }

        _depth--;
    }

    /// <summary>Inside of <c>${…}</c> shells differ on when it is a quote and when an apostrophe. It is one that closes on its line.</summary>
    private void SkipSingleQuotes()
    {
        var start = ++source.Position;
        source.ReadUntil("'\n");
        if (!source.TryTake('\''))
        {
            source.Position = start;
        }
    }

    private ShellValue? ValueOf(string name) => name switch
    {
        "BASH_SOURCE" => ShellValue.ThisFile,
        "PWD" => ShellValue.WorkingDirectory,
        _ => Variables.GetValueOrDefault(name),
    };

    /// <summary>Over <c>((…))</c>, in which <c>&lt;&lt;</c> begins no text.</summary>
    public void SkipParentheses()
    {
        var open = 0;
        do
        {
            open += source.Current switch { '(' => 1, ')' => -1, _ => 0 };
            source.Position++;
        }
        while (open > 0 && !source.AtEnd);
    }

    /// <summary>A word while it is being read.</summary>
    private sealed class Word
    {
        private readonly StringBuilder _text = new();
        private string _from = "";
        private bool _isKnown = true;

        public ShellValue? Value => _isKnown ? new ShellValue(_from, _text.ToString()) : null;

        public void Append(char c) => _text.Append(c);

        public void Append(ShellValue? value)
        {
            // A folder can only come first.
            if (value is not { } known || (known.From != "" && _text.Length > 0))
            {
                _isKnown = false;
                return;
            }

            _from += known.From;
            _text.Append(known.Text);
        }
    }
}
