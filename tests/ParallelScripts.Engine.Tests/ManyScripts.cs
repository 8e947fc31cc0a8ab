using System.Diagnostics;
using System.Text.Json;

namespace ParallelScripts.Tests;

/// <summary>A hundred thousand scripts. Nothing is timed: what is allocated is counted, which is the same on every machine.</summary>
public sealed class ManyScripts
{
    private const int Many = 100_000;

    /// <summary>Ten times the scripts may take ten times the memory, and a little for what doubles when it is full.</summary>
    private const double Linear = 13;

    [Fact]
    public void In_one_chain_run_one_after_the_other()
    {
        var graph = Built(Chain(Many));

        Assert.Equal(Many, graph.TierCount);
        Assert.Equal(Enumerable.Range(0, Many), OrderOf(graph));
        Assert.Equal(Many, LongestPath.Of(graph, _ => 1).Weight);
    }

    [Fact]
    public void In_one_chain_are_all_skipped_when_the_first_fails()
    {
        var plan = new Plan(Built(Chain(Many)));
        plan.TryTake(out var first);
        plan.End(first, dependentsMayStart: false);

        Assert.Equal(0, plan.Left);
    }

    [Fact]
    public void Side_by_side_may_all_start_at_once()
    {
        var plan = new Plan(Built(Wide(Many)));
        var taken = 0;
        while (plan.TryTake(out _))
        {
            taken++;
        }

        Assert.Equal(Many, taken);
    }

    [Fact]
    public void Each_after_each_of_as_many_others_have_an_edge_a_script()
    {
        var graph = Built(AllToAll(Many));

        Assert.Equal(2, graph.TierCount);
        Assert.Equal(Many, Edges(graph));
        Assert.Equal(Many, OrderOf(graph).Distinct().Count());
    }

    [Fact]
    public void Each_after_the_same_glob_and_one_of_its_own_have_two_edges_a_script()
    {
        var scripts = AllToAll(20_000).Select((script, i) => script with { DependsOn = script.DependsOn.Count == 0 ? [] : [.. script.DependsOn, $"first/{i - 10_000}.sh", $"first/{i - 9_999}.sh"] }).ToArray();
        scripts[^1] = scripts[^1] with { DependsOn = ["first/*.sh"] };

        Assert.InRange(Edges(Built(scripts)), 20_000, 40_000);
    }

    [Fact]
    public void That_read_all_that_as_many_others_write_have_an_edge_a_script()
    {
        var scripts = Enumerable.Range(0, 20_000).Select(i => i < 10_000
            ? Named($"w{i}.sh") with { Outputs = [$"data/{i}.csv"] }
            : Named($"r{i}.sh") with { Inputs = ["data/*.csv", $"own/{i}.txt"] });

        Assert.Equal(20_000, Edges(Built([.. scripts])));
    }

    [Fact]
    public void That_share_a_list_wait_for_the_same_as_one_that_has_it_alone()
    {
        // Else another script's list would make this one run again.
        var first = Enumerable.Range(0, 100).Select(i => Named($"first/{i}.sh")).ToArray();
        var one = Built([.. first, Named("a.sh") with { DependsOn = ["first/*.sh"] }]);
        var two = Built([.. first, Named("a.sh") with { DependsOn = ["first/*.sh"] }, Named("b.sh") with { DependsOn = ["first/*.sh"] }]);

        Assert.True(one.IsJoin(one.NodesBefore(100)[0]));
        Assert.True(two.IsJoin(two.NodesBefore(100)[0]));
        Assert.Equal(one.DependenciesOf(100), two.DependenciesOf(100));
    }

    [Fact]
    public void With_patterns_that_begin_alike_are_told_of_the_one_pair_that_is_the_same()
    {
        var scripts = Enumerable.Range(0, 30_000).Select(i => Named($"s{i}.sh") with { Outputs = [$"out/*.{i % 29_999}"] }).ToArray();

        Assert.Equal(["PSCR1017"], ProblemsOf(scripts).Select(problem => problem.Code));
    }

    [Fact]
    public void With_unknown_names_are_all_told_of() =>
        Assert.Equal(10_000, ProblemsOf([.. Enumerable.Range(0, 10_000).Select(i => Named($"s{i}.sh") with { DependsOn = [$"t{i}.sh"] })]).Count);

    [Fact]
    public void In_circles_are_told_of_each_circle() =>
        Assert.Equal(1_000, ProblemsOf([.. Enumerable.Range(0, 10_000).Select(i => Named($"s{i}.sh") with { DependsOn = [$"s{(i % 10 == 9 ? i - 9 : i + 1)}.sh"] })]).Count);

    [Theory]
    [InlineData("chain")]
    [InlineData("wide")]
    [InlineData("all to all")]
    [InlineData("all to all and one's own")]
    [InlineData("through files")]
    [InlineData("patterns")]
    [InlineData("wrong")]
    public void Take_memory_by_their_number_not_by_its_square(string shape)
    {
        Script[] Of(int count) => shape switch
        {
            "chain" => Chain(count),
            "wide" => Wide(count),
            "all to all" => AllToAll(count),
            "all to all and one's own" => [.. AllToAll(count).Select((script, i) => script.DependsOn.Count == 0 ? script : script with { DependsOn = ["first/*.sh", $"first/{i - (count / 2)}.sh"] })],
            "through files" => [.. Enumerable.Range(0, count).Select(i => Named($"s{i}.sh") with { Outputs = [$"out/{i}.txt"], Inputs = i == 0 ? [] : [$"out/{i - 1}.txt", "raw/**"] })],
            "patterns" => [.. Enumerable.Range(0, count).Select(i => Named($"s{i}.sh") with { Outputs = [$"out/*.{i}"] })],
            _ => [.. Enumerable.Range(0, count).Select(i => Named($"s{i}.sh") with { DependsOn = [i % 2 == 0 ? $"t{i}.sh" : $"s{i}.sh"] })],
        };

        var (small, large) = (Of(1_000), Of(10_000));
        void Whole(Script[] scripts)
        {
            var problems = new List<Problem>();
            if (TryBuild(scripts, problems) is { } graph)
            {
                _ = OrderOf(graph);
                var recorder = new RunRecorder(Graphs.Prepared(graph, new RunOptions { Slots = 2 }), RunStart.Now());
                recorder.RecordSoFar(canceled: false);
            }
        }

        Whole(small);
        Assert.InRange(Allocated(() => Whole(large)) / (double)Allocated(() => Whole(small)), 1, Linear);
    }

    [Fact]
    public void Each_after_the_same_many_are_written_to_the_record_with_one_list()
    {
        using var folder = new TemporaryFolder();
        var json = Written(AllToAll(2_000), folder);

        Assert.InRange(new FileInfo(folder[RunJson.FileName]).Length, 1, 2_000_000);
        var last = json.GetProperty("scripts")[1_999];
        Assert.Equal(0, last.GetProperty("dependsOn").GetArrayLength());
        var list = json.GetProperty("dependencyLists")[last.GetProperty("dependsOnLists")[0].GetInt32()];
        Assert.Equal([.. Enumerable.Range(0, 1_000).Select(i => $"first/{i}.sh")], list.EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public void Each_after_the_same_few_are_written_to_the_record_with_all_their_names()
    {
        using var folder = new TemporaryFolder();
        var json = Written(AllToAll(200), folder);

        Assert.False(json.TryGetProperty("dependencyLists", out _));
        Assert.Equal([.. Enumerable.Range(0, 100).Select(i => $"first/{i}.sh")], json.GetProperty("scripts")[199].GetProperty("dependsOn").EnumerateArray().Select(name => name.GetString()));
    }

    private static JsonElement Written(Script[] scripts, TemporaryFolder folder)
    {
        var graph = Built(scripts);
        RunJson.Write(new RunRecorder(Graphs.Prepared(graph, new RunOptions { Slots = 2 }), new RunStart("run", DateTimeOffset.UnixEpoch, Stopwatch.GetTimestamp())).RecordSoFar(canceled: false), folder.Path);
        return JsonDocument.Parse(File.ReadAllText(folder[RunJson.FileName])).RootElement;
    }

    private static Script Named(string name) => new() { Name = name, Include = name };

    private static Script[] Chain(int count) => [.. Enumerable.Range(0, count).Select(i => Named($"s{i}.sh") with { DependsOn = i == 0 ? [] : [$"s{i - 1}.sh"] })];

    private static Script[] Wide(int count) => [.. Enumerable.Range(0, count).Select(i => Named($"s{i}.sh"))];

    private static Script[] AllToAll(int count) =>
        [.. Enumerable.Range(0, count).Select(i => i < count / 2 ? Named($"first/{i}.sh") : Named($"second/{i}.sh") with { DependsOn = ["first/*.sh"] })];

    private static ScriptGraph Built(Script[] scripts)
    {
        var problems = new List<Problem>();
        return TryBuild(scripts, problems) ?? throw new ArgumentException(string.Join('\n', problems));
    }

    private static List<Problem> ProblemsOf(Script[] scripts)
    {
        var problems = new List<Problem>();
        Assert.Null(TryBuild(scripts, problems));
        return problems;
    }

    private static ScriptGraph? TryBuild(Script[] scripts, List<Problem> problems) =>
        ScriptGraph.TryBuild(scripts, new NameIndex(scripts), new ProjectFiles("/somewhere", "/somewhere/obj/scripts"), problems);

    private static long Edges(ScriptGraph graph) => Enumerable.Range(0, graph.NodeCount).Sum(node => (long)graph.NodesBefore(node).Length);

    /// <summary>The order in which scripts start, one at a time.</summary>
    private static List<int> OrderOf(ScriptGraph graph)
    {
        var order = new List<int>(graph.Count);
        var plan = new Plan(graph);
        while (plan.TryTake(out var script))
        {
            order.Add(script);
            plan.End(script, dependentsMayStart: true);
        }

        return order;
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
