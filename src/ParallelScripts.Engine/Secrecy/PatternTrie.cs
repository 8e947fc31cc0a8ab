namespace ParallelScripts;

/// <summary>Many byte strings, looked for at once, each byte read once: the automaton of Aho and Corasick (CACM 18, 1975).</summary>
/// <remarks>
/// The states in which a search nearly always is, the root and those one byte below it, have a table of what follows; the others have
/// their children only, so that a private key of some kilobytes costs kilobytes and not megabytes.
/// </remarks>
internal sealed class PatternTrie
{
    /// <summary>States are numbered by depth, so the children of one are neighbours.</summary>
    private readonly byte[] _label;
    private readonly int[] _firstChild;
    private readonly byte[] _depth;
    private readonly int[] _shorter;
    private readonly byte[] _match;
    private readonly byte[] _open;
    private readonly int[] _next;
    private readonly int _lastWithTable;

    /// <param name="patterns">None longer than <see cref="LongestPattern"/>.</param>
    public PatternTrie(IEnumerable<byte[]> patterns)
    {
        var sorted = patterns.Distinct(ByContent.Instance).Order(ByContent.Instance).ToArray();
        var label = new List<byte> { 0 };
        var firstChild = new List<int>();
        var depth = new List<byte> { 0 };
        var parent = new List<int> { 0 };
        var isPattern = new List<bool> { false };

        // Breadth first: each state is a range of the sorted patterns that begin alike.
        var ranges = new Queue<(int From, int To)>([(0, sorted.Length)]);
        for (var state = 0; ranges.TryDequeue(out var range); state++)
        {
            firstChild.Add(label.Count);
            var (from, at) = (range.From, depth[state]);
            while (from < range.To && sorted[from].Length == at)
            {
                isPattern[state] = true;
                from++;
            }

            while (from < range.To)
            {
                var to = from + 1;
                while (to < range.To && sorted[to][at] == sorted[from][at])
                {
                    to++;
                }

                label.Add(sorted[from][at]);
                depth.Add((byte)(at + 1));
                parent.Add(state);
                isPattern.Add(false);
                ranges.Enqueue((from, to));
                from = to;
            }
        }

        firstChild.Add(label.Count);
        (_label, _firstChild, _depth) = ([.. label], [.. firstChild], [.. depth]);
        (_shorter, _match, _open) = (new int[_label.Length], new byte[_label.Length], new byte[_label.Length]);
        _lastWithTable = _firstChild[1] - 1;
        _next = new int[(_lastWithTable + 1) * 256];
        for (var state = 0; state < _label.Length; state++)
        {
            if (state > 0)
            {
                _shorter[state] = _depth[state] == 1 ? 0 : Next(_shorter[parent[state]], _label[state]);
                _match[state] = isPattern[state] ? _depth[state] : _match[_shorter[state]];
                _open[state] = _firstChild[state] < _firstChild[state + 1] ? _depth[state] : _open[_shorter[state]];
            }

            if (state <= _lastWithTable)
            {
                var table = _next.AsSpan(state * 256, 256);
                if (state > 0)
                {
                    _next.AsSpan(0, 256).CopyTo(table);
                }

                for (var child = _firstChild[state]; child < _firstChild[state + 1]; child++)
                {
                    table[_label[child]] = child;
                }
            }
        }
    }

    /// <summary>What a byte can count to leaves room.</summary>
    public const int LongestPattern = 64;

    /// <summary>The state after one more byte. 0 is the root: nothing seen that a pattern begins with.</summary>
    public int Next(int state, byte label)
    {
        while (state > _lastWithTable)
        {
            for (var child = _firstChild[state]; child < _firstChild[state + 1]; child++)
            {
                if (_label[child] == label)
                {
                    return child;
                }
            }

            state = _shorter[state];
        }

        return _next[(state * 256) + label];
    }

    /// <summary>The length of the longest pattern that ends here, or 0.</summary>
    public int Match(int state) => _match[state];

    /// <summary>How many of the last bytes may be the beginning of a pattern that has not ended yet.</summary>
    public int Open(int state) => _open[state];

    private sealed class ByContent : IEqualityComparer<byte[]>, IComparer<byte[]>
    {
        public static readonly ByContent Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] bytes)
        {
            var hash = default(HashCode);
            hash.AddBytes(bytes);
            return hash.ToHashCode();
        }

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
