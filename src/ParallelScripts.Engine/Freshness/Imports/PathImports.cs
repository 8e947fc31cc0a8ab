namespace ParallelScripts;

/// <summary>
/// Imports that are paths: one word that says from which folder, a space, and the path. What an interpreter takes as
/// the folder often hangs on how it was started or on a <c>cd</c> before, so where more than one may be meant, all are
/// looked at: a file too many re-runs a script for nothing, a file too few leaves a stale result.
/// </summary>
internal static class PathImports
{
    /// <summary>From the folder of the file that says it.</summary>
    public const string Beside = "beside ";

    /// <summary>From the folder of the script that was started, which is the first search root, or as <see cref="Beside"/>.</summary>
    public const string Script = "script ";

    /// <summary>From the working directory, which is the last search root, or as <see cref="Beside"/>.</summary>
    public const string Working = "working ";

    /// <summary>From the working directory or else the nearest folder above that has such a file.</summary>
    public const string Project = "project ";

    /// <summary>The same path with nothing in it that means nothing, so that one file is not named twice.</summary>
    public static string Tidy(string path)
    {
        while (path.StartsWith("./", StringComparison.Ordinal))
        {
            path = path[2..].TrimStart('/');
        }

        return path;
    }

    public static IReadOnlyList<string> Resolve(string import, string importingFile, IReadOnlyList<string> searchRoots, Func<string, bool> fileExists)
    {
        var files = Places(import, importingFile, searchRoots).Where(fileExists);
        return [.. import.StartsWith(Project, StringComparison.Ordinal) ? files.Take(1) : files];
    }

    /// <summary>All the paths that an import may mean.</summary>
    public static IEnumerable<string> Places(string import, string importingFile, IReadOnlyList<string> searchRoots)
    {
        var word = import.IndexOf(' ') + 1;
        var path = import[word..];
        var beside = Path.GetDirectoryName(importingFile)!;
        return (searchRoots.Count == 0 ? Beside : import[..word]) switch
        {
            Script => Either(searchRoots[0]),
            Working => Either(searchRoots[^1]),
            Project => Upwards(searchRoots[^1]).Select(From),
            _ => [From(beside)],
        };

        string From(string folder) => Path.GetFullPath(path, folder);

        IEnumerable<string> Either(string folder) => new[] { From(folder), From(beside) }.Distinct();
    }

    private static IEnumerable<string> Upwards(string start)
    {
        for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }
}
