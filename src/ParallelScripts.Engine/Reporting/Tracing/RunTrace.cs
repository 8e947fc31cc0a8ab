using System.Text.Encodings.Web;
using System.Text.Json;

namespace ParallelScripts;

/// <summary>
/// <c>trace.json</c>: a run in the trace event format of Chrome, which Perfetto and speedscope open. Slots are threads, attempts are slices on them,
/// dependencies are flows, what ran at once and the memory of that are counters, and the longest path is a process of its own.
/// </summary>
/// <remarks>
/// What viewers make of the format, beyond its own description, and so the rules here: times are whole microseconds, a slice lasts one at least and overlaps
/// no other of its thread, thread 0 does not exist, a flow has a number that no other has, begins inside its slice and ends bound to the enclosing one, and
/// arguments are few and flat, because speedscope writes them behind the name.
/// </remarks>
internal static class RunTrace
{
    public const string FileName = "trace.json";

    /// <summary>Beyond this many dependencies, each script has one flow only: from the one that it waited for last.</summary>
    public const int MostFlows = 50_000;

    private const int SlotsProcess = 1;
    private const int PathProcess = 2;

    /// <summary>So much is collected before it is written.</summary>
    private const int BufferedBytes = 1 << 16;

    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.Default };

    public static void Write(KeptReport run, Stream stream)
    {
        var lanes = TraceLanes.Of(run);
        using var json = new Utf8JsonWriter(stream, _options);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartObject("otherData");
        json.WriteString("tool", "ParallelScripts");
        json.WriteString("project", run.Project);
        json.WriteString("run", run.RunId);
        json.WriteString("outcome", run.Outcome);
        json.WriteString("start", run.Start);
        json.WriteNumber("wallSeconds", run.WallSeconds);
        json.WriteNumber("slots", run.Slots);
        json.WriteEndObject();
        json.WriteStartArray("traceEvents");
        WriteNames(json, run, lanes);
        var isOnPath = new bool[run.Scripts.Length];
        foreach (var number in run.Path)
        {
            isOnPath[number] = true;
        }

        foreach (var slice in lanes.Slices)
        {
            WriteSlice(json, run.Scripts[slice.Script], slice, isOnPath[slice.Script]);
        }

        WriteFlows(json, run, lanes);
        TraceCounters.Write(json, run, lanes, SlotsProcess);
        WritePath(json, run, lanes);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, KeptReport run, TraceLanes lanes)
    {
        // Above the slots, as it is what one looks for first.
        WriteName(json, "process_name", PathProcess, null, "Longest path");
        WriteSortIndex(json, "process_sort_index", PathProcess, null, 0);
        WriteName(json, "thread_name", PathProcess, 1, "longest path");
        WriteName(json, "process_name", SlotsProcess, null, $"Scripts of {run.Project}");
        WriteSortIndex(json, "process_sort_index", SlotsProcess, null, 1);
        var slot = -1;
        foreach (var slice in lanes.Slices)
        {
            if (slice.Slot != slot)
            {
                slot = slice.Slot;
                WriteName(json, "thread_name", SlotsProcess, slot + 1, $"slot {slot + 1}");
                WriteSortIndex(json, "thread_sort_index", SlotsProcess, slot + 1, slot);
            }
        }
    }

    private static void WriteName(Utf8JsonWriter json, string what, int process, int? thread, string name)
    {
        StartMetadata(json, what, process, thread);
        json.WriteString("name", name);
        EndMetadata(json);
    }

    private static void WriteSortIndex(Utf8JsonWriter json, string what, int process, int? thread, int index)
    {
        StartMetadata(json, what, process, thread);
        json.WriteNumber("sort_index", index);
        EndMetadata(json);
    }

    private static void StartMetadata(Utf8JsonWriter json, string what, int process, int? thread)
    {
        json.WriteStartObject();
        json.WriteString("ph", "M");
        json.WriteNumber("pid", process);
        if (thread is { } number)
        {
            json.WriteNumber("tid", number);
        }

        json.WriteString("name", what);
        json.WriteStartObject("args");
    }

    private static void EndMetadata(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSlice(Utf8JsonWriter json, KeptScript script, TraceSlice slice, bool isOnPath)
    {
        StartEvent(json, "X", SlotsProcess, slice.Slot + 1, slice.Start);
        json.WriteNumber("dur", slice.End - slice.Start);
        json.WriteString("name", script.Name);
        json.WriteString("cat", $"script,{slice.Outcome}");
        json.WriteStartObject("args");
        json.WriteString("outcome", slice.Outcome);
        json.WriteNumber("tier", script.Tier);
        var isLast = slice.Attempt > script.FailedAttempts.Length;
        if (script.FailedAttempts.Length > 0)
        {
            json.WriteNumber("attempt", slice.Attempt);
        }

        if (isLast && script.ExitCode is { } exit and not 0)
        {
            json.WriteNumber("exit", exit);
        }

        if (isLast && script.CpuSeconds is { } cpu)
        {
            json.WriteNumber("cpu_s", cpu);
        }

        if (isLast && script.PeakMemoryBytes is { } memory)
        {
            json.WriteNumber("peak_mb", Megabytes(memory));
        }

        if (isOnPath)
        {
            json.WriteBoolean("longest_path", true);
        }

        json.WriteEndObject();
        EndEvent(json);
    }

    /// <summary>From the end of a dependency to the first attempt at the script that waited for it.</summary>
    private static void WriteFlows(Utf8JsonWriter json, KeptReport run, TraceLanes lanes)
    {
        var all = run.Scripts.Sum(script => (long)script.DependsOn.Length) <= MostFlows;
        var id = 0;
        for (var number = 0; number < run.Scripts.Length; number++)
        {
            if (lanes.First[number] is not { } to)
            {
                continue;
            }

            TraceSlice? last = null;
            foreach (var dependency in run.Scripts[number].DependsOn)
            {
                if (lanes.Last[dependency] is not { } from)
                {
                    continue;
                }

                if (all)
                {
                    id = WriteFlow(json, from, to, id);
                }
                else if (last is null || from.End > last.End)
                {
                    last = from;
                }
            }

            if (last is not null)
            {
                id = WriteFlow(json, last, to, id);
            }
        }
    }

    /// <returns>The number of the last flow there is.</returns>
    private static int WriteFlow(Utf8JsonWriter json, TraceSlice from, TraceSlice to, int id)
    {
        // At its very end a slice is over, and nothing can begin in it.
        var leaves = Math.Min(from.End - 1, to.Start);
        if (leaves < from.Start)
        {
            // Only where a clock was set back: it would lead into the past.
            return id;
        }

        WriteFlowEnd(json, "s", from, leaves, ++id);
        WriteFlowEnd(json, "f", to, to.Start, id);
        return id;
    }

    private static void WriteFlowEnd(Utf8JsonWriter json, string phase, TraceSlice slice, long time, int id)
    {
        StartEvent(json, phase, SlotsProcess, slice.Slot + 1, time);
        if (phase == "f")
        {
            json.WriteString("bp", "e");
        }

        json.WriteNumber("id", id);
        json.WriteString("name", "then");
        json.WriteString("cat", "dependency");
        EndEvent(json);
    }

    private static void WritePath(Utf8JsonWriter json, KeptReport run, TraceLanes lanes)
    {
        TraceSlice[] path =
        [
            .. run.Path
                .Select(number => lanes.Last[number]).OfType<TraceSlice>()
                .Select(slice => new TraceSlice { Script = slice.Script, Attempt = slice.Attempt, Outcome = slice.Outcome, Slot = 0, Start = slice.Start, End = slice.End })
                .OrderBy(slice => slice.Start),
        ];
        TraceLanes.Separate(path);
        foreach (var slice in path)
        {
            StartEvent(json, "X", PathProcess, 1, slice.Start);
            json.WriteNumber("dur", slice.End - slice.Start);
            json.WriteString("name", run.Scripts[slice.Script].Name);
            json.WriteString("cat", "longest path");
            json.WriteStartObject("args");
            json.WriteNumber("slot", lanes.Last[slice.Script]!.Slot + 1);
            json.WriteEndObject();
            EndEvent(json);
        }
    }

    internal static void StartEvent(Utf8JsonWriter json, string phase, int process, int? thread, long time)
    {
        json.WriteStartObject();
        json.WriteString("ph", phase);
        json.WriteNumber("pid", process);
        if (thread is { } number)
        {
            json.WriteNumber("tid", number);
        }

        json.WriteNumber("ts", time);
    }

    internal static void EndEvent(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        if (json.BytesPending > BufferedBytes)
        {
            json.Flush();
        }
    }

    internal static double Megabytes(long bytes) => Math.Round(bytes / 1e6, 1);
}
