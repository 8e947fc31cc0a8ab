using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParallelScripts.Tests;

/// <summary>
/// What Perfetto, chrome://tracing and speedscope ask of a trace, beyond what the format's description says: read in their importers.
/// </summary>
internal static class TraceRules
{
    private static readonly HashSet<string> _metadata = ["process_name", "thread_name", "process_sort_index", "thread_sort_index"];

    public static void Check(byte[] trace)
    {
        var events = JsonNode.Parse(trace)!["traceEvents"]!.AsArray().Select(one => one!).ToArray();
        Assert.All(events, one => Assert.True((int)one["pid"]! >= 1));
        Assert.All(events.Where(one => Phase(one) is not ("C" or "M") || one["tid"] is not null), one => Assert.True((int)one["tid"]! >= 1, "Thread 0 becomes the process' own."));
        Assert.All(events.Where(one => Phase(one) != "M"), one => Assert.True(IsWhole(one["ts"]) && (long)one["ts"]! >= 0, "Times are whole microseconds."));
        Assert.Subset(_metadata, events.Where(one => Phase(one) == "M").Select(one => (string)one["name"]!).ToHashSet());
        Assert.Subset(new HashSet<string> { "M", "X", "s", "f", "C" }, events.Select(Phase).ToHashSet());
        CheckSlices([.. events.Where(one => Phase(one) == "X")]);
        CheckFlows(events, [.. events.Where(one => Phase(one) is "s" or "f")]);
        Assert.All(events.Where(one => Phase(one) == "C"), one =>
        {
            Assert.NotEqual("", (string)one["cat"]!);
            Assert.All(one["args"]!.AsObject(), argument => Assert.Equal(JsonValueKind.Number, argument.Value!.GetValueKind()));
        });
    }

    private static void CheckSlices(JsonNode[] slices)
    {
        Assert.All(slices, slice =>
        {
            Assert.True(IsWhole(slice["dur"]) && (long)slice["dur"]! >= 1, "A slice lasts.");
            Assert.All(slice["args"]!.AsObject(), argument => Assert.True(argument.Value!.GetValueKind() is not (JsonValueKind.Object or JsonValueKind.Array), "Arguments are flat."));
        });
        foreach (var lane in slices.GroupBy(slice => ((int)slice["pid"]!, (int)slice["tid"]!)))
        {
            var sorted = lane.OrderBy(slice => (long)slice["ts"]!).ToArray();
            Assert.All(sorted.Skip(1).Zip(sorted), pair => Assert.True((long)pair.First["ts"]! >= End(pair.Second), $"Slices of a thread do not overlap: {pair.First} {pair.Second}"));
        }
    }

    private static void CheckFlows(JsonNode[] events, JsonNode[] flows)
    {
        var slices = events.Where(one => Phase(one) == "X").ToLookup(slice => ((int)slice["pid"]!, (int)slice["tid"]!));
        foreach (var flow in flows.GroupBy(one => (int)one["id"]!))
        {
            var ends = flow.ToArray();
            Assert.Equal(["s", "f"], ends.Select(Phase));
            Assert.Equal(((string)ends[0]["name"]!, (string)ends[0]["cat"]!), ((string)ends[1]["name"]!, (string)ends[1]["cat"]!));
            Assert.Equal("e", (string?)ends[1]["bp"]);
            Assert.True((long)ends[0]["ts"]! <= (long)ends[1]["ts"]!, "A flow leads forward.");
        }

        // By time in each lane, so that each is found without a search through all.
        foreach (var lane in flows.GroupBy(end => ((int)end["pid"]!, (int)end["tid"]!)))
        {
            var sorted = slices[lane.Key].OrderBy(slice => (long)slice["ts"]!).ToArray();
            var starts = sorted.Select(slice => (long)slice["ts"]!).ToArray();
            Assert.All(lane, end =>
            {
                var found = Array.BinarySearch(starts, (long)end["ts"]!);
                found = found >= 0 ? found : ~found - 1;
                Assert.True(found >= 0 && (long)end["ts"]! < End(sorted[found]), $"A flow begins and ends in a slice: {end}");

                // Where the next slice begins at once, it would begin in that one.
                Assert.True(Phase(end) == "f" || starts[found] < (long)end["ts"]! || (long)sorted[found]["dur"]! == 1, $"A flow begins at the end of its slice: {end}");
            });
        }
    }

    private static string Phase(JsonNode one) => (string)one["ph"]!;

    private static long End(JsonNode slice) => (long)slice["ts"]! + (long)slice["dur"]!;

    private static bool IsWhole(JsonNode? number) => number!.GetValueKind() == JsonValueKind.Number && long.TryParse(number.ToJsonString(), out _);
}
