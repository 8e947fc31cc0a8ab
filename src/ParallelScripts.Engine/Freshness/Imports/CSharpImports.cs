namespace ParallelScripts;

/// <summary>
/// What the directives at the top of a single-file C# program take in: <c>#:include sub/*.cs</c> and <c>#:project ../Lib</c>.
/// Of a project it is the project file only. Which sources belong to it is for MSBuild to say, and to take all below its
/// folder would be a guess, and a big one.
/// </summary>
internal static class CSharpImports
{
    private const string Include = "include ";
    private const string Project = "project ";

    public static List<string> Scan(string text)
    {
        var found = new List<string>();
        var source = new SourceReader(text);
        while (true)
        {
            source.SkipWhiteSpace();
            if (source.TryTake("/*"))
            {
                source.SkipPast("*/");
            }
            else if (source.At("//"))
            {
                source.SkipLine();
            }
            else if (source.Current == '#')
            {
                ReadDirective(source, found);
            }
            else
            {
                // The compiler refuses directives after the first word of C#, so a file costs no more than its top.
                return found;
            }
        }
    }

    public static IReadOnlyList<string> Resolve(string import, string importingFile, Func<string, bool> fileExists)
    {
        var folder = Path.GetDirectoryName(importingFile)!;
        var path = import[(import.IndexOf(' ') + 1)..];
        if (Glob.IsGlob(path))
        {
            return Expand(path, folder);
        }

        var file = Path.GetFullPath(path, folder);
        if (fileExists(file))
        {
            return [file];
        }

        return import.StartsWith(Project, StringComparison.Ordinal) && Directory.Exists(file) ? Directory.GetFiles(file, "*.*proj") : [];
    }

    private static void ReadDirective(SourceReader source, List<string> found)
    {
        var kind = source.TryTakeWord("#:include") ? Include : source.TryTakeWord("#:project") ? Project : null;
        var value = source.ReadUntil("\r\n").Trim().ToString();
        if (kind is null || value.Contains("$("))
        {
            return;
        }

        // The SDK hands it to MSBuild as it is, where a semicolon separates and a backslash is a slash.
        foreach (var path in value.Replace('\\', '/').Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            found.Add(kind + path);
        }
    }

    /// <summary>Asks the disk, and nobody else: only a listing can tell what a pattern matches.</summary>
    private static IReadOnlyList<string> Expand(string pattern, string folder)
    {
        var glob = new Glob(pattern);
        var fixedPart = glob.Prefix[..(glob.Prefix.LastIndexOf('/') + 1)];
        var root = Path.GetFullPath(fixedPart, folder);
        if (!Directory.Exists(root))
        {
            return [];
        }

        var options = new EnumerationOptions { RecurseSubdirectories = pattern.IndexOf('/', fixedPart.Length) >= 0, IgnoreInaccessible = true };
        return
        [
            .. Directory.EnumerateFiles(root, "*", options)
                .Where(file => glob.Matches(fixedPart + Path.GetRelativePath(root, file).Replace('\\', '/')))
                .Order(StringComparer.Ordinal),
        ];
    }
}
