using System.Globalization;

namespace ParallelScripts;

/// <summary>
/// What one script takes of the machine as far as it counts: as declared, and where no memory is declared, what earlier runs needed.
/// Scripts with the same needs share one of these.
/// </summary>
/// <param name="Number">Which of the needs of a run it is.</param>
internal sealed record Need(int Number, int Cores, long Memory, IReadOnlyList<int> Pools)
{
    private static readonly Need _oneSlot = new(0, 1, 0, []);

    /// <summary>Whether it runs on this machine.</summary>
    public bool IsHere => Cores > 0;

    /// <summary>The needs of all scripts, or null if each takes one slot and nothing else.</summary>
    /// <param name="demands">What they declare; empty if none declares anything.</param>
    /// <param name="usual">What is known of earlier runs; empty if nothing is.</param>
    /// <param name="slots">How many run at once at most.</param>
    /// <param name="memory">How much memory there is.</param>
    public static Need[]? OfAll(int count, IReadOnlyList<Demand> demands, IReadOnlyList<Usual?> usual, int slots, long memory)
    {
        var learns = IsScarce(demands, usual, slots, memory);
        var declares = demands.Any(demand => demand is not { Slots: 1, Memory: null, Pools.Count: 0 });
        if (!learns && !declares)
        {
            return null;
        }

        var known = new Dictionary<string, Need> { ["1;0;"] = _oneSlot };
        var needs = new Need[count];
        for (var script = 0; script < count; script++)
        {
            var demand = demands.Count > 0 ? demands[script] : Demand.Default;
            var bytes = demand.MemoryHere ?? (learns && usual[script] is { PeakMemory: { } peak } ? Math.Min(RoundedUp(peak), memory) : 0);
            var key = string.Create(CultureInfo.InvariantCulture, $"{demand.Slots};{bytes};{string.Join(',', demand.Pools)}");
            if (!known.TryGetValue(key, out var need))
            {
                known[key] = need = new Need(known.Count, demand.Slots, bytes, demand.Pools);
            }

            needs[script] = need;
        }

        return needs;
    }

    /// <summary>Whether scripts that run at once could need more memory than there is; as long as they cannot, nobody counts it.</summary>
    public static bool IsScarce(IReadOnlyList<Demand> demands, IReadOnlyList<Usual?> usual, int slots, long memory)
    {
        if (usual.Count == 0)
        {
            return false;
        }

        var most = 0L;
        for (var script = 0; script < usual.Count; script++)
        {
            most = Math.Max(most, (demands.Count > 0 ? demands[script].MemoryHere : null) ?? usual[script]?.PeakMemory ?? 0);
        }

        return most > memory / Math.Min(slots, usual.Count);
    }

    /// <summary>To three binary digits, so that scripts of about the same size have the same needs.</summary>
    private static long RoundedUp(long bytes)
    {
        var step = Math.Max(1, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, bytes)) / 16);
        return (bytes + step - 1) / step * step;
    }
}
