using System.Diagnostics;

namespace ParallelScripts;

/// <summary>The clock that never jumps, in its own ticks.</summary>
internal static class Clock
{
    public static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    /// <summary>Milliseconds until then, as <c>poll</c> takes them: never a little too few, and 0 when it is over.</summary>
    public static int MillisecondsUntil(long timestamp) =>
        (int)Math.Clamp(Math.Ceiling((timestamp - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency), 0, int.MaxValue);
}
