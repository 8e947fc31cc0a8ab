namespace ParallelScripts;

/// <summary>The last successes of one script, one after the other, until <see cref="ToUsual"/> makes of them what it usually takes.</summary>
/// <remarks>Lists of numbers that sort themselves would be .NET's, and be compiled in every build: docs/decisions/0012-compiled-ahead.md.</remarks>
internal sealed class LastRuns
{
    /// <summary>Sorted as they come: there are a few.</summary>
    private readonly double[] _seconds = new double[Usual.MostRuns];
    private readonly double[] _cores = new double[Usual.MostRuns];
    private int _count;
    private int _coresCount;
    private long? _peakMemory;

    public bool AreNone => _count == 0;

    public void Add(double seconds, double? cpuSeconds, long? peakMemory)
    {
        Insert(seconds, _seconds, ref _count);
        if (cpuSeconds is { } cpu && seconds >= Usual.ShortestToTell)
        {
            Insert(cpu / seconds, _cores, ref _coresCount);
        }

        if (peakMemory is { } peak && !(_peakMemory >= peak))
        {
            _peakMemory = peak;
        }
    }

    /// <summary>What they say together; then there are none again.</summary>
    public Usual ToUsual()
    {
        var usual = new Usual(
            Usual.Middle(new ReadOnlySpan<double>(_seconds, 0, _count)),
            _coresCount == 0 ? null : Usual.Middle(new ReadOnlySpan<double>(_cores, 0, _coresCount)),
            _peakMemory);
        (_count, _coresCount, _peakMemory) = (0, 0, null);
        return usual;
    }

    private static void Insert(double value, double[] sorted, ref int count)
    {
        var at = count++;
        for (; at > 0 && sorted[at - 1] > value; at--)
        {
            sorted[at] = sorted[at - 1];
        }

        sorted[at] = value;
    }
}
