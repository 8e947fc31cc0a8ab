using System.Collections.Concurrent;

namespace ParallelScripts.Tests;

/// <summary>Grants as many cores as the test says.</summary>
internal sealed class HandGrant(int cores) : ICoreGrant
{
    private volatile int _cores = cores;

    /// <summary>How many are there for this run.</summary>
    public int Cores
    {
        get => _cores;
        set => _cores = value;
    }

    /// <summary>How many were asked for, each time.</summary>
    public ConcurrentQueue<int> Wanted { get; } = new();

    public int Resize(int wanted)
    {
        Wanted.Enqueue(wanted);
        return Math.Min(wanted, Cores);
    }
}
