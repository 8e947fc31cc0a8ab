namespace ParallelScripts;

/// <summary>
/// Turns what <c>DependsOn</c> says (names, files, globs), and what <c>Inputs</c> says of files that others write, into edges;
/// finds duplicate and unknown names.
/// </summary>
internal sealed class Dependencies
{
    /// <summary>Looking for a similar name costs a pass over all names, so only so many unknown ones get a suggestion.</summary>
    private const int MostSuggestions = 20;

    private readonly IReadOnlyList<Script> _scripts;
    private readonly ICollection<Problem> _problems;
    private readonly NameIndex _names;
    private readonly FileDependencies _files;

    /// <summary>
    /// So many scripts that one list names are a join, whoever else names them: what a script waits for, and is compared by, must not depend on
    /// what others wrote. Fewer are edges, so that no graph has more than these for each list that somebody wrote.
    /// </summary>
    private const int FewestInJoin = 16;

    /// <summary>Every list of dependencies that was written, resolved once however many scripts wrote the same.</summary>
    private readonly Dictionary<string, DependencyList> _lists = new(StringComparer.Ordinal);

    /// <summary>Every glob of scripts, and every entry of <c>Inputs</c>, that stands for many; resolved once in however many lists it is. Null: it stands for few.</summary>
    private readonly Dictionary<string, DependencyList?> _entries = new(StringComparer.Ordinal);

    private int _suggestions;

    public Dependencies(IReadOnlyList<Script> scripts, NameIndex names, FileDependencies files, ICollection<Problem> problems)
    {
        _scripts = scripts;
        _problems = problems;
        _names = names;
        _files = files;
    }

    /// <summary>The edges of all nodes: each script's dependencies, then each join's (see <see cref="ScriptGraph"/>).</summary>
    public Edges Resolve()
    {
        foreach (var (script, first) in _names.Duplicates)
        {
            _problems.Add(Problems.SameName(_scripts[script], _scripts[first]));
        }

        var edges = new Edges.Builder(_scripts.Count);
        var joins = new List<int[]>();
        for (var script = 0; script < _scripts.Count; script++)
        {
            if (!TryAddNames(_scripts[script].DependsOn, edges))
            {
                AddEdges(script, Declared(script), joins, edges);
            }

            AddThroughFiles(script, joins, edges);
            edges.EndNode();
        }

        foreach (var members in joins)
        {
            edges.Add(members);
            edges.EndNode();
        }

        return edges.Build();
    }

    /// <summary>Adds what a few plain names stand for, as most scripts have it: without a list, of which a hundred thousand are much.</summary>
    private bool TryAddNames(IReadOnlyList<string> entries, Edges.Builder edges)
    {
        if (entries.Count >= FewestInJoin)
        {
            return false;
        }

        for (var i = 0; i < entries.Count; i++)
        {
            if (!_names.TryFindName(entries[i], out var named))
            {
                edges.Clear();
                return false;
            }

            edges.AddOnce(named);
        }

        return true;
    }

    private void AddThroughFiles(int script, List<int[]> joins, Edges.Builder edges)
    {
        var inputs = _scripts[script].Inputs;
        if (inputs.Count == 0 || _files.None)
        {
            return;
        }

        // A single plain file, as most are, is looked up as fast as in any table.
        if (inputs.Count > 1 || !_files.TryWriterOf(inputs[0], out var only))
        {
            AddEdges(script, ThroughFiles(inputs), joins, edges);
        }
        else if (only is { } writer && writer != script)
        {
            edges.Add(writer);
        }
    }

    private DependencyList Declared(int script)
    {
        var entries = _scripts[script].DependsOn;
        var text = string.Join('\0', entries);
        if (!_lists.TryGetValue(text, out var list))
        {
            _lists[text] = list = ReadList(entries);
        }

        foreach (var entry in list.Unknown)
        {
            _problems.Add(Glob.IsGlob(entry)
                ? Problems.GlobMatchesNothing(_scripts[script], entry)
                : Problems.UnknownDependency(_scripts[script], entry, SuggestionFor(entry)));
        }

        return list;
    }

    private DependencyList ThroughFiles(IReadOnlyList<string> inputs)
    {
        // A list of files is another thing than the same list of names.
        var text = "\0" + string.Join('\0', inputs);
        if (!_lists.TryGetValue(text, out var list))
        {
            _lists[text] = list = new DependencyList();
            foreach (var input in inputs)
            {
                if (_files.TryWriterOf(input, out var only))
                {
                    list.AddByGlob(only is { } one ? [one] : []);
                }
                else if (Many("\0" + input, () => _files.WritersOf(input)) is { } many)
                {
                    list.Parts.Add(many);
                }
                else
                {
                    list.AddByGlob(_files.WritersOf(input));
                }
            }
        }

        return list;
    }

    /// <summary>What an entry stands for, if that is many.</summary>
    private DependencyList? Many(string text, Func<IEnumerable<int>> resolve)
    {
        if (!_entries.TryGetValue(text, out var list))
        {
            var members = resolve().ToArray();
            _entries[text] = list = members.Length < FewestInJoin ? null : new DependencyList();
            list?.AddByGlob(members);
        }

        return list;
    }

    private DependencyList ReadList(IReadOnlyList<string> entries)
    {
        var list = new DependencyList();
        var seen = new HashSet<int>();
        foreach (var entry in entries)
        {
            if (_names.Find(entry) is { } named)
            {
                list.Members.AddRange(named.Where(seen.Add));
                list.ByGlob.ExceptWith(named);
            }
            else if (Glob.IsGlob(entry) && Many(entry, () => _names.Matching(entry)) is { } many)
            {
                list.Parts.Add(many);
            }
            else if (Glob.IsGlob(entry) && _names.Matching(entry) is { Count: > 0 } matching)
            {
                foreach (var match in matching.Where(seen.Add))
                {
                    list.Members.Add(match);
                    list.ByGlob.Add(match);
                }
            }
            else
            {
                list.Unknown.Add(entry);
            }
        }

        return list;
    }

    private void AddEdges(int script, DependencyList list, List<int[]> joins, Edges.Builder edges)
    {
        edges.Add(EdgesOfMembers(script, list, joins));
        foreach (var part in list.Parts)
        {
            edges.Add(EdgesOfMembers(script, part, joins));
        }
    }

    private int[] EdgesOfMembers(int script, DependencyList list, List<int[]> joins)
    {
        // "Everything in this folder first" does not mean oneself; one's own name does, and is a circle. (A script that reads
        // the very file it writes has been refused before.)
        if (list.Members.Count == 0)
        {
            return [];
        }

        if (list.ByGlob.Contains(script))
        {
            return EdgesWithout(script, list);
        }

        if (list.Members.Count < FewestInJoin)
        {
            return [.. list.Members];
        }

        if (list.Join < 0)
        {
            list.Join = _scripts.Count + joins.Count;
            joins.Add([.. list.Members]);
        }

        return [list.Join];
    }

    private static int[] EdgesWithout(int script, DependencyList list)
    {
        if (list.FirstInside < 0)
        {
            list.FirstInside = script;
            return [.. list.Members.Where(member => member != script)];
        }

        // A second script that waits for all of the same files, itself excepted: the two wait for each other. An edge to
        // the first is enough to see the circle; ten thousand copies of a list of ten thousand would not fit in memory.
        return [list.FirstInside];
    }

    private string? SuggestionFor(string name) => _suggestions++ < MostSuggestions ? Spelling.Closest(name, _names.All) : null;

    /// <summary>A list of dependencies as one or more scripts wrote it.</summary>
    private sealed class DependencyList
    {
        /// <summary>The scripts it names, each once, as written; without those of its <see cref="Parts"/>.</summary>
        public List<int> Members { get; } = [];

        /// <summary>Those of them that only a glob or a file names.</summary>
        public HashSet<int> ByGlob { get; } = [];

        /// <summary>Entries that name nothing.</summary>
        public List<string> Unknown { get; } = [];

        /// <summary>Its entries that stand for many scripts each, and are shared by all lists that have them.</summary>
        public List<DependencyList> Parts { get; } = [];

        /// <summary>Its join node, or −1 while nobody needed one.</summary>
        public int Join { get; set; } = -1;

        /// <summary>The first script that a glob of its own list names, or −1.</summary>
        public int FirstInside { get; set; } = -1;

        public void AddByGlob(IEnumerable<int> scripts)
        {
            foreach (var script in scripts)
            {
                if (ByGlob.Add(script))
                {
                    Members.Add(script);
                }
            }
        }
    }
}
