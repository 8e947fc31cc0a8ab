namespace ParallelScripts;

/// <summary>
/// Python's imports, in Python's words: <c>import a.b</c> or <c>from ..a import b, c</c>, without <c>as</c>.
/// <c>import</c> is a reserved word, so outside comments and strings it is always an import, wherever it stands.
/// </summary>
internal static class PythonImports
{
    private const string Package = "__init__.py";

    public static List<string> Scan(string text)
    {
        var found = new List<string>();
        if (!text.Contains("import", StringComparison.Ordinal))
        {
            return found;
        }

        var source = new SourceReader(text);
        while (!source.AtEnd)
        {
            switch (source.Current)
            {
                case '#':
                    source.SkipLine();
                    break;

                case '"' or '\'':
                    SkipString(source);
                    break;

                case var c when SourceReader.IsWord(c):
                    switch (source.ReadWord())
                    {
                        case "import":
                            ReadImport(source, found);
                            break;
                        case "from":
                            ReadFrom(source, found);
                            break;
                        case "import_module" or "__import__":
                            ReadCall(source, found);
                            break;
                    }

                    break;

                default:
                    source.Position++;
                    break;
            }
        }

        return found;
    }

    public static List<string> Resolve(string import, string importingFile, IReadOnlyList<string> searchRoots, Func<string, bool> fileExists)
    {
        var files = new List<string>();
        if (!import.StartsWith("from ", StringComparison.Ordinal))
        {
            var module = import["import ".Length..];
            return FromFirstRoot(root => Follow(root, module, fileExists, files));
        }

        var middle = import.IndexOf(" import ", StringComparison.Ordinal);
        var from = import["from ".Length..middle];
        var names = import[(middle + " import ".Length)..].Split(", ");
        var package = from.TrimStart('.');
        if (package.Length == from.Length)
        {
            return FromFirstRoot(FollowNames);
        }

        // One dot is the folder of the importing file, and every further dot the one above.
        var folder = Path.GetDirectoryName(importingFile);
        for (var dots = from.Length - package.Length; dots > 1; dots--)
        {
            folder = Path.GetDirectoryName(folder);
        }

        if (folder is not null)
        {
            AddIfThere(Path.Join(folder, Package));
            FollowNames(folder);
        }

        return files;

        // Python takes the first root that has the module, and looks for its submodules nowhere else.
        List<string> FromFirstRoot(Action<string> follow)
        {
            for (var i = 0; i < searchRoots.Count && files.Count == 0; i++)
            {
                follow(searchRoots[i]);
            }

            return files;
        }

        void FollowNames(string root)
        {
            if ((package.Length == 0 ? root : Follow(root, package, fileExists, files)) is not { } below)
            {
                return;
            }

            // What is imported may be a submodule, or something that the package defines: there is a file, or there is none.
            foreach (var name in names)
            {
                if (name != "*")
                {
                    Follow(below, name, fileExists, files);
                }
            }
        }

        void AddIfThere(string file)
        {
            if (fileExists(file))
            {
                files.Add(file);
            }
        }
    }

    /// <summary>
    /// Adds the files of a dotted name, the <c>__init__.py</c> of each package on the way among them. Gives the folder
    /// in which submodules are, or null if the name turns out to be a module.
    /// </summary>
    private static string? Follow(string folder, string name, Func<string, bool> fileExists, List<string> files)
    {
        foreach (var part in name.Split('.'))
        {
            folder = Path.Join(folder, part);
            var package = Path.Join(folder, Package);
            if (fileExists(package))
            {
                files.Add(package);
            }
            else if (fileExists(folder + ".py"))
            {
                files.Add(folder + ".py");
                return null;
            }
        }

        // Where neither was there: perhaps a folder without __init__.py, which is a package too. What is below will tell.
        return folder;
    }

    private static void ReadImport(SourceReader source, List<string> found)
    {
        do
        {
            SkipBetween(source, inParentheses: false);
            if (ReadDotted(source) is not { Length: > 0 } module)
            {
                return;
            }

            found.Add($"import {module}");
            SkipAlias(source, inParentheses: false);
        }
        while (source.TryTake(','));
    }

    private static void ReadFrom(SourceReader source, List<string> found)
    {
        // It may turn out to be `yield from` or `raise … from`.
        var start = source.Position;
        var dots = 0;
        SkipBetween(source, inParentheses: false);
        while (source.TryTake('.'))
        {
            dots++;
            SkipBetween(source, inParentheses: false);
        }

        // `from . import x`: here the name is missing, and must not swallow the word after it.
        var package = source.TryTakeWord("import") ? null : ReadDotted(source);
        SkipBetween(source, inParentheses: false);
        if (package is null ? dots == 0 : package.Length == 0 || !source.TryTakeWord("import"))
        {
            source.Position = start;
            return;
        }

        SkipBetween(source, inParentheses: false);
        var inParentheses = source.TryTake('(');
        var names = new List<string>();
        do
        {
            SkipBetween(source, inParentheses);
            var name = source.TryTake('*') ? "*" : source.ReadWord();
            if (name.Length == 0)
            {
                break;
            }

            names.Add(name.ToString());
            SkipAlias(source, inParentheses);
        }
        while (source.TryTake(','));

        if (names.Count > 0)
        {
            found.Add($"from {new string('.', dots)}{package} import {string.Join(", ", names)}");
        }
    }

    /// <summary><c>import_module("a.b")</c>, <c>import_module(".b", __package__)</c> or <c>import_module(".b", "a")</c>.</summary>
    private static void ReadCall(SourceReader source, List<string> found)
    {
        SkipBetween(source, inParentheses: false);
        if (!source.TryTake('('))
        {
            return;
        }

        SkipBetween(source, inParentheses: true);
        if (source.Current is not ('"' or '\'') || source.ReadLiteral() is not { Length: > 0 } name || name.AsSpan().ContainsAny(" ,/\\"))
        {
            return;
        }

        // Anything else, such as a `+`, makes it a longer name that we do not know.
        SkipBetween(source, inParentheses: true);
        if (source.Current is not (',' or ')'))
        {
            return;
        }

        var module = name.TrimStart('.');
        var dots = name.Length - module.Length;
        if (module.Length == 0)
        {
            return;
        }

        if (dots == 0)
        {
            found.Add($"import {module}");
        }
        else if (ReadPackage(source) is { } package)
        {
            found.Add($"import {string.Join('.', [.. package.Split('.').SkipLast(dots - 1), module])}");
        }
        else
        {
            var last = module.LastIndexOf('.');
            found.Add($"from {name[..dots]}{(last < 0 ? "" : module[..last])} import {module[(last + 1)..]}");
        }
    }

    /// <summary>The second argument of <c>import_module</c>, if it is a package's name; most write <c>__package__</c>.</summary>
    private static string? ReadPackage(SourceReader source)
    {
        source.TryTake(',');
        SkipBetween(source, inParentheses: true);
        if (source.TryTakeWord("package"))
        {
            SkipBetween(source, inParentheses: true);
            source.TryTake('=');
            SkipBetween(source, inParentheses: true);
        }

        return source.Current is '"' or '\'' ? source.ReadLiteral() : null;
    }

    private static string ReadDotted(SourceReader source)
    {
        var name = source.ReadWord().ToString();
        while (name.Length > 0)
        {
            SkipBetween(source, inParentheses: false);
            if (!source.TryTake('.'))
            {
                break;
            }

            SkipBetween(source, inParentheses: false);
            name += $".{source.ReadWord()}";
        }

        return name;
    }

    private static void SkipAlias(SourceReader source, bool inParentheses)
    {
        SkipBetween(source, inParentheses);
        if (source.TryTakeWord("as"))
        {
            SkipBetween(source, inParentheses);
            source.ReadWord();
            SkipBetween(source, inParentheses);
        }
    }

    /// <summary>Over what may stand between two words of one statement.</summary>
    private static void SkipBetween(SourceReader source, bool inParentheses)
    {
        while (true)
        {
            source.SkipBlanks();
            if (source.TryTake("\\\n") || source.TryTake("\\\r\n"))
            {
                continue;
            }

            if (inParentheses && source.Current is '\r' or '\n')
            {
                source.SkipWhiteSpace();
            }
            else if (inParentheses && source.Current == '#')
            {
                source.SkipLine();
            }
            else
            {
                return;
            }
        }
    }

    private static void SkipString(SourceReader source)
    {
        var triple = source.Current == '"' ? "\"\"\"" : "'''";
        if (source.TryTake(triple))
        {
            source.SkipPastUnescaped(triple);
        }
        else
        {
            // An f-string may hold the same quotes again since Python 3.12. Read as several strings, they too are over with the line.
            source.SkipString();
        }
    }
}
