namespace ParallelScripts;

/// <summary>
/// The attempts of a run in slots, none of which overlaps its neighbour: a viewer that finds two slices of a thread that overlap, be it by a microsecond,
/// calls that an error. Where rounding to milliseconds, or a clock that was set back, made them overlap, the earlier one ends when the later begins.
/// </summary>
internal sealed class TraceLanes
{
    private TraceLanes(List<TraceSlice> slices, TraceSlice?[] first, TraceSlice?[] last)
    {
        Slices = slices;
        First = first;
        Last = last;
    }

    /// <summary>By slot, and in each by time.</summary>
    public IReadOnlyList<TraceSlice> Slices { get; }

    /// <summary>The first attempt at each script, or null.</summary>
    public IReadOnlyList<TraceSlice?> First { get; }

    /// <summary>The last attempt at each script, or null.</summary>
    public IReadOnlyList<TraceSlice?> Last { get; }

    public static TraceLanes Of(KeptReport run)
    {
        var slices = new List<TraceSlice>(run.Scripts.Length);
        var (first, last) = (new TraceSlice?[run.Scripts.Length], new TraceSlice?[run.Scripts.Length]);
        for (var number = 0; number < run.Scripts.Length; number++)
        {
            var script = run.Scripts[number];
            var attempt = 0;
            foreach (var failed in script.FailedAttempts)
            {
                Add(number, ++attempt, failed.Outcome, failed.Slot, failed.At, failed.Seconds);
            }

            if (script.At is { } at)
            {
                Add(number, ++attempt, script.Outcome, script.Slot, at, script.Seconds);
            }
        }

        // Stable, so that the same run gives the same trace.
        slices = [.. slices.OrderBy(slice => slice.Slot).ThenBy(slice => slice.Start)];
        Separate(slices);
        return new TraceLanes(slices, first, last);

        void Add(int script, int attempt, string outcome, int slot, double at, double seconds)
        {
            var start = Microseconds(at);
            last[script] = new TraceSlice { Script = script, Attempt = attempt, Outcome = outcome, Slot = slot, Start = start, End = start + Math.Max(1, Microseconds(seconds)) };
            first[script] ??= last[script];
            slices.Add(last[script]!);
        }
    }

    /// <summary>Takes from slices of a lane, which are sorted by their start, what overlaps; each keeps a microsecond at least.</summary>
    public static void Separate(IReadOnlyList<TraceSlice> slices)
    {
        for (var i = 1; i < slices.Count; i++)
        {
            var (before, slice) = (slices[i - 1], slices[i]);
            if (before.Slot == slice.Slot)
            {
                slice.Start = Math.Max(slice.Start, before.Start + 1);
                slice.End = Math.Max(slice.End, slice.Start + 1);
                before.End = Math.Min(before.End, slice.Start);
            }
        }
    }

    private static long Microseconds(double seconds) => (long)Math.Round(seconds * 1e6);
}

/// <summary>One attempt at a script in a trace: a slice of time on a lane, in microseconds from the run's start.</summary>
internal sealed class TraceSlice
{
    public required int Script { get; init; }

    /// <summary>Counts from 1.</summary>
    public required int Attempt { get; init; }

    public required string Outcome { get; init; }

    public required int Slot { get; init; }

    public long Start { get; set; }

    public long End { get; set; }
}
