namespace ParallelScripts;

/// <summary>What a script takes of the machine while it runs, and how urgent it is, as its project declares it.</summary>
public sealed record Demand
{
    /// <summary>Of a script that declares nothing.</summary>
    public static readonly Demand Default = new();

    /// <summary>How many slots it fills; null if that is not declared, and it fills one.</summary>
    public int? DeclaredCores { get; init; }

    /// <summary>How many slots it fills; at least 1.</summary>
    public int Cores => DeclaredCores ?? 1;

    /// <summary>How much memory it needs, in bytes; null if that is not declared.</summary>
    public long? Memory { get; init; }

    /// <summary>Whether it runs on another machine, and so takes neither slots nor memory of this one.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>How many slots of this machine it fills.</summary>
    public int Slots => IsElsewhere ? 0 : Cores;

    /// <summary>How much memory of this machine it needs; null if that is not declared.</summary>
    public long? MemoryHere => IsElsewhere ? 0 : Memory;

    /// <summary>In which pools it needs a place, by their numbers in <see cref="PreparedRun.Pools"/>; each once.</summary>
    public IReadOnlyList<int> Pools { get; init; } = [];

    /// <summary>Higher starts first among those that may start.</summary>
    public int Priority { get; init; }
}

/// <summary>A named limit across scripts: a database, a graphics card, a licence.</summary>
/// <param name="Depth">How many scripts have a place in it at once; at least 1.</param>
public sealed record ScriptPool(string Name, int Depth);
