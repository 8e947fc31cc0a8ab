namespace ParallelScripts;

/// <summary>The files that a script's messages may point at: which of them are there, and which of them are the project's own.</summary>
/// <param name="projectDirectory">Absolute.</param>
/// <param name="workingDirectory">What relative names are relative to, absolute.</param>
/// <param name="script">The script's file, absolute; null if it is a command line.</param>
internal sealed class ScriptSources(string projectDirectory, string workingDirectory, string? script)
{
    /// <summary>Folders in which others' code lies, wherever they are.</summary>
    private static readonly HashSet<string> _others = new(StringComparer.Ordinal)
    {
        "site-packages", "dist-packages", "node_modules", ".venv", ".tox", ".nox", "renv", "packrat", "gems", ".julia", "local-lib",
    };

    public string? Script => script;

    /// <summary>The file of a frame, absolute; null if there is none by that name.</summary>
    public string? Find(string file)
    {
        if (file.Length == 0 || file[0] == '<' || file.Contains('\0') || file.StartsWith("node:", StringComparison.Ordinal))
        {
            return null;
        }

        if (file.StartsWith("file://", StringComparison.Ordinal))
        {
            if (!Uri.TryCreate(file, UriKind.Absolute, out var address) || !address.IsFile)
            {
                return null;
            }

            file = address.LocalPath;
        }
        else if (file.StartsWith("~/", StringComparison.Ordinal))
        {
            // Julia shortens what is below the home folder.
            file = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), file[2..]);
        }

        var folders = script is null ? new[] { workingDirectory, projectDirectory } : [workingDirectory, projectDirectory, Path.GetDirectoryName(script)!];
        return folders.Select(folder => Path.GetFullPath(file, folder)).FirstOrDefault(File.Exists) is { } found ? AsTheProjectSays(found) : null;
    }

    /// <summary>The file of a frame, absolute, whether it is there or not.</summary>
    public string Absolute(string file) => Find(file) ?? (file.Contains('\0') ? file : Path.GetFullPath(file, workingDirectory));

    /// <summary>Whether somebody who works on the project would look for the mistake there.</summary>
    public bool IsOwn(string file)
    {
        var folder = Below(projectDirectory, file) ?? (script is null ? null : Below(Path.GetDirectoryName(script)!, file));
        if (folder is null)
        {
            return false;
        }

        var parts = folder.Split('/', '\\');
        for (var i = 0; i < parts.Length - 1; i++)
        {
            // lib/python3.12 is the library of a virtual environment or of conda, whatever that is called.
            if (_others.Contains(parts[i]) || (parts[i].StartsWith("python", StringComparison.Ordinal) && i > 0 && parts[i - 1] is "lib" or "lib64"))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A name for a sentence: relative to the project where it is below it.</summary>
    public string Show(string file) => Below(projectDirectory, file)?.Replace('\\', '/') ?? file;

    /// <summary>Node names files by what symbolic links point to; an editor has them open by the name that the project has.</summary>
    private string AsTheProjectSays(string file)
    {
        if (Below(projectDirectory, file) is not null)
        {
            return file;
        }

        return ProjectFiles.WithoutLinks(projectDirectory) is { } real && Below(real, file) is { } below ? Path.Combine(projectDirectory, below) : file;
    }

    private static string? Below(string folder, string file) =>
        Path.GetRelativePath(folder, file) is var relative && relative != ".." && !relative.StartsWith("../", StringComparison.Ordinal) && !relative.StartsWith("..\\", StringComparison.Ordinal) && !Path.IsPathRooted(relative)
            ? relative
            : null;
}
