namespace ParallelScripts;

/// <summary>
/// The relative paths that JavaScript (and TypeScript that Node runs as it is) imports: <c>import … from "./x.js"</c>,
/// <c>export … from</c>, <c>import("./x.js")</c>, <c>require("./x")</c>. Names without a dot are packages.
/// </summary>
internal static class JavaScriptImports
{
    /// <summary>How deep templates in templates are followed. Nobody writes ten; a file made to overflow our stack would.</summary>
    private const int MostTemplates = 50;

    /// <summary>What Node adds to a path, most likely first. A path that has one of them already is taken as it is.</summary>
    private static readonly string[] _endings = [".js", ".json", ".cjs", ".mjs", "/index.js"];

    public static List<string> Scan(string text)
    {
        var found = new List<string>();
        if (text.Contains("import", StringComparison.Ordinal)
            || text.Contains("require", StringComparison.Ordinal)
            || text.Contains("export", StringComparison.Ordinal))
        {
            var source = new SourceReader(text);
            while (!source.AtEnd)
            {
                ReadCode(source, found, templates: 0);
                source.Position++;
            }
        }

        return found;
    }

    public static IReadOnlyList<string> Resolve(string import, string importingFile, Func<string, bool> fileExists)
    {
        var isFolder = import.EndsWith('/') || import is "." or ".." || import.EndsWith("/.", StringComparison.Ordinal) || import.EndsWith("/..", StringComparison.Ordinal);
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(import, Path.GetDirectoryName(importingFile)!));
        if (isFolder)
        {
            return fileExists(path + "/index.js") ? [Path.Join(path, "index.js")] : [];
        }

        if (fileExists(path))
        {
            return [path];
        }

        var found = Path.GetExtension(path) is ".js" or ".json" or ".cjs" or ".mjs" or ".ts"
            ? null
            : Array.Find(_endings, ending => fileExists(path + ending));
        return found is null ? [] : [Path.GetFullPath(path + found)];
    }

    /// <summary>To the end, or to a <c>}</c> that closes nothing in here.</summary>
    private static void ReadCode(SourceReader source, List<string> found, int templates)
    {
        var open = 0;

        // After a value a slash divides; elsewhere it begins a regular expression, in which quotes are just characters.
        var afterValue = false;
        var noneUntil = 0;
        while (!source.AtEnd)
        {
            switch (source.Current)
            {
                case '/' when source.Next == '/':
                    source.SkipLine();
                    break;

                case '/' when source.Next == '*':
                    source.Position += 2;
                    source.SkipPast("*/");
                    break;

                // If one does not end on its line, none does there: looked for again and again, one long line would take minutes.
                case '/' when !afterValue && source.Position >= noneUntil:
                    noneUntil = SkipRegularExpression(source);
                    afterValue = true;
                    break;

                case '"' or '\'':
                    source.SkipString();
                    afterValue = true;
                    break;

                case '`':
                    SkipTemplate(source, found, templates);
                    afterValue = true;
                    break;

                case '}' when open == 0:
                    return;

                case var c when SourceReader.IsWord(c) || c == '$':
                    // `x.import(…)` is somebody's own; `...require(…)` is not.
                    var isMember = source.Previous == '.' && source.Before(2) != '.';
                    var word = source.ReadWord('$');
                    if (!isMember && word is "import" or "from" or "require" && Read(source, word) is { } import)
                    {
                        found.Add(import);
                    }

                    afterValue = word is not ("return" or "typeof" or "case" or "in" or "of" or "delete" or "void" or "throw" or "new" or "do" or "else" or "await" or "yield" or "instanceof");
                    break;

                case var c:
                    open += c switch { '{' => 1, '}' => -1, _ => 0 };
                    afterValue = c is ')' or ']' or '}' || (afterValue && char.IsWhiteSpace(c));
                    source.Position++;
                    break;
            }
        }
    }

    private static string? Read(SourceReader source, ReadOnlySpan<char> word)
    {
        SkipBetween(source);
        var isCall = word is not "from" && source.TryTake('(');
        SkipBetween(source);
        if (!isCall && word is "require")
        {
            return null;
        }

        var isTemplate = source.Current == '`' && isCall;
        if (source.Current is not ('"' or '\'') && !isTemplate)
        {
            return null;
        }

        // What is not a path with certainty is left to be read as the string that it is.
        var start = source.Position;
        var path = source.ReadLiteral();
        SkipBetween(source);
        if (path is null || (isCall && source.Current is not (',' or ')')) || (isTemplate && path.Contains("${")))
        {
            source.Position = start;
            return null;
        }

        // A module may be asked for with a query, so that it is loaded anew.
        var end = word is "require" ? -1 : path.AsSpan().IndexOfAny('?', '#');
        path = end < 0 ? path : path[..end];
        return path is "." or ".." || path.StartsWith("./", StringComparison.Ordinal) || path.StartsWith("../", StringComparison.Ordinal) ? path : null;
    }

    private static void SkipBetween(SourceReader source)
    {
        while (true)
        {
            source.SkipWhiteSpace();
            if (source.At("//"))
            {
                source.SkipLine();
            }
            else if (source.TryTake("/*"))
            {
                source.SkipPast("*/");
            }
            else
            {
                return;
            }
        }
    }

    private static void SkipTemplate(SourceReader source, List<string> found, int templates)
    {
        source.Position++;
        while (!source.AtEnd)
        {
            source.ReadUntil("`\\$");
            if (source.TryTake('`'))
            {
                return;
            }

            if (source.TryTake("${") && templates < MostTemplates)
            {
                ReadCode(source, found, templates + 1);
                source.TryTake('}');
            }
            else if (!source.AtEnd)
            {
                source.Position += source.Current == '\\' ? 2 : 1;
            }
        }
    }

    /// <summary>Gives the end of the line if it does not end on it, so that it is none.</summary>
    private static int SkipRegularExpression(SourceReader source)
    {
        var start = source.Position++;
        var inClass = false;
        for (; !source.AtEnd && source.Current != '\n'; source.Position++)
        {
            switch (source.Current)
            {
                case '\\':
                    source.Position++;
                    break;

                case '[' or ']':
                    inClass = source.Current == '[';
                    break;

                case '/' when !inClass:
                    source.Position++;
                    return 0;
            }
        }

        var end = source.Position;
        source.Position = start + 1;
        return end;
    }
}
