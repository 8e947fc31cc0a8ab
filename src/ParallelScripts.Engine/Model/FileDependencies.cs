namespace ParallelScripts;

/// <summary>
/// Finds which script's <c>Inputs</c> another one's <c>Outputs</c> are: a dependency that nobody has to write down. Two scripts
/// that write one file, and a script that reads what it writes, are found here too.
/// </summary>
internal sealed class FileDependencies
{
    private readonly IReadOnlyList<Script> _scripts;
    private readonly ProjectFiles _files;

    /// <summary>What scripts write, files and patterns, by the text up to its first wildcard.</summary>
    private readonly Dictionary<string, List<Output>> _byPrefix = new(StringComparer.Ordinal);

    /// <summary>The first output of each name.</summary>
    private readonly Dictionary<string, Output> _byName = new(StringComparer.Ordinal);

    /// <summary>Every folder that an output is below, with no <c>/</c> at its end.</summary>
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);

    /// <summary>Whether any output is a pattern.</summary>
    private bool _anyPattern;

    /// <summary>The keys of <see cref="_byPrefix"/> in ordinal order: those that begin alike stand together.</summary>
    private readonly Lazy<string[]> _prefixes;

    public FileDependencies(IReadOnlyList<Script> scripts, ProjectFiles files, ICollection<Problem> problems)
    {
        _scripts = scripts;
        _files = files;
        var outputs = scripts.Sum(script => script.Outputs.Count);
        _byPrefix.EnsureCapacity(outputs);
        _byName.EnsureCapacity(outputs);
        _prefixes = new Lazy<string[]>(() => [.. _byPrefix.Keys.Order(StringComparer.Ordinal)]);
        for (var script = 0; script < scripts.Count; script++)
        {
            foreach (var output in scripts[script].Outputs)
            {
                Add(new Output(files.NameOf(output), script, null), output, problems);
            }
        }

        FindFilesInPatterns(problems);
    }

    /// <summary>Whether no script declares what it writes, so that there is nothing to find.</summary>
    public bool None => _byPrefix.Count == 0;

    /// <summary>The scripts that write what an entry of <c>Inputs</c> names.</summary>
    public IEnumerable<int> WritersOf(string input) => OutputsIn(_files.NameOf(input)).Select(output => output.Script).Distinct();

    /// <summary>
    /// The one script that writes the file that an entry of <c>Inputs</c> names, or null if none does. Tells whether it could be told so:
    /// a pattern or a folder can have many.
    /// </summary>
    public bool TryWriterOf(string input, out int? writer)
    {
        writer = null;
        var name = _files.NameOf(input);
        if (_anyPattern || Glob.IsGlob(name) || name.EndsWith('/') || _folders.Contains(name))
        {
            return false;
        }

        if (_byPrefix.TryGetValue(name, out var outputs))
        {
            writer = outputs[0].Script;
            return outputs.Count == 1;
        }

        // Below a folder that is an output?
        for (var slash = name.LastIndexOf('/'); slash > 0; slash = name.LastIndexOf('/', slash - 1))
        {
            if (IsOutput(name.AsSpan(0, slash)) || IsOutput(name.AsSpan(0, slash + 1)))
            {
                return false;
            }
        }

        return true;

        bool IsOutput(ReadOnlySpan<char> folder) => _byPrefix.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(folder);
    }

    /// <summary>The file by which one script waits for another, or null if it is not by a file.</summary>
    public string? FileBetween(Script reader, int writer) => reader.Inputs
        .SelectMany(input => OutputsIn(_files.NameOf(input)).Where(output => output.Script == writer).Select(output => Glob.IsGlob(output.Name) ? _files.NameOf(input) : output.Name))
        .FirstOrDefault();

    private void Add(Output output, string written, ICollection<Problem> problems)
    {
        if (Glob.IsGlob(output.Name))
        {
            output = output with { Pattern = _files.GlobOf(output.Name) };
            _anyPattern = true;
        }

        var prefix = output.Pattern?.Prefix ?? output.Name;
        if (!_byPrefix.TryGetValue(prefix, out var outputs))
        {
            _byPrefix[prefix] = outputs = [];
        }

        // Not looked for among those that begin alike: ten thousand patterns may.
        if (!_byName.TryAdd(output.Name, output) && _byName[output.Name] is var same && same.Script != output.Script)
        {
            problems.Add(Problems.SameOutput(_scripts[output.Script], _scripts[same.Script], written));
        }

        outputs.Add(output);
        AddFoldersOf(output.Name);
        if (_scripts[output.Script].Inputs.Any(input => _files.NameOf(input) == output.Name))
        {
            problems.Add(Problems.InputIsOutput(_scripts[output.Script], written));
        }
    }

    private void AddFoldersOf(string name)
    {
        for (var slash = name.LastIndexOf('/'); slash > 0; slash = name.LastIndexOf('/', slash - 1))
        {
            // All above a folder that is known are known.
            if (!_folders.GetAlternateLookup<ReadOnlySpan<char>>().Add(name.AsSpan(0, slash)))
            {
                return;
            }
        }
    }

    /// <summary>A file of one script that a pattern of another takes in. Two patterns that might overlap are no reason to refuse.</summary>
    private void FindFilesInPatterns(ICollection<Problem> problems)
    {
        if (!_anyPattern)
        {
            return;
        }

        foreach (var file in _byPrefix.Values.SelectMany(outputs => outputs).Where(output => output.Pattern is null))
        {
            if (PatternsThatBegin(file.Name).FirstOrDefault(pattern => pattern.Script != file.Script && pattern.Pattern!.Matches(file.Name)) is { } taking)
            {
                problems.Add(Problems.SameOutput(_scripts[file.Script], _scripts[taking.Script], file.Name));
            }
        }
    }

    private IEnumerable<Output> OutputsIn(string name)
    {
        if (Glob.IsGlob(name))
        {
            var glob = _files.GlobOf(name);
            return Beginning(glob.Prefix)
                .Where(output => output.Pattern?.Overlaps(glob) ?? glob.Matches(output.Name))
                .Concat(PatternsThatBegin(glob.Prefix).Where(output => output.Pattern!.Prefix != glob.Prefix && output.Pattern.Overlaps(glob)))
                .Concat(FoldersOf(glob.Prefix));
        }

        // A name may be a file, or a folder that stands for all below it.
        return (_byPrefix.TryGetValue(name, out var exact) ? exact.Where(output => output.Pattern is null) : [])
            .Concat(PatternsThatBegin(name).Where(output => output.Pattern!.Matches(name)))
            .Concat(Beginning(name.TrimEnd('/') + "/"))
            .Concat(FoldersOf(name));
    }

    /// <summary>Outputs that are folders, of all that the name is below.</summary>
    private IEnumerable<Output> FoldersOf(string name)
    {
        for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
        {
            foreach (var folder in new[] { name[..slash], name[..(slash + 1)] })
            {
                if (_byPrefix.TryGetValue(folder, out var outputs))
                {
                    foreach (var output in outputs.Where(output => output.Pattern is null))
                    {
                        yield return output;
                    }
                }
            }
        }
    }

    /// <summary>The patterns whose text up to the first wildcard is the beginning of a name.</summary>
    private IEnumerable<Output> PatternsThatBegin(string name)
    {
        for (var length = 0; length <= name.Length; length++)
        {
            if (_byPrefix.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name.AsSpan(0, length), out var outputs))
            {
                foreach (var output in outputs)
                {
                    if (output.Pattern is not null)
                    {
                        yield return output;
                    }
                }
            }
        }
    }

    private IEnumerable<Output> Beginning(string prefix)
    {
        var prefixes = _prefixes.Value;
        var found = Array.BinarySearch(prefixes, prefix, StringComparer.Ordinal);
        for (var i = found < 0 ? ~found : found; i < prefixes.Length && prefixes[i].StartsWith(prefix, StringComparison.Ordinal); i++)
        {
            foreach (var output in _byPrefix[prefixes[i]])
            {
                yield return output;
            }
        }
    }

    private sealed record Output(string Name, int Script, Glob? Pattern);
}
