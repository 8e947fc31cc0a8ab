using System.Collections.Concurrent;

namespace ParallelScripts;

/// <summary>
/// The files a project speaks of, by one name each: relative to the project's folder, with <c>/</c>, without <c>.</c> and <c>..</c>
/// where that can be; the same on every machine and in every clone.
/// </summary>
internal sealed class ProjectFiles(string projectDirectory, string stateDirectory)
{
    private readonly ConcurrentDictionary<string, Glob> _globs = new(StringComparer.Ordinal);
    private readonly string _folder = projectDirectory.EndsWith(Path.DirectorySeparatorChar) ? projectDirectory : projectDirectory + Path.DirectorySeparatorChar;

    /// <summary>The name of a file, however it was written. Leaves wildcards alone.</summary>
    public string NameOf(string written)
    {
        // Nearly all are written so already; the long way costs ten times as much.
        return IsPlain(written) ? written : Relative(Path.GetFullPath(written.Replace('\\', '/'), projectDirectory));
    }

    public string AbsoluteOf(string name) => Path.IsPathRooted(name) ? name : IsPlain(name) ? _folder + name : Path.GetFullPath(name, projectDirectory);

    public static bool IsInsideProject(string name) => !Path.IsPathRooted(name) && !name.StartsWith("../", StringComparison.Ordinal) && name != ".." && name != ".";

    /// <summary>The folder by the name that no symbolic link is part of; null if it cannot be told, or there is no such folder.</summary>
    public static string? WithoutLinks(string folder)
    {
        try
        {
            var real = Path.GetPathRoot(folder)!;
            foreach (var part in folder[real.Length..].Split('/', '\\', StringSplitOptions.RemoveEmptyEntries))
            {
                real = Path.Combine(real, part);
                real = Directory.ResolveLinkTarget(real, returnFinalTarget: true)?.FullName ?? real;
            }

            return real;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public Glob GlobOf(string pattern) => _globs.GetOrAdd(pattern, static text => new Glob(text));

    /// <summary>
    /// The names of the files that an entry stands for and that exist, in ordinal order: a file, all files below a folder, or what a
    /// glob matches. The state directory is no part of the project's files.
    /// </summary>
    public IReadOnlyList<string> Expand(string name)
    {
        if (!Glob.IsGlob(name))
        {
            var path = AbsoluteOf(name);
            return File.Exists(path) ? [name] : Directory.Exists(path) ? Below(name, path, _ => true) : [];
        }

        var glob = GlobOf(name);
        var folder = glob.Prefix.LastIndexOf('/') is var slash and >= 0 ? name[..(slash + 1)] : "";
        var root = folder == "" ? projectDirectory : AbsoluteOf(folder);
        return Directory.Exists(root) ? Below(folder, root, glob.Matches) : [];
    }

    private List<string> Below(string folderName, string root, Func<string, bool> matches)
    {
        var found = new List<string>();
        var prefix = folderName == "" || folderName.EndsWith('/') ? folderName : folderName + "/";
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };
        var state = stateDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var start = root.TrimEnd(Path.DirectorySeparatorChar).Length + 1;
        var files = new System.IO.Enumeration.FileSystemEnumerable<string>(
            root,
            (ref System.IO.Enumeration.FileSystemEntry entry) => entry.ToFullPath(),
            options)
        {
            ShouldIncludePredicate = (ref System.IO.Enumeration.FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref System.IO.Enumeration.FileSystemEntry entry) =>
                !entry.ToFullPath().Equals(state, StringComparison.Ordinal) && (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
        foreach (var file in files)
        {
            var name = prefix + file[start..].Replace('\\', '/');
            if (matches(name))
            {
                found.Add(name);
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private string Relative(string absolute) =>
        absolute.StartsWith(_folder, StringComparison.Ordinal)
            ? absolute[_folder.Length..].Replace('\\', '/')
            : Path.GetRelativePath(projectDirectory, absolute) is var relative && relative.StartsWith("..", StringComparison.Ordinal) && relative.Length < absolute.Length
                ? relative.Replace('\\', '/')
                : absolute.Replace('\\', '/');

    private static bool IsPlain(string text) =>
        text.Length > 0 && text[0] != '/' && text[0] != '.' && !text.Contains('\\') && !text.Contains(':')
        && !text.Contains("/./", StringComparison.Ordinal) && !text.Contains("/../", StringComparison.Ordinal) && !text.Contains("//", StringComparison.Ordinal)
        && !text.EndsWith("/..", StringComparison.Ordinal) && !text.EndsWith("/.", StringComparison.Ordinal);
}
