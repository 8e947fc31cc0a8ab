namespace ParallelScripts;

/// <summary>Removes what runs have left: declared outputs, and our own files in the state directory. Nothing else, and nothing outside the project.</summary>
public static class Cleaner
{
    /// <summary>
    /// What we write to a state directory; whatever else is there is somebody else's. The lock stays: removed while one waits for it and
    /// made anew by a third, it would be two files that two runs hold.
    /// </summary>
    private static readonly string[] _state =
        [
            HistoryStore.FileName, HistoryStore.FileName + "-wal", HistoryStore.FileName + "-shm", FileMemory.FileName,
            RunJson.FileName, ProgressFile.FileName, Reports.FileName, RunTrace.FileName, RunSummary.FileName,
            GraphFiles.DotName, GraphFiles.MarkdownName, GraphFiles.JsonName,
            "lock.owner", "logs", "failed", "csharp", JobFolder.Name,
        ];

    /// <summary>Removes it, or adds problems and removes nothing. Waits for a run that is going on. Gives what was removed, by name.</summary>
    /// <param name="isHeld">Told once who is waited for.</param>
    public static IReadOnlyList<string> Clean(IReadOnlyList<Script> scripts, RunPlace place, ICollection<Problem> problems, Action<string> isHeld, CancellationToken cancellation)
    {
        var files = new ProjectFiles(place.ProjectDirectory, place.StateDirectory);
        var outside = scripts
            .SelectMany(script => script.Outputs.Where(output => !IsInside(files, place, files.NameOf(output))).Select(output => Problems.OutputOutsideProject(script, output)))
            .ToArray();
        if (outside.Length > 0)
        {
            Array.ForEach(outside, problems.Add);
            return [];
        }

        try
        {
            if (!Directory.Exists(place.StateDirectory))
            {
                return Remove(scripts, files, place);
            }

            // Not under the feet of a run that is going on.
            using var held = StateLock.Take(place.StateDirectory, wait: true, isHeld, cancellation);
            return held is null ? [] : Remove(scripts, files, place);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            problems.Add(Problems.NotRemoved(place, refused.Message));
            return [];
        }
    }

    /// <summary>Whether what an entry of <c>Outputs</c> names lies in the project's folder, also when symbolic links are followed.</summary>
    private static bool IsInside(ProjectFiles files, RunPlace place, string name)
    {
        if (!ProjectFiles.IsInsideProject(name))
        {
            return false;
        }

        var folder = files.AbsoluteOf(Glob.IsGlob(name) ? files.GlobOf(name).Prefix : name);
        folder = Directory.Exists(folder) ? folder : Path.GetDirectoryName(folder)!;
        return ProjectFiles.WithoutLinks(place.ProjectDirectory) is not { } project || ProjectFiles.WithoutLinks(folder) is not { } real
            || ProjectFiles.IsInsideProject(new ProjectFiles(project, "").NameOf(real)) || Path.TrimEndingDirectorySeparator(real) == Path.TrimEndingDirectorySeparator(project);
    }

    private static string[] Remove(IReadOnlyList<Script> scripts, ProjectFiles files, RunPlace place)
    {
        var removed = scripts.SelectMany(script => script.Outputs).SelectMany(output => files.Expand(files.NameOf(output))).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var name in removed)
        {
            File.Delete(files.AbsoluteOf(name));
        }

        var unusable = Directory.Exists(place.StateDirectory) ? Directory.GetFiles(place.StateDirectory, "history.*.unusable.db") : [];
        foreach (var path in _state.Select(name => Path.Combine(place.StateDirectory, name)).Concat(unusable))
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else if (File.Exists(path))
            {
                File.Delete(path);
            }
        }

        return removed;
    }
}
