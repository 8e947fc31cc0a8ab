namespace ParallelScripts;

/// <summary>What every process inherits, as C has it: made once, and for each process only what it has beside that.</summary>
internal sealed unsafe class InheritedEnvironment
{
    private readonly NativeStrings _strings;
    private readonly string[] _names;

    /// <summary>Pointers to <c>NAME=value</c>, as many as there are names.</summary>
    private readonly nint[] _entries;

    /// <summary>What was added last, and from the second time on the pointers to all of it: most scripts add the very same.</summary>
    private IReadOnlyDictionary<string, string>? _last;
    private Usual? _usual;

    /// <param name="without">A variable that is left out, or null.</param>
    /// <param name="strings">Where it all is, and stays.</param>
    public InheritedEnvironment(IReadOnlyDictionary<string, string> environment, string? without, NativeStrings strings)
    {
        _strings = strings;
        var names = new List<string>(environment.Count);
        _entries = new nint[environment.Count];
        foreach (var (name, value) in environment)
        {
            if (name != without)
            {
                _entries[names.Count] = (nint)strings.String($"{name}={value}");
                names.Add(name);
            }
        }

        _names = [.. names];
    }

    /// <summary>With what one process has beside that, or instead, and its mark. From any thread.</summary>
    /// <param name="mark">The value of <see cref="Marks.Variable"/>, or null.</param>
    /// <param name="strings">Where what is its own is to be.</param>
    public byte** With(IReadOnlyDictionary<string, string> added, string? mark, NativeStrings strings)
    {
        if (_usual is null && ReferenceEquals(_last, added))
        {
            lock (_names)
            {
                _usual ??= new Usual(added, AllOf(added, _strings));
            }
        }

        _last = added;
        var entries = _usual is { } usual && ReferenceEquals(usual.Added, added) ? usual.Entries : AllOf(added, strings);
        var array = strings.Array(entries.Length + 1);
        entries.CopyTo(new Span<nint>(array, entries.Length));
        if (mark is not null)
        {
            array[entries.Length] = strings.String($"{Marks.Variable}={mark}");
        }

        return array;
    }

    private nint[] AllOf(IReadOnlyDictionary<string, string> added, NativeStrings strings)
    {
        var count = 0;
        var all = new nint[_names.Length + added.Count];
        for (var i = 0; i < _names.Length; i++)
        {
            if (!added.ContainsKey(_names[i]))
            {
                all[count++] = _entries[i];
            }
        }

        foreach (var (name, value) in added)
        {
            all[count++] = (nint)strings.String($"{name}={value}");
        }

        return all[..count];
    }

    private sealed record Usual(IReadOnlyDictionary<string, string> Added, nint[] Entries);
}
