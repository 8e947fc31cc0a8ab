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

    /// <summary>Reads the shell's grammar as far as it takes to know where commands begin, and what is quoted.</summary>
    private sealed class Script
    {
        private readonly SourceReader _source;
        private readonly ShellWords _words;

        public Script(string text)
        {
            _source = new SourceReader(text);
            _words = new ShellWords(_source, ReadCommands);
        }

        public List<string> Imports { get; } = [];

        public void Read() => ReadCommands('\0');

        /// <summary>To the end, or to a <c>)</c> or a backquote that ends a substitution; gives what its commands print, if that is a path.</summary>
        private ShellValue? ReadCommands(char end)
        {
            ShellValue? printed = null;
            ShellValue? folder = null;
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
                        _words.SkipParentheses();
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
                        _words.SkipWord();
                        break;

                    default:
                        ReadCommand();
                        break;
                }
            }

            return printed;

            void ReadCommand()
            {
                var word = _words.ReadWord();
                switch (word?.Text)
                {
                    case "." or "source":
                        Add(_words.ReadArgument(), folder);
                        break;

                    case "cd" or "pushd":
                        folder = In(folder, _words.ReadArgument());
                        break;

                    case "pwd":
                        printed = folder ?? ShellValue.WorkingDirectory;
                        break;

                    case "dirname":
                        printed = _words.ReadArgument()?.Parent;
                        break;

                    case "readlink" or "realpath" or "greadlink" or "grealpath":
                        printed = _words.ReadArgument();
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
                        _words.ReadArgument();
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

            var value = _words.ReadWord();
            _words.Variables[name] = appends ? null : value;
            return true;
        }

        private static ShellValue? In(ShellValue? folder, ShellValue? path) => path switch
        {
            null or { Text: "" } => null,
            { From: not "" } => path,
            { Text: ['/', ..] } => new ShellValue(PathImports.Working, path.Value.Text),
            _ => new ShellValue(folder?.From ?? PathImports.Working, folder is null ? path.Value.Text : $"{folder.Value.Text}/{PathImports.Tidy(path.Value.Text)}"),
        };

        private void Add(ShellValue? file, ShellValue? folder)
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
                if (_words.ReadWord() is { Text.Length: > 0 } end)
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
            _words.SkipWord();
        }
    }
}
