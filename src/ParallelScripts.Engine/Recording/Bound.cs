namespace ParallelScripts;

/// <summary>The shortest that a run can be: whatever is scarce, the work that needs it divided by what there is of it.</summary>
/// <param name="Pool">The pool, if it is one.</param>
internal sealed record Bound(double Seconds, BoundBy By, string? Pool = null)
{
    /// <param name="resources">What the scripts declare to need, and what there is.</param>
    /// <param name="slots">How many slots there are.</param>
    /// <param name="longestPath">In seconds.</param>
    /// <param name="seconds">What each script takes.</param>
    public static Bound Of(Resources resources, int slots, double longestPath, IReadOnlyList<double> seconds)
    {
        var (work, bytes, places) = (0.0, 0.0, new double[resources.Pools.Count]);
        for (var script = 0; script < seconds.Count; script++)
        {
            var demand = resources.Demands.Count > 0 ? resources.Demands[script] : Demand.Default;
            work += seconds[script] * Math.Min(demand.Slots, slots);
            bytes += seconds[script] * (demand.MemoryHere ?? 0);
            foreach (var pool in demand.Pools)
            {
                places[pool] += seconds[script];
            }
        }

        var bound = new Bound(longestPath, BoundBy.LongestPath);
        bound = bound.Or(new Bound(work / slots, BoundBy.Slots));
        bound = bytes > 0 ? bound.Or(new Bound(bytes / resources.Memory.Total, BoundBy.Memory)) : bound;
        for (var pool = 0; pool < places.Length; pool++)
        {
            bound = bound.Or(new Bound(places[pool] / resources.Pools[pool].Depth, BoundBy.Pool, resources.Pools[pool].Name));
        }

        return bound;
    }

    /// <summary>The larger of two; this one if they are the same but for rounding.</summary>
    private Bound Or(Bound other) => other.Seconds > Seconds + 1e-9 ? other : this;
}

/// <summary>What keeps a run from being shorter.</summary>
public enum BoundBy
{
    /// <summary>Scripts that wait for each other, one after the other.</summary>
    LongestPath,

    /// <summary>The work there is for the slots.</summary>
    Slots,

    /// <summary>The memory that scripts declare.</summary>
    Memory,

    /// <summary>The places in a pool.</summary>
    Pool,
}
