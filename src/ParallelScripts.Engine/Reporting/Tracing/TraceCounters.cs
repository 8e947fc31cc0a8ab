using System.Text.Json;

namespace ParallelScripts;

/// <summary>
/// The counters of a trace: how many scripts ran at once, and how much memory they held at most together. What a script held at each moment nobody knows;
/// the sum of peaks is what the machine must have had at worst.
/// </summary>
internal static class TraceCounters
{
    public static void Write(Utf8JsonWriter json, KeptReport run, TraceLanes lanes, int process)
    {
        TraceSlice[] starts = [.. lanes.Slices.OrderBy(slice => slice.Start)];
        TraceSlice[] ends = [.. lanes.Slices.OrderBy(slice => slice.End)];
        var isMemoryKnown = Array.Exists(run.Scripts, script => script.PeakMemoryBytes is not null);
        var (started, ended, memory, shownMemory, shownRunning) = (0, 0, 0L, -1L, -1);
        while (ended < ends.Length)
        {
            var time = started < starts.Length ? Math.Min(starts[started].Start, ends[ended].End) : ends[ended].End;
            for (; ended < ends.Length && ends[ended].End == time; ended++)
            {
                memory -= MemoryOf(ends[ended]);
            }

            for (; started < starts.Length && starts[started].Start == time; started++)
            {
                memory += MemoryOf(starts[started]);
            }

            if (started - ended != shownRunning)
            {
                shownRunning = started - ended;
                WriteCounter(json, process, time, "running scripts", "scripts", shownRunning);
            }

            if (isMemoryKnown && memory != shownMemory)
            {
                shownMemory = memory;
                WriteCounter(json, process, time, "memory of running scripts, at most", "MB", RunTrace.Megabytes(memory));
            }
        }

        // Of attempts that failed it is not recorded; they are taken for the last one.
        long MemoryOf(TraceSlice slice) => run.Scripts[slice.Script].PeakMemoryBytes ?? 0;
    }

    private static void WriteCounter(Utf8JsonWriter json, int process, long time, string name, string unit, double value)
    {
        RunTrace.StartEvent(json, "C", process, null, time);
        json.WriteString("name", name);
        json.WriteString("cat", "run");
        json.WriteStartObject("args");
        json.WriteNumber(unit, value);
        json.WriteEndObject();
        RunTrace.EndEvent(json);
    }
}
