using System.Text;
using System.Text.Json.Nodes;

namespace ParallelScripts.Tests;

/// <summary>The trace: what stands in it, and that viewers can read it.</summary>
public sealed class Tracing
{
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(1000)]
    [InlineData(10_000)]
    public void Keeps_every_rule_that_viewers_have(int scripts) => TraceRules.Check(TraceOf(KeptOf(SampleRuns.Of(scripts))));

    [Fact]
    public void Shows_attempts_on_slots_dependencies_and_what_ran_at_once()
    {
        var trace = TraceOf(KeptOf(SampleRuns.Small()));

        TraceRules.Check(trace);
        Assert.Equal(
            [
                "M 2/ process_name Longest path",
                "M 2/ process_sort_index 0",
                "M 2/1 thread_name longest path",
                "M 1/ process_name Scripts of work.csproj",
                "M 1/ process_sort_index 1",
                "M 1/1 thread_name slot 1",
                "M 1/1 thread_sort_index 0",
                "M 1/2 thread_name slot 2",
                "M 1/2 thread_sort_index 1",
                "X 1/1 load.py 250000+1500000 {\"outcome\":\"Succeeded\",\"tier\":0,\"cpu_s\":1.25,\"peak_mb\":45,\"longest_path\":true}",
                "X 1/1 fit.py 2750000+2250000 {\"outcome\":\"Failed\",\"tier\":1,\"attempt\":2,\"exit\":1,\"longest_path\":true}",
                "X 1/2 fit.py 1750000+500000 {\"outcome\":\"TimedOut\",\"tier\":1,\"attempt\":1,\"longest_path\":true}",
                "s 1/1 then 1749999 id 1",
                "f 1/2 then 1750000 id 1",
                "C 1/ running scripts 250000 {\"scripts\":1}",
                "C 1/ memory of running scripts, at most 250000 {\"MB\":45}",
                "C 1/ memory of running scripts, at most 1750000 {\"MB\":0}",
                "C 1/ running scripts 2250000 {\"scripts\":0}",
                "C 1/ running scripts 2750000 {\"scripts\":1}",
                "C 1/ running scripts 5000000 {\"scripts\":0}",
                "X 2/1 load.py 250000+1500000 {\"slot\":1}",
                "X 2/1 fit.py 2750000+2250000 {\"slot\":1}",
            ],
            Events(trace).Select(Show));
    }

    [Fact]
    public void Ends_a_slice_where_the_next_of_its_slot_begins()
    {
        // A millisecond by rounding, and seconds by a clock that was set back.
        var trace = TraceOf(KeptOf(("a", 0, 1.001, []), ("b", 1, 5, []), ("c", 3, 1, []), ("d", 3, 0, [])));

        TraceRules.Check(trace);
        Assert.Equal(["a 0+1000000", "b 1000000+2000000", "c 3000000+1", "d 3000001+1"], Events(trace).Where(one => (string)one["ph"]! == "X").Select(one => $"{one["name"]} {one["ts"]}+{one["dur"]}"));
    }

    [Fact]
    public void Has_no_flow_into_the_past()
    {
        var trace = TraceOf(KeptOf(("a", 5, 1, []), ("b", 1, 1, [0])));

        TraceRules.Check(trace);
        Assert.DoesNotContain(Events(trace), one => (string)one["ph"]! is "s" or "f");
    }

    [Fact]
    public void Of_more_dependencies_than_anybody_sees_shows_for_each_script_the_last()
    {
        const int Half = 300;
        var trace = TraceOf(KeptOf(
            [.. Enumerable.Range(0, Half).Select(i => ($"a{i}", (double)i, 1.0, Array.Empty<int>())), .. Enumerable.Range(0, Half).Select(i => ($"b{i}", 1000.0 + i, 1.0, Enumerable.Range(0, Half).ToArray()))]));

        TraceRules.Check(trace);
        var leaves = Events(trace).Where(one => (string)one["ph"]! == "s").ToArray();
        Assert.Equal(Half, leaves.Length);
        Assert.All(leaves, one => Assert.Equal((Half * 1_000_000) - 1, (long)one["ts"]!));
    }

    [Fact]
    public void Of_ten_thousand_scripts_is_small_and_held_in_no_memory()
    {
        var run = KeptOf(SampleRuns.Of(10_000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var written = new CountingStream();

        RunTrace.Write(run, written);

        Assert.InRange(written.Bytes, 1_000_000, 9_000_000);
        Assert.InRange(written.Largest, 1, 200_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 12_000_000);
    }

    [Fact]
    public void Is_the_same_again_for_any_run_that_is_kept()
    {
        using var project = new TestProject();
        project.Add("fails.sh", "echo working; exit 3");
        project.Add("other.sh", "true");
        var first = project.RunRecord();
        var files = new[] { "obj/scripts/trace.json", "obj/scripts/summary.md" };
        string[] of1 = [.. files.Select(project.Read)];
        project.Write("fails.sh", "echo better");
        project.RunRecord();
        string[] of2 = [.. files.Select(project.Read)];

        Assert.Null(Reports.WriteAgain(project.Place, new Setting("ScriptsRun", first.RunId, Place.Nowhere)));
        Assert.Equal(of1, files.Select(project.Read));
        Assert.Null(Reports.WriteAgain(project.Place, new Setting("ScriptsRun", "", Place.Nowhere)));
        Assert.Equal(of2, files.Select(project.Read));
        Assert.NotEqual(of1, of2);
    }

    [Fact]
    public void That_cannot_be_written_is_a_warning_and_the_run_succeeds()
    {
        using var project = new TestProject();
        project.Add("a.sh", "true");
        Directory.CreateDirectory(project["obj/scripts/trace.json/in the way"]);

        Assert.Equal(Outcome.Succeeded, project.RunRecord().Outcome);

        Assert.StartsWith($"PSCR3020: What belongs to the report cannot be written to '{project["obj/scripts/trace.json"]}': ", Assert.Single(project.Notes));
        Assert.EndsWith("Close the program that holds the file, or free the disk, and write it with -t:ReportAnalyses.", project.Notes.Single());
        Assert.False(File.Exists(project["obj/scripts/trace.json.new"]));
        Assert.True(File.Exists(project["obj/scripts/summary.md"]));
        var again = Reports.WriteAgain(project.Place, new Setting("ScriptsRun", "", Place.Nowhere));
        Assert.Equal(("PSCR3020", false), (again!.Code, again.IsWarning));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("no JSON")]
    [InlineData("{\"start\":\"yesterday\",\"scripts\":[]}")]
    [InlineData("{\"start\":\"2026-01-31T12:00:00Z\",\"scripts\":[{\"deps\":[\"a\"]}]}")]
    public void Is_made_of_nothing_but_a_report(string data) => Assert.Throws<InvalidDataException>(() => KeptReport.Read(Encoding.UTF8.GetBytes(data)));

    [Fact]
    public void Shows_no_secret()
    {
        using var project = new TestProject();
        project.Environment["TOKEN"] = "hunter2-hunter2";
        project.Add("asks.sh", "echo it is $TOKEN; exit 1");
        project.Change("asks.sh", script => script with { SecretVariables = ["TOKEN"] });

        project.Run();
        Assert.Null(GraphFiles.Write(project.Prepare(), _ => { }));

        Assert.All(new[] { "trace.json", "summary.md", "graph.dot", "graph.md", "graph.json" }, file => Assert.DoesNotContain("hunter2", project.Read($"obj/scripts/{file}")));
        Assert.Contains("it is ***", project.Read("obj/scripts/summary.md"));
    }

    [Fact]
    public void Goes_with_all_else_when_the_state_is_removed()
    {
        using var project = new TestProject();
        project.Add("a.sh", "true");
        project.Run();
        Assert.Null(GraphFiles.Write(project.Prepare(), _ => { }));

        Cleaner.Clean(project.Scripts, project.Place, [], _ => { }, CancellationToken.None);

        Assert.Equal(["lock"], Directory.EnumerateFileSystemEntries(project["obj/scripts"]).Select(Path.GetFileName));
    }

    internal static KeptReport KeptOf(ReportedRun run) => KeptReport.Read(ReportData.Of(run));

    /// <summary>Scripts in slot 1, one after the other.</summary>
    private static KeptReport KeptOf(params (string Name, double At, double Seconds, int[] DependsOn)[] scripts) => KeptOf(SampleRuns.Small()) with
    {
        Path = [],
        Scripts = [.. scripts.Select(script => new KeptScript { Name = script.Name, Outcome = nameof(Outcome.Succeeded), At = script.At, Seconds = script.Seconds, DependsOn = script.DependsOn })],
    };

    private static byte[] TraceOf(KeptReport run)
    {
        using var trace = new MemoryStream();
        RunTrace.Write(run, trace);
        return trace.ToArray();
    }

    private static IEnumerable<JsonNode> Events(byte[] trace) => JsonNode.Parse(Encoding.UTF8.GetString(trace))!["traceEvents"]!.AsArray().Select(one => one!);

    private static string Show(JsonNode one) => (string)one["ph"]! switch
    {
        "M" => $"M {one["pid"]}/{one["tid"]} {one["name"]} {one["args"]!["name"]}{one["args"]!["sort_index"]}",
        "X" => $"X {one["pid"]}/{one["tid"]} {one["name"]} {one["ts"]}+{one["dur"]} {one["args"]!.ToJsonString()}",
        "C" => $"C {one["pid"]}/ {one["name"]} {one["ts"]} {one["args"]!.ToJsonString()}",
        var flow => $"{flow} {one["pid"]}/{one["tid"]} {one["name"]} {one["ts"]} id {one["id"]}",
    };

    /// <summary>Keeps nothing of what is written to it but how much it was.</summary>
    private sealed class CountingStream : Stream
    {
        public long Bytes { get; private set; }

        public int Largest { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Bytes;

        public override long Position
        {
            get => Bytes;
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => (Bytes, Largest) = (Bytes + count, Math.Max(Largest, count));
    }
}
