namespace ParallelScripts;

/// <summary>
/// Tells which of the machine's processes belong to which script. What was seen once to belong to one, or to nobody, is remembered, so that a look
/// costs one listing of /proc and a few reads for each process that is new. Of one thread alone.
/// </summary>
/// <param name="marks">How members are recognised.</param>
/// <param name="table">The processes of the machine.</param>
/// <param name="find">The family with a number; null if there is none.</param>
internal sealed class Kinship(Marks marks, ProcessTable table, Func<int, Family?> find)
{
    private readonly List<int> _numbers = [];
    private readonly List<ProcessEntry> _unmarked = [];
    private readonly Dictionary<int, Known> _known = [];
    private readonly Dictionary<Family, List<Known>> _members = [];
    private readonly Dictionary<int, Family> _sessions = [];
    private int _look;

    /// <summary>Lists all processes, and finds the family of each that is new.</summary>
    /// <param name="watched">Families that may have members.</param>
    public void Look(IReadOnlyList<Family> watched)
    {
        _look++;
        _members.Clear();
        _unmarked.Clear();
        _sessions.Clear();
        foreach (var family in watched)
        {
            if (family.First > 0)
            {
                _sessions.TryAdd(family.First, family);
            }
        }

        table.List(_numbers);
        foreach (var number in _numbers)
        {
            // The first of a family is known by its number, until it is reaped: while it was being started it still had our own environment.
            if (_known.TryGetValue(number, out var known) && (known.Family is not null || !_sessions.ContainsKey(number)) && !known.Again)
            {
                known.Look = _look;
                AddMember(known);
                continue;
            }

            var environment = table.EnvironmentOf(number);
            var isEmpty = environment.IsEmpty;
            if (marks.NumberIn(environment) is { } mark && find(mark) is { } family)
            {
                if (table.TryGet(number, out var entry))
                {
                    Remember(entry.Key, family);
                }
            }
            else if (table.TryGet(number, out var entry))
            {
                // A process that becomes another program has no environment for a moment.
                if (isEmpty && !entry.IsKernels && (known?.Looks ?? 0) < 3)
                {
                    _known[number] = new Known(entry.Key, null) { Look = _look, Looks = (known?.Looks ?? 0) + 1, Again = true };
                }
                else
                {
                    _known[number] = new Known(entry.Key, null) { Look = _look };
                }

                _unmarked.Add(entry);
            }
        }

        AdoptRelatives();
        foreach (var (number, known) in _known)
        {
            if (known.Look != _look)
            {
                _known.Remove(number);
            }
        }
    }

    /// <summary>Who does not carry the mark and is a child of who does, or in a script's session, belongs to it too.</summary>
    private void AdoptRelatives()
    {
        for (var more = true; more;)
        {
            more = false;
            for (var i = _unmarked.Count - 1; i >= 0; i--)
            {
                var entry = _unmarked[i];
                var family = FamilyOf(entry.Parent) ?? _sessions.GetValueOrDefault(entry.Session);
                if (family is not null)
                {
                    Remember(entry.Key, family);
                    _unmarked.RemoveAt(i);
                    more = true;
                }
            }
        }
    }

    /// <summary>Whom a process belongs to, if it still is the one that was seen: its number may be a stranger's since.</summary>
    private Family? FamilyOf(int number) =>
        _known.GetValueOrDefault(number) is { Family: { } family } known && table.TryGet(number, out var entry) && entry.Key == known.Key ? family : null;

    /// <summary>Who was there at the last look; null if nobody.</summary>
    public List<Known>? MembersOf(Family family) => _members.GetValueOrDefault(family);

    /// <summary>
    /// Looks at all anew the next time, but for those known to be a script's, which may not be told again: a number that meant somebody else an
    /// hour ago may be a script's by now.
    /// </summary>
    public void ForgetStrangers()
    {
        foreach (var (number, known) in _known)
        {
            if (known.Family is null || !table.IsAlive(known.Key))
            {
                _known.Remove(number);
            }
        }
    }

    /// <summary>Takes in who holds a family's output, though it carries no mark and is no relative. Tells whether there is anybody.</summary>
    public bool AdoptHolders(Family family, string output)
    {
        var found = false;
        foreach (var number in _numbers)
        {
            // Not a child of ours: that would be one being started at this moment, which still has all that we have open.
            if (number != Environment.ProcessId && _known.GetValueOrDefault(number) is { Family: null }
                && table.TryGet(number, out var entry) && entry is { IsKernels: false, IsAlive: true } && entry.Parent != Environment.ProcessId
                && ProcessTable.HasOpen(number, output))
            {
                Remember(entry.Key, family);
                found = true;
            }
        }

        return found;
    }

    private void Remember(ProcessKey key, Family family)
    {
        var known = new Known(key, family) { Look = _look };
        _known[key.Number] = known;
        AddMember(known);
    }

    private void AddMember(Known known)
    {
        if (known.Family is { } family)
        {
            if (!_members.TryGetValue(family, out var members))
            {
                _members[family] = members = [];
            }

            members.Add(known);
        }
    }

    /// <param name="Key">Which process.</param>
    /// <param name="Family">Whom it belongs to; null if to nobody here.</param>
    internal sealed record Known(ProcessKey Key, Family? Family)
    {
        /// <summary>When it was last there.</summary>
        public int Look { get; set; }

        /// <summary>Whether it was seen dead, and only waits to be reaped.</summary>
        public bool IsDead { get; set; }

        /// <summary>Whether it has been sent SIGKILL.</summary>
        public bool IsKilled { get; set; }

        /// <summary>Whether it has to be looked at again, and how often it has been.</summary>
        public bool Again { get; init; }

        public int Looks { get; init; }
    }
}
