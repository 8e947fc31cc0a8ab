namespace ParallelScripts;

/// <summary>Finds scripts by what a person may call them: by name, by item as written, or by a glob over both.</summary>
internal sealed class NameIndex
{
    private static readonly Comparer<(string Text, int Script)> _ordinal = Comparer<(string Text, int Script)>.Create(
        (a, b) => string.CompareOrdinal(a.Text, b.Text) is var order and not 0 ? order : a.Script.CompareTo(b.Script));

    private readonly IReadOnlyList<Script> _scripts;
    private readonly Dictionary<string, int> _byName;
    private readonly Dictionary<string, List<int>> _byInclude = new(StringComparer.Ordinal);

    /// <summary>All names and includes in ordinal order, so that a glob looks only at those that begin as it does.</summary>
    private readonly Lazy<(string Text, int Script)[]> _sorted;

    public NameIndex(IReadOnlyList<Script> scripts)
    {
        _scripts = scripts;
        _byName = new Dictionary<string, int>(scripts.Count, StringComparer.Ordinal);
        _sorted = new Lazy<(string, int)[]>(Sort);
        for (var script = 0; script < scripts.Count; script++)
        {
            if (!_byName.TryAdd(scripts[script].Name, script))
            {
                Duplicates.Add((script, _byName[scripts[script].Name]));
            }

            // One file may be listed several times, under a name each. Only then, or with a name of its own, is the include news.
            if (scripts[script].Include != scripts[script].Name)
            {
                Add(scripts[script].Include, script);
            }
        }
    }

    /// <summary>Scripts whose name an earlier one has, with that earlier one.</summary>
    public List<(int Script, int First)> Duplicates { get; } = [];

    /// <summary>Every name.</summary>
    public IEnumerable<string> All => _byName.Keys;

    /// <summary>The script with this very name.</summary>
    public bool TryFindName(string name, out int script) => _byName.TryGetValue(name, out script);

    /// <summary>The script with this name, or else those whose item is written so; null if there is none.</summary>
    public IReadOnlyList<int>? Find(string text) =>
        _byName.TryGetValue(text, out var named) || _byName.TryGetValue(text.Replace('\\', '/'), out named) ? [named]
        : _byInclude.TryGetValue(text.Replace('\\', '/'), out var included) ? included
        : null;

    /// <summary>The scripts whose name or item a glob matches, in the order they were declared.</summary>
    public IReadOnlyCollection<int> Matching(string pattern)
    {
        var glob = new Glob(pattern.Replace('\\', '/'));
        var sorted = _sorted.Value;
        var found = Array.BinarySearch(sorted, (glob.Prefix, -1), _ordinal);
        var matches = new SortedSet<int>();
        for (var i = found < 0 ? ~found : found; i < sorted.Length && sorted[i].Text.StartsWith(glob.Prefix, StringComparison.Ordinal); i++)
        {
            if (glob.Matches(sorted[i].Text))
            {
                matches.Add(sorted[i].Script);
            }
        }

        return matches;
    }

    private void Add(string include, int script)
    {
        if (!_byInclude.TryGetValue(include, out var scripts))
        {
            _byInclude[include] = scripts = [];
        }

        scripts.Add(script);
    }

    private (string, int)[] Sort()
    {
        var all = new List<(string, int)>(_scripts.Count);
        all.AddRange(_byName.Select(named => (named.Key, named.Value)));
        all.AddRange(_byInclude.SelectMany(included => included.Value.Select(script => (included.Key, script))));
        all.Sort(_ordinal);
        return [.. all];
    }
}
