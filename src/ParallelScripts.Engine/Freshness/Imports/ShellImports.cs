using System.Buffers;
using System.Text;

namespace ParallelScripts;

/// <summary>
/// The shell's <c>. file</c> and <c>source file</c>. A path may begin with the ways in which people write "the folder
/// that this script is in", spelled out or in a variable that was set before in the same file; what hangs on any other
/// variable cannot be followed.
/// </summary>
internal static class ShellImports
{
    public static List<string> Scan(string text)
    {
        var script = new Script(text);
        if (text.Contains("source", StringComparison.Ordinal) || HasDotCommand(text))
        {
            script.Read();
        }

        return script.Imports;
    }

    /// <summary>Whether a dot stands alone anywhere. Most scripts without <c>source</c> have none, and are done here.</summary>
    private static bool HasDotCommand(string text)
    {
        for (var i = text.IndexOf(". ", StringComparison.Ordinal); i >= 0; i = text.IndexOf(". ", i + 1, StringComparison.Ordinal))
        {
            if (i == 0 || !(char.IsLetterOrDigit(text[i - 1]) || text[i - 1] is '.' or '/' or ')'))
            {
                return true;
            }
        }

        return text.Contains(".\t", StringComparison.Ordinal);
    }

    /// <summary>What a word of the shell means, as far as it can be known: an anchor of <see cref="PathImports"/> or none, and text.</summary>
    private readonly record struct Value(string From, string Text)
    {
        /// <summary>Stands for a file's own name, in <c>$0</c>. Nobody needs it; <c>dirname</c> takes it away again.</summary>
        private const string OwnName = "./\0";

        /// <summary><c>$BASH_SOURCE</c></summary>
        public static readonly Value ThisFile = new(PathImports.Beside, OwnName);

        /// <summary><c>$0</c></summary>
        public static readonly Value StartedScript = new(PathImports.Script, OwnName);

        public static readonly Value WorkingDirectory = new(PathImports.Working, ".");

        public Value Parent => this with
        {
            Text = Text.LastIndexOf('/') switch
            {
                _ when Text == "." => "..",
                _ when Text.EndsWith("..", StringComparison.Ordinal) => Text + "/..",
                < 0 => ".",
                0 => "/",
                var slash => Text[..slash],
            },
        };
    }

    /// <summary>A word while it is being read.</summary>
    private sealed class Word
    {
        private readonly StringBuilder _text = new();
        private string _from = "";
        private bool _isKnown = true;

        public Value? Value => _isKnown ? new Value(_from, _text.ToString()) : null;

        public void Append(char c) => _text.Append(c);

        public void Append(Value? value)
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

    /// <summary>Reads the shell's grammar as far as it takes to know where commands begin, and what is quoted.</summary>
    private sealed class Script(string text)
    {
        /// <summary>How deep <c>$(…)</c> is followed. Nobody writes ten; a file made to overflow our stack would.</summary>
        private const int Deepest = 50;

        private static readonly SearchValues<char> _notPlain = SearchValues.Create(" \t\r\n;&|()<>\"'\\$`");

        private readonly SourceReader _source = new(text);
        private readonly Dictionary<string, Value?> _variables = new(StringComparer.Ordinal);
        private int _depth;
        private bool _inBackquotes;

        public List<string> Imports { get; } = [];

        public void Read() => ReadCommands('\0');

        /// <summary>To the end, or to a <c>)</c> or a backquote that ends a substitution; gives what its commands print, if that is a path.</summary>
        private Value? ReadCommands(char end)
        {
            Value? printed = null;
            Value? folder = null;
            var atCommand = true;
            var declares = false;
            var open = 0;
            var cases = 0;
            while (!_source.AtEnd)
            {
                switch (_source.Current)
                {
                    case ' ' or '\t' or '\r':
                        _source.Position++;
                        break;

                    case '\\' when _source.Next == '\n':
                        _source.Position += 2;
                        break;

                    case '\n':
                        _source.Position++;
                        _source.SkipHereDocuments();
                        atCommand = true;
                        declares = false;
                        break;

                    // Here only a word can begin, so it is a comment.
                    case '#':
                        _source.SkipLine();
                        break;

                    // The parenthesis of a `case` pattern ends nothing.
                    case ')' when end == ')' && open == 0 && cases == 0:
                    case '`' when end == '`':
                        return printed;

                    case '(' when atCommand && _source.Next == '(':
                        SkipParentheses();
                        break;

                    case ';' or '&' or '|' or '(' or ')':
                        open += _source.Current switch { '(' => 1, ')' when open > 0 => -1, _ => 0 };
                        _source.Position++;
                        atCommand = true;
                        declares = false;
                        break;

                    case '<' or '>':
                        ReadRedirection();
                        break;

                    case var _ when atCommand && TryReadAssignment():
                        break;

                    case var _ when !atCommand:
                        SkipWord();
                        break;

                    default:
                        ReadCommand();
                        break;
                }
            }

            return printed;

            void ReadCommand()
            {
                var word = ReadWord();
                switch (word?.Text)
                {
                    case "." or "source":
                        Add(ReadArgument(), folder);
                        break;

                    case "cd" or "pushd":
                        folder = In(folder, ReadArgument());
                        break;

                    case "pwd":
                        printed = folder ?? Value.WorkingDirectory;
                        break;

                    case "dirname":
                        printed = ReadArgument()?.Parent;
                        break;

                    case "readlink" or "realpath" or "greadlink" or "grealpath":
                        printed = ReadArgument();
                        break;

                    // A command follows.
                    case "then" or "do" or "else" or "elif" or "if" or "while" or "until" or "!" or "{" or "time" or "builtin" or "command":
                        return;

                    // Names with values follow.
                    case "export" or "readonly" or "local" or "declare" or "typeset":
                        declares = true;
                        return;

                    // `function f {`: a name follows, and then as after any other.
                    case "function":
                        ReadArgument();
                        return;

                    case "case":
                        cases++;
                        break;

                    case "esac":
                        cases = Math.Max(0, cases - 1);
                        break;

                    default:
                        if (declares)
                        {
                            return;
                        }

                        break;
                }

                atCommand = false;
            }
        }

        /// <summary><c>NAME=value</c>. The last one that we have read counts, as it does unless there are branches.</summary>
        private bool TryReadAssignment()
        {
            var start = _source.Position;
            var name = char.IsAsciiDigit(_source.Current) ? "" : _source.ReadWord().ToString();
            var appends = _source.TryTake('+');
            if (name.Length == 0 || !_source.TryTake('='))
            {
                _source.Position = start;
                return false;
            }

            var value = ReadWord();
            _variables[name] = appends ? null : value;
            return true;
        }

        private static Value? In(Value? folder, Value? path) => path switch
        {
            null or { Text: "" } => null,
            { From: not "" } => path,
            { Text: ['/', ..] } => new Value(PathImports.Working, path.Value.Text),
            _ => new Value(folder?.From ?? PathImports.Working, folder is null ? path.Value.Text : $"{folder.Value.Text}/{PathImports.Tidy(path.Value.Text)}"),
        };

        private void Add(Value? file, Value? folder)
        {
            if (file is not { Text.Length: > 0 } known)
            {
                return;
            }

            Imports.Add((known.From == "" ? PathImports.Working : known.From) + PathImports.Tidy(known.Text));

            // After `cd "$(dirname "$0")/.."` in earnest. We do not know whether the `cd` is passed on every way, so this comes on top.
            if (known.From == "" && known.Text[0] != '/' && folder is not null)
            {
                var there = In(folder, file)!.Value;
                Imports.Add(there.From + PathImports.Tidy(there.Text));
            }
        }

        /// <summary>The next word that is not an option; null, and nowhere further, if the command ends before.</summary>
        private Value? ReadArgument()
        {
            while (true)
            {
                _source.SkipBlanks();
                if (_source.TryTake("\\\n"))
                {
                    continue;
                }

                if (_source.AtEnd || IsEndOfWord())
                {
                    return null;
                }

                if (_source.Current != '-')
                {
                    return ReadWord();
                }

                SkipWord();
            }
        }

        private bool IsEndOfWord() => _source.Current is ' ' or '\t' or '\r' or '\n' or ';' or '&' or '|' or '(' or ')' or '<' or '>' || (_inBackquotes && _source.Current == '`');

        /// <summary>Most words are plain and mean nothing to us.</summary>
        private void SkipWord()
        {
            var rest = text.AsSpan(_source.Position);
            var length = rest.IndexOfAny(_notPlain);
            _source.Position += length < 0 ? rest.Length : length;
            if (!_source.AtEnd && !IsEndOfWord())
            {
                ReadWord();
            }
        }

        /// <summary>A word with its quotes taken off; null if it cannot be known. Always goes on, if only to the end of an empty word.</summary>
        private Value? ReadWord()
        {
            var word = new Word();
            while (!_source.AtEnd && !IsEndOfWord())
            {
                switch (_source.Current)
                {
                    case '\'':
                        _source.Position++;
                        foreach (var c in _source.ReadUntil("'"))
                        {
                            word.Append(c);
                        }

                        _source.TryTake('\'');
                        break;

                    case '"':
                        _source.Position++;
                        ReadQuoted(word);
                        break;

                    case '\\':
                        _source.Position++;
                        if (!_source.TryTake('\n'))
                        {
                            word.Append(_source.Current);
                            _source.Position++;
                        }

                        break;

                    case '$' when _source.Next == '"':
                        _source.Position++;
                        break;

                    case '$' when _source.Next == '\'':
                        _source.Position++;
                        _source.SkipString(acrossLines: true);
                        word.Append(null);
                        break;

                    case '$' or '`':
                        word.Append(Expand());
                        break;

                    default:
                        word.Append(_source.Current);
                        _source.Position++;
                        break;
                }
            }

            return word.Value;
        }

        /// <summary>From behind a double quote to behind the next.</summary>
        private void ReadQuoted(Word word)
        {
            while (!_source.AtEnd && !_source.TryTake('"'))
            {
                if (_source.Current is '$' || (_source.Current is '`' && !_inBackquotes))
                {
                    word.Append(Expand());
                }
                else if (_source.Current == '\\' && _source.Next is '$' or '`' or '"' or '\\')
                {
                    word.Append(_source.Next);
                    _source.Position += 2;
                }
                else if (!_source.TryTake("\\\n"))
                {
                    word.Append(_source.Current);
                    _source.Position++;
                }
            }
        }

        /// <summary>What begins with a dollar or a backquote.</summary>
        private Value? Expand()
        {
            if (_source.TryTake('`'))
            {
                return ReadSubstitution('`');
            }

            _source.Position++;
            if (_source.Current == '(' && _source.Next == '(')
            {
                SkipParentheses();
                return null;
            }

            if (_source.TryTake('('))
            {
                return ReadSubstitution(')');
            }

            if (_source.TryTake('{'))
            {
                return ReadBraces();
            }

            if (_source.TryTake('0'))
            {
                return Value.StartedScript;
            }

            if (_source.Current is '@' or '*' or '#' or '?' or '-' or '$' or '!' || char.IsAsciiDigit(_source.Current))
            {
                _source.Position++;
                return null;
            }

            var name = _source.ReadWord();
            return name.Length == 0 ? new Value("", "$") : ValueOf(name.ToString());
        }

        private Value? ReadSubstitution(char end)
        {
            if (_depth == Deepest)
            {
                return null;
            }

            var inBackquotes = _inBackquotes;
            _inBackquotes = end == '`';
            _depth++;
            var printed = ReadCommands(end);
            _depth--;
            _inBackquotes = inBackquotes;
            _source.TryTake(end);
            return printed;
        }

        /// <summary><c>${NAME}</c>, of which we know <c>${NAME%/*}</c>, <c>${NAME[0]}</c>, <c>${NAME:-…}</c> and zsh's <c>${0:A:h}</c>.</summary>
        private Value? ReadBraces()
        {
            var name = _source.ReadWord().ToString();
            var value = name == "0" ? Value.StartedScript : ValueOf(name);
            if (!_source.TryTake("[0]") && _source.Current == '[')
            {
                value = null;
            }

            return ReadModifiers(value);
        }

        private Value? ReadModifiers(Value? value)
        {
            while (true)
            {
                if (_source.TryTake('}'))
                {
                    return value;
                }

                if (_source.TryTake("%/*}"))
                {
                    return value?.Parent;
                }

                if (_source.TryTake(":h"))
                {
                    value = value?.Parent;
                }
                else if (!_source.TryTake(":A") && !_source.TryTake(":a"))
                {
                    var otherwise = _source.At(":-") || _source.At("-") || _source.At(":?") || _source.At("?");
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
            while (!_source.AtEnd && !_source.TryTake('}'))
            {
                switch (_source.Current)
                {
                    case '\\':
                        _source.Position += 2;
                        break;

                    case '\'':
                        SkipSingleQuotes();
                        break;

                    case '"':
                        _source.Position++;
                        ReadQuoted(new Word());
                        break;

                    case '$' or '`':
                        Expand();
                        break;

                    default:
                        _source.Position++;
                        break;
                }
            }

            _depth--;
        }

        /// <summary>Inside of <c>${…}</c> shells differ on when it is a quote and when an apostrophe. It is one that closes on its line.</summary>
        private void SkipSingleQuotes()
        {
            var start = ++_source.Position;
            _source.ReadUntil("'\n");
            if (!_source.TryTake('\''))
            {
                _source.Position = start;
            }
        }

        private Value? ValueOf(string name) => name switch
        {
            "BASH_SOURCE" => Value.ThisFile,
            "PWD" => Value.WorkingDirectory,
            _ => _variables.GetValueOrDefault(name),
        };

        /// <summary>Over <c>((…))</c>, in which <c>&lt;&lt;</c> begins no text.</summary>
        private void SkipParentheses()
        {
            var open = 0;
            do
            {
                open += _source.Current switch { '(' => 1, ')' => -1, _ => 0 };
                _source.Position++;
            }
            while (open > 0 && !_source.AtEnd);
        }

        private void ReadRedirection()
        {
            if (_source.TryTake("<<<"))
            {
                return;
            }

            if (_source.TryTake("<<"))
            {
                var indented = _source.TryTake('-');
                _source.SkipBlanks();
                if (ReadWord() is { Text.Length: > 0 } end)
                {
                    _source.ExpectHereDocument(end.Text, indented);
                }

                return;
            }

            // `<(…)` is left to be read as the commands that it is.
            while (_source.Current is '<' or '>' or '&' or '|')
            {
                _source.Position++;
            }

            _source.SkipBlanks();
            SkipWord();
        }
    }
}
