namespace ParallelScripts;

/// <summary>What each script's declared outputs are right now: which files, and what is in them.</summary>
internal sealed class OutputFiles(ScriptGraph project, ProjectFiles files, FileHashes hashes)
{
    private readonly DatedManifest?[] _known = new DatedManifest?[project.Count];

    /// <summary>The files that exist, each with its content, noted with who writes them.</summary>
    public Manifest Of(int script)
    {
        if (Volatile.Read(ref _known[script]) is { } known && known.Epoch == hashes.Epoch)
        {
            return known.Manifest;
        }

        var epoch = hashes.Epoch;
        var manifest = Read(project[script].Outputs, $"written by {project[script].Name}");
        Volatile.Write(ref _known[script], new DatedManifest(epoch, manifest));
        return manifest;
    }

    /// <summary>The same for what a script declared in another run.</summary>
    public Manifest Read(IEnumerable<string> declared, string note)
    {
        var manifest = new Manifest();
        foreach (var output in declared)
        {
            var name = files.NameOf(output);
            if (!Glob.IsGlob(name) && hashes.Of(name) is { } known)
            {
                manifest.AddContent(name, known, note);
                continue;
            }

            foreach (var file in files.Expand(name))
            {
                if (hashes.Of(file) is { } hash)
                {
                    manifest.AddContent(file, hash, note);
                }
            }
        }

        return manifest;
    }

    /// <summary>The first declared output that is not there, as it was written; null if none is missing.</summary>
    public string? Missing(int script)
    {
        var there = Of(script);
        return project[script].Outputs.FirstOrDefault(output => files.NameOf(output) is var name
            && !(Glob.IsGlob(name) ? there.Lines.Any(line => files.GlobOf(name).Matches(line.What)) : there.Has(name) || Directory.Exists(files.AbsoluteOf(name))));
    }

    /// <summary>The script has run: what was known of its outputs is no longer.</summary>
    public void Forget(int script)
    {
        if (Interlocked.Exchange(ref _known[script], null) is { } known)
        {
            hashes.Forget(known.Manifest.Lines.Select(line => line.What));
        }

        // Files that were missing are known as missing.
        foreach (var name in project[script].Outputs.Select(files.NameOf))
        {
            hashes.Forget(Glob.IsGlob(name) || Directory.Exists(files.AbsoluteOf(name)) ? files.Expand(name) : [name]);
        }
    }
}
