namespace ParallelScripts;

/// <summary>Looks programs up as a shell would, in the <c>PATH</c> that the scripts get, each once a run.</summary>
internal sealed class SearchPath
{
    private readonly string[] _directories;
    private readonly string[] _extensions;
    private readonly Dictionary<string, string?> _found = [];

    public SearchPath(IReadOnlyDictionary<string, string> environment)
    {
        _directories = Variable(environment, "PATH").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        _extensions = OperatingSystem.IsWindows()
            ? Variable(environment, "PATHEXT") is { Length: > 0 } extensions ? extensions.Split(';') : [".exe", ".cmd", ".bat"]
            : [];
    }

    /// <summary>
    /// The absolute path of a program, or null. A name with a folder in it is looked for in
    /// <paramref name="directory"/> only, any other on the path.
    /// </summary>
    public string? Find(string program, string directory)
    {
        if (program.Contains('/') || (OperatingSystem.IsWindows() && program.Contains('\\')))
        {
            return FindFile(Path.GetFullPath(program, directory));
        }

        if (!_found.TryGetValue(program, out var found))
        {
            // A relative folder on the path would mean something else in every project.
            _found[program] = found = _directories.Where(Path.IsPathFullyQualified)
                .Select(folder => FindFile(Path.Combine(folder, program)))
                .FirstOrDefault(file => file is not null);
        }

        return found;
    }

    /// <summary>Whether the system would start this file itself.</summary>
    public static bool IsExecutable(string file)
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.GetExtension(file).ToLowerInvariant() is ".exe" or ".com" or ".cmd" or ".bat";
        }

        const UnixFileMode anyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return (File.GetUnixFileMode(file) & anyExecute) != 0;
    }

    private string? FindFile(string file)
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.HasExtension(file) && File.Exists(file)
                ? file
                : _extensions.Select(extension => file + extension).FirstOrDefault(File.Exists);
        }

        return File.Exists(file) && IsExecutable(file) ? file : null;
    }

    private static string Variable(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.TryGetValue(name, out var value)
            ? value
            : environment.FirstOrDefault(variable => OperatingSystem.IsWindows() && string.Equals(variable.Key, name, StringComparison.OrdinalIgnoreCase)).Value ?? "";
}
