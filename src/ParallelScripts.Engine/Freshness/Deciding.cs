using System.Collections.Concurrent;

namespace ParallelScripts;

/// <summary>Gathers what decides a script's result, line by line: the list that the documentation of freshness gives is the list of calls in <see cref="Of"/>.</summary>
internal sealed class Deciding(PreparedRun run, IReadOnlyDictionary<string, string> environment, ProjectFiles files, FileHashes hashes, OutputFiles outputs, InterpreterIdentity interpreters, Lazy<byte[]> salt, Func<int, string> lastRunOf)
{
    /// <summary>So many files of one glob are a group of their own, read once for all scripts that have the same one.</summary>
    private const int LargeGlob = 16;

    private readonly ConcurrentDictionary<string, DatedManifest> _globs = new(StringComparer.Ordinal);
    private readonly Lazy<ConcurrentDictionary<int, DatedManifest>> _joins = new();
    private readonly Lazy<ConcurrentDictionary<Hash128, Manifest>> _groups = new();
    private readonly ConcurrentDictionary<string, bool> _exists = new(StringComparer.Ordinal);
    private readonly Lazy<string[]> _pythonLocks = new(() => LockFiles(run, "requirements*.txt", "uv.lock", "poetry.lock", ".venv/pyvenv.cfg"));
    private readonly Lazy<string[]> _rLocks = new(() => LockFiles(run, "renv.lock"));

    /// <summary>All groups that a manifest of this run refers to, to be kept with it.</summary>
    public ConcurrentDictionary<Hash128, Manifest> Groups => _groups.Value;

    /// <summary>A script has run: which files a pattern stands for, and what is in them, may have changed where it writes.</summary>
    /// <param name="script">By its number in the project.</param>
    public void Forget(int script)
    {
        foreach (var (name, _) in _globs)
        {
            if (run.Project[script].Outputs.Any(output => MayMeet(files.NameOf(output), name)))
            {
                _globs.TryRemove(name, out _);
            }
        }

        static bool MayMeet(string output, string input) =>
            BeforeWildcards(output) is var a && BeforeWildcards(input) is var b && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal));

        static ReadOnlySpan<char> BeforeWildcards(string name) => name.AsSpan(0, name.AsSpan().IndexOfAny('*', '?') is var wildcard and >= 0 ? wildcard : name.Length);
    }

    /// <param name="number">The script, by its number among those that take part.</param>
    public Manifest Of(int number)
    {
        var script = run.Graph[number];
        var launch = run.Launches[number];
        var manifest = new Manifest();
        if (script.Command == "")
        {
            AddScriptFile(manifest, script, launch);
            manifest.AddText("the interpreter", launch.CSharpFile is null && launch.Program == files.AbsoluteOf(files.NameOf(script.Include)) ? "itself" : interpreters.Of(launch.Program).Identity);
            AddText(manifest, "the interpreter's options", launch.InterpreterOptions);
            AddLocks(manifest, script);
            if (launch.CSharpFile is { } source)
            {
                foreach (var file in CSharpPrograms.ImplicitBuildFiles(source))
                {
                    AddFile(manifest, files.NameOf(file), "read when it is compiled");
                }
            }
        }

        AddText(manifest, "Command", script.Command);
        AddText(manifest, "Arguments", script.Arguments);
        AddText(manifest, "WorkingDirectory", script.WorkingDirectory);
        foreach (var name in script.EnvironmentVariables.Select(pair => pair.Split('=')[0].Trim()).Concat(script.SecretVariables).Distinct())
        {
            var what = $"environment variable {name}";
            if (launch.Secrets.TryGetValue(name, out var secret))
            {
                manifest.AddSecret(what, run.Secrets.Fingerprint(secret, salt.Value));
            }
            else
            {
                manifest.AddText(what, run.Secrets.Mask(launch.Environment[name]));
            }
        }

        AddDependencies(manifest, run.NumbersInProject[number]);
        AddInputs(manifest, run.NumbersInProject[number]);
        return manifest;
    }

    private void AddScriptFile(Manifest manifest, Script script, Launch launch)
    {
        var name = files.NameOf(script.Include);
        AddFile(manifest, name, "");
        foreach (var module in ImportedBy(name, launch))
        {
            AddFile(manifest, module, $"imported by {script.Name}");
        }
    }

    private IEnumerable<string> ImportedBy(string name, Launch launch)
    {
        var extension = Path.GetExtension(name);
        if (hashes.ImportsOf(name, text => ImportScanner.Scan(extension, text)).Count == 0)
        {
            return [];
        }

        var path = files.AbsoluteOf(name);
        var roots = new List<string> { Path.GetDirectoryName(path)! };
        if (launch.Environment.TryGetValue("PYTHONPATH", out var pythonPath) || environment.TryGetValue("PYTHONPATH", out pythonPath))
        {
            roots.AddRange(pythonPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.GetFullPath(folder, launch.WorkingDirectory)));
        }

        roots.Add(launch.WorkingDirectory);
        return LocalModules.Of(
                path,
                roots,
                file => _exists.GetOrAdd(file, static candidate => File.Exists(candidate)),
                file => hashes.ImportsOf(files.NameOf(file), text => ImportScanner.Scan(Path.GetExtension(file), text)))
            .Select(files.NameOf)
            .Where(module => module != name);
    }

    private void AddLocks(Manifest manifest, Script script)
    {
        var locks = Path.GetExtension(script.Include).ToLowerInvariant() switch
        {
            ".py" => _pythonLocks.Value,
            ".r" => _rLocks.Value,
            _ => [],
        };
        foreach (var file in locks)
        {
            AddFile(manifest, files.NameOf(file), "");
        }
    }

    private void AddDependencies(Manifest manifest, int script)
    {
        foreach (var node in run.Project.NodesBefore(script))
        {
            if (!run.Project.IsJoin(node))
            {
                AddWhatItWrote(manifest, node);
                continue;
            }

            // What a list of scripts wrote is the same for everyone who waits for that list.
            if (!_joins.Value.TryGetValue(node, out var join) || join.Epoch != hashes.Epoch)
            {
                join = new DatedManifest(hashes.Epoch, new Manifest());
                foreach (var member in run.Project.NodesBefore(node))
                {
                    AddWhatItWrote(join.Manifest, member);
                }

                _joins.Value[node] = join;
                Groups[join.Manifest.Hash] = join.Manifest;
            }

            manifest.AddGroup($"what {run.Project[run.Project.NodesBefore(node)[0]].Name} and {run.Project.NodesBefore(node).Length - 1} more wrote", join.Manifest);
        }
    }

    private void AddWhatItWrote(Manifest manifest, int dependency)
    {
        if (run.Project[dependency].Outputs.Count == 0)
        {
            manifest.AddRun(run.Project[dependency].Name, lastRunOf(dependency));
            return;
        }

        foreach (var line in outputs.Of(dependency).Lines)
        {
            manifest.Add(line);
        }
    }

    private void AddInputs(Manifest manifest, int script)
    {
        foreach (var input in run.Project[script].Inputs)
        {
            var name = files.NameOf(input);
            if (!Glob.IsGlob(name) && hashes.Of(name) is { } hash)
            {
                manifest.AddContent(name, hash);
                continue;
            }

            var expanded = Expanded(name, script);
            if (expanded.Lines.Count >= LargeGlob)
            {
                manifest.AddGroup(name, expanded);
                continue;
            }

            foreach (var line in expanded.Lines)
            {
                manifest.Add(line);
            }
        }
    }

    /// <summary>The files of a glob or folder, without those that the script writes itself.</summary>
    private Manifest Expanded(string name, int script)
    {
        if (!_globs.TryGetValue(name, out var glob) || glob.Epoch != hashes.Epoch)
        {
            glob = new DatedManifest(hashes.Epoch, outputs.Read([name], ""));
            _globs[name] = glob;
            Groups[glob.Manifest.Hash] = glob.Manifest;
        }

        var own = run.Project[script].Outputs.Select(files.NameOf).ToArray();
        if (!glob.Manifest.Lines.Any(line => IsOwn(line.What)))
        {
            return glob.Manifest;
        }

        var others = new Manifest();
        foreach (var line in glob.Manifest.Lines.Where(line => !IsOwn(line.What)))
        {
            others.Add(line);
        }

        Groups[others.Hash] = others;
        return others;

        bool IsOwn(string file) => own.Any(output => Glob.IsGlob(output) ? files.GlobOf(output).Matches(file) : output == file);
    }

    private void AddFile(Manifest manifest, string name, string note)
    {
        if (hashes.Of(name) is { } hash)
        {
            manifest.AddContent(name, hash, note);
        }
    }

    private void AddText(Manifest manifest, string what, string text)
    {
        if (text != "")
        {
            // A hash of a text with a secret in it would let the secret be guessed; that it changed, its own line says.
            manifest.AddText(what, run.Secrets.Mask(text));
        }
    }

    private static string[] LockFiles(PreparedRun run, params string[] patterns) =>
        [.. patterns.SelectMany(pattern => Directory.Exists(Path.GetDirectoryName(Path.Combine(run.Place.ProjectDirectory, pattern)))
            ? Directory.GetFiles(Path.GetDirectoryName(Path.Combine(run.Place.ProjectDirectory, pattern))!, Path.GetFileName(pattern)).Order(StringComparer.Ordinal)
            : Enumerable.Empty<string>())];
}
