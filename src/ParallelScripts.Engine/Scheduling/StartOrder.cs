namespace ParallelScripts;

/// <summary>
/// Which of two scripts starts first where both may: higher priority, then more urgent, then as declared. Worked out once for all, so that a
/// queue of scripts is a queue of small numbers.
/// </summary>
internal sealed class StartOrder
{
    private const int Digits = 256;

    private readonly int[] _scripts;
    private readonly int[] _places;

    /// <param name="urgency">
    /// How urgent each script is: the longest path that begins with it, or its place in an order, from the last. Never negative; there may be more
    /// of them than scripts.
    /// </param>
    /// <param name="demands">What each script declares; empty if none declares anything.</param>
    public StartOrder(int count, double[] urgency, IReadOnlyList<Demand> demands)
    {
        _scripts = new int[count];
        var keys = new ulong[count];
        for (var script = 0; script < count; script++)
        {
            _scripts[script] = script;

            // Numbers that are not negative are in the order of their bits; with all bits turned, the largest is first.
            keys[script] = ~BitConverter.DoubleToUInt64Bits(urgency[script]);
        }

        Sort(_scripts, keys, sizeof(double));
        if (demands.Count > 0)
        {
            for (var script = 0; script < count; script++)
            {
                keys[script] = ~(uint)(demands[script].Priority ^ int.MinValue);
            }

            Sort(_scripts, keys, sizeof(int));
        }

        _places = new int[count];
        for (var place = 0; place < count; place++)
        {
            _places[_scripts[place]] = place;
        }
    }

    public int PlaceOf(int script) => _places[script];

    public int At(int place) => _scripts[place];

    /// <summary>Byte after byte, from the lowest on (radix sort): those with the same key stay as they are.</summary>
    private static void Sort(int[] scripts, ulong[] keys, int bytes)
    {
        var from = scripts;
        var to = new int[scripts.Length];
        var starts = new int[Digits];
        for (var shift = 0; shift < bytes * 8; shift += 8)
        {
            Array.Clear(starts);
            foreach (var key in keys)
            {
                starts[(int)(key >> shift) & (Digits - 1)]++;
            }

            // Where all have the same byte there is nothing to do, as in most bytes of small whole numbers.
            if (scripts.Length == 0 || starts[(int)(keys[0] >> shift) & (Digits - 1)] == scripts.Length)
            {
                continue;
            }

            var start = 0;
            for (var digit = 0; digit < Digits; digit++)
            {
                (starts[digit], start) = (start, start + starts[digit]);
            }

            foreach (var script in from)
            {
                to[starts[(int)(keys[script] >> shift) & (Digits - 1)]++] = script;
            }

            (from, to) = (to, from);
        }

        if (from != scripts)
        {
            from.CopyTo(scripts, 0);
        }
    }
}
