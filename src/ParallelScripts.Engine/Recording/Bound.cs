namespace ParallelScripts;

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

/// <summary>The shortest that a run can be: whatever is scarce, the work that needs it divided by what there is of it.</summary>
/// <param name="Pool">The pool, if it is one.</param>
internal sealed record Bound(double Seconds, BoundBy By, string? Pool = null)
{
    /// <param name="longestPath">In seconds.</param>
    /// <param name="seconds">What each script took.</param>
    public static Bound Of(PreparedRun run, double longestPath, IReadOnlyList<double> seconds)
    {
        var (slots, bytes, places) = (0.0, 0.0, new double[run.Pools.Count]);
        for (var script = 0; script < seconds.Count; script++)
        {
            var demand = run.Demands.Count > 0 ? run.Demands[script] : Demand.Default;
            slots += seconds[script] * demand.Slots;
            bytes += seconds[script] * (demand.MemoryHere ?? 0);
            foreach (var pool in demand.Pools)
            {
                places[pool] += seconds[script];
            }
        }

        var bound = new Bound(longestPath, BoundBy.LongestPath);
        bound = bound.Or(new Bound(slots / run.Options.Slots, BoundBy.Slots));
        bound = bytes > 0 ? bound.Or(new Bound(bytes / run.Memory.Total, BoundBy.Memory)) : bound;
        for (var pool = 0; pool < places.Length; pool++)
        {
            bound = bound.Or(new Bound(places[pool] / run.Pools[pool].Depth, BoundBy.Pool, run.Pools[pool].Name));
        }

        return bound;
    }

    /// <summary>The larger of two; this one if they are the same but for rounding.</summary>
    private Bound Or(Bound other) => other.Seconds > Seconds + 1e-9 ? other : this;
}
