namespace ParallelScripts;

/// <summary>
/// PowerShell's <c>. ./x.ps1</c>, <c>Import-Module ./x.psm1</c> and <c>using module ./x.psm1</c>. A path may begin with
/// <c>$PSScriptRoot</c> or be a <c>Join-Path</c> of it; with any other variable it cannot be followed. A module that is
/// given by its name alone is an installed one.
/// </summary>
internal static class PowerShellImports
{
    /// <summary>How deep <c>(Join-Path (Join-Path …</c> is followed. Nobody writes ten; a file made to overflow our stack would.</summary>
    private const int MostJoins = 10;

    private static readonly string[] _thisFolder = ["$PSScriptRoot", "${PSScriptRoot}", "$($PSScriptRoot)"];

    public static List<string> Scan(string text)
    {
        var found = new List<string>();
        if (!text.Contains(".ps1", StringComparison.OrdinalIgnoreCase)
            && !text.Contains("module", StringComparison.OrdinalIgnoreCase)
            && !text.Contains("ipmo", StringComparison.OrdinalIgnoreCase))
        {
            return found;
        }

        var source = new SourceReader(text);

        // Whether a command may begin here; in the middle of one, a dot or `using` is an argument.
        var atCommand = true;
        while (!source.AtEnd)
        {
            switch (source.Current)
            {
                case '`' when source.Next is '\n' or '\r':
                    source.Position += source.Next == '\r' ? 3 : 2;
                    break;

                case ' ' or '\t' or '\r':
                    source.Position++;
                    break;

                case '\n' or ';' or '{' or '}' or '(' or '|' or '&' or '=':
                    source.Position++;
                    atCommand = true;
                    break;

                case '<' when source.TryTake("<#"):
                    source.SkipPast("#>");
                    break;

                case '#' when !SourceReader.IsWord(source.Previous):
                    source.SkipLine();
                    break;

                case '@' when source.Next is '"' or '\'':
                    source.SkipPast(source.Next == '"' ? "\n\"@" : "\n'@");
                    atCommand = false;
                    break;

                case '"' or '\'':
                    source.SkipString(source.Current == '"' ? '`' : '\0');
                    atCommand = false;
                    break;

                case '.' when atCommand && source.Next is ' ' or '\t' or '"' or '\'' or '$' or '(':
                    source.Position++;
                    Add(found, ReadPath(source), PathImports.Working);
                    atCommand = false;
                    break;

                case var c when SourceReader.IsWord(c):
                    var word = source.ReadWord('-');
                    if (atCommand)
                    {
                        ReadCommand(source, word, found);
                    }

                    atCommand = false;
                    break;

                default:
                    source.Position++;
                    atCommand = false;
                    break;
            }
        }

        return found;
    }

    public static IReadOnlyList<string> Resolve(string import, string importingFile, IReadOnlyList<string> searchRoots, Func<string, bool> fileExists) =>
        [.. PathImports.Places(import, importingFile, searchRoots).SelectMany(Candidates).Where(fileExists)];

    /// <summary>A module may be named without its extension or by its folder, and a manifest says what else belongs to it: as a rule, its namesake.</summary>
    private static IEnumerable<string> Candidates(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".ps1" or ".psm1" or ".dll" => [path],
        ".psd1" => [path, Path.ChangeExtension(path, ".psm1")],
        _ =>
        [
            path + ".psd1",
            path + ".psm1",
            Path.Join(path, Path.GetFileName(path) + ".psd1"),
            Path.Join(path, Path.GetFileName(path) + ".psm1"),
        ],
    };

    private static void ReadCommand(SourceReader source, ReadOnlySpan<char> word, List<string> found)
    {
        if (word.Equals("using", StringComparison.OrdinalIgnoreCase))
        {
            source.SkipBlanks();
            if (source.ReadWord().Equals("module", StringComparison.OrdinalIgnoreCase))
            {
                AddModule(found, ReadPath(source), PathImports.Beside);
            }
        }
        else if (word.Equals("Import-Module", StringComparison.OrdinalIgnoreCase) || word.Equals("ipmo", StringComparison.OrdinalIgnoreCase))
        {
            SkipBetween(source);
            while (source.TryTake('-'))
            {
                source.ReadWord();
                SkipBetween(source);
            }

            do
            {
                AddModule(found, ReadPath(source), PathImports.Working);
                SkipBetween(source);
            }
            while (source.TryTake(','));
        }
    }

    private static void AddModule(List<string> found, string? path, string from)
    {
        if (path is not null && (path.Contains('/') || path.EndsWith(".psm1", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".psd1", StringComparison.OrdinalIgnoreCase)))
        {
            Add(found, path, from);
        }
    }

    private static void Add(List<string> found, string? path, string from)
    {
        if (path is null)
        {
            return;
        }

        var folder = Array.Find(_thisFolder, known => path.StartsWith(known, StringComparison.OrdinalIgnoreCase));
        var rest = path[(folder?.Length ?? 0)..];
        if (!rest.Contains('$') && rest.Length > 0 && (folder is null || rest[0] == '/'))
        {
            found.Add(folder is null ? from + PathImports.Tidy(rest) : PathImports.Beside + PathImports.Tidy("." + rest));
        }
    }

    /// <summary>A path with its variables, quoted, bare or put together by <c>Join-Path</c>; always with slashes.</summary>
    private static string? ReadPath(SourceReader source, int depth = 0)
    {
        SkipBetween(source);
        var path = source.Current switch
        {
            '"' => source.ReadLiteral('`'),
            '\'' => source.ReadLiteral('\0'),
            '(' when depth < MostJoins => ReadJoined(source, depth + 1),
            '(' => null,
            _ => source.ReadUntil(" \t\r\n;|&(){},\"'#").ToString(),
        };
        return path?.Replace('\\', '/');
    }

    /// <summary><c>(Join-Path $PSScriptRoot lib x.ps1)</c>, also with the names of its parameters.</summary>
    private static string? ReadJoined(SourceReader source, int depth)
    {
        source.Position++;
        SkipBetween(source);
        if (!source.ReadWord('-').Equals("Join-Path", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var pieces = new List<string>();
        while (true)
        {
            SkipBetween(source);
            if (source.TryTake(')'))
            {
                return pieces.Count > 0 ? string.Join('/', pieces) : null;
            }

            if (source.TryTake('-'))
            {
                source.ReadWord();
            }
            else if (ReadPath(source, depth) is { Length: > 0 } piece)
            {
                pieces.Add(piece);
                source.TryTake(',');
            }
            else
            {
                return null;
            }
        }
    }

    private static void SkipBetween(SourceReader source)
    {
        source.SkipBlanks();
        while (source.TryTake("`\n") || source.TryTake("`\r\n"))
        {
            source.SkipBlanks();
        }
    }
}
