namespace ParallelScripts;

/// <summary>
/// What decides the result of a script that was handed to a cluster before what it reads was written. Its deciding lines cannot be known then;
/// so those are compared that no script of the project writes, and of the others it is made sure that nobody has changed them since its job began.
/// </summary>
internal sealed class HandedOverLines(PreparedRun run, Deciding deciding, OutputFiles outputs, ProjectFiles files)
{
    private readonly Lazy<(HashSet<string> Names, Glob[] Globs)> _written = new(() =>
    {
        var all = Enumerable.Range(0, run.Project.Count).SelectMany(script => run.Project[script].Outputs).Select(files.NameOf).ToLookup(Glob.IsGlob);
        return (all[false].Select(name => name.TrimEnd('/')).ToHashSet(StringComparer.Ordinal), [.. all[true].Distinct().Select(files.GlobOf)]);
    });

    /// <summary>The hash of the lines that were known when the job was submitted.</summary>
    public Hash128 FingerprintOf(int number)
    {
        var known = new Manifest();
        foreach (var line in FlatOf(deciding.Of(number)))
        {
            if (line.Kind != LineKind.Run && !(line.Kind == LineKind.Content && IsWrittenByScripts(line.What)))
            {
                known.Add(line);
            }
        }

        return known.Hash;
    }

    /// <summary>A file that decides and was changed after the job began, or one that it wrote and was changed after it ended; null if there is none.</summary>
    /// <param name="began">By the clock of the file system, in nanoseconds.</param>
    /// <param name="ended">The same; null if it has not.</param>
    public string? FindNewer(int number, long began, long? ended) =>
        FlatOf(deciding.Of(number)).FirstOrDefault(line => IsNewer(line, began))?.What
        ?? (ended is { } end ? outputs.Of(run.NumbersInProject[number]).Lines.FirstOrDefault(line => IsNewer(line, end))?.What : null);

    /// <summary>A mode or a name that was changed counts too: to put another file in a file's place changes no more.</summary>
    private bool IsNewer(ManifestLine line, long time) =>
        line.Kind == LineKind.Content && FileStamp.Of(files.AbsoluteOf(line.What)) is { } stamp && (stamp.Changed == 0 ? stamp.Modified : stamp.Changed) > time;

    private IEnumerable<ManifestLine> FlatOf(Manifest manifest) =>
        manifest.Lines.SelectMany(line => line.Kind == LineKind.Group ? FlatOf(deciding.Groups[line.Hash]) : [line]);

    private bool IsWrittenByScripts(string file)
    {
        for (var name = file; name != ""; name = name.LastIndexOf('/') is var slash and > 0 ? name[..slash] : "")
        {
            if (_written.Value.Names.Contains(name))
            {
                return true;
            }
        }

        return Array.Exists(_written.Value.Globs, glob => glob.Matches(file));
    }
}
