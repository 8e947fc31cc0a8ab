namespace ParallelScripts.Tests;

public sealed class Admitting
{
    [Fact]
    public async Task A_wide_script_fills_its_slots()
    {
        const string Graph = "wide\na\nb";
        using var run = new Run(Graph, slots: 4, resources: Needs.Of(Graph, "wide cores 3"));

        await run.AssertRunning("wide", "a");
        await run.Succeed("wide");
        await run.AssertRunning("a", "b");
    }

    [Fact]
    public void A_wide_script_that_has_been_passed_often_enough_is_still_next_after_a_wait_for_memory()
    {
        var graph = Graphs.Parse(string.Join('\n', ["m", "n0", "wide", .. Enumerable.Range(1, 9).Select(i => $"n{i}"), "x: m", "y: x", "z: n0"]));
        var resources = Needs.Of(string.Join('\n', Enumerable.Range(0, graph.Count).Select(script => graph[script].Name)), "wide cores 2");
        var plan = new Plan(graph, Schedule.Eager, demands: resources.Demands);
        var admission = resources.Weigh(plan, graph, slots: 3);
        Assert.True(TryStart("m") && TryStart("n0"));
        Assert.False(TryStart("wide"));
        for (var i = 1; i <= Admission.MostPasses; i++)
        {
            Assert.True(TryStart($"n{i}"));
            End($"n{i}");
        }

        Assert.False(TryStart("n9"));
        End("m");
        Assert.False(TryStart("x"));

        // There is room for it now, and no memory.
        Assert.Equal("wide", Next());
        admission.PutBack(graph.NumberOf("wide"));

        Assert.Equal("wide", Next());

        string Next() => admission.TryTakeNext(now: 0, out var script) ? graph[script].Name : "nothing";

        bool TryStart(string script)
        {
            Assert.Equal(script, Next());
            return admission.TryAdmit(graph.NumberOf(script), now: 0);
        }

        void End(string script)
        {
            admission.Leave(graph.NumberOf(script));
            plan.End(graph.NumberOf(script), dependentsMayStart: true);
        }
    }

    [Fact]
    public async Task Declared_memory_is_never_more_than_there_is()
    {
        const string Graph = "a\nb\nc";
        using var run = new Run(Graph, slots: 4, resources: Needs.Of(Graph, "a memory 9; b memory 9; c memory 6"));

        await run.AssertRunning("a", "c");
        await run.Succeed("a");
        await run.AssertRunning("b", "c");
    }

    [Fact]
    public async Task A_pool_has_as_many_places_as_it_is_deep()
    {
        const string Graph = "a\nb\nc\nother";
        using var run = new Run(Graph, slots: 8, resources: Needs.Of(Graph, "a pool 0; b pool 0; c pool 0", depths: 2));

        await run.AssertRunning("a", "b", "other");
        await run.Succeed("b");
        await run.AssertRunning("a", "c", "other");
    }

    [Fact]
    public async Task A_script_may_need_a_place_in_several_pools()
    {
        const string Graph = "both\ngpu\ndatabase";
        using var run = new Run(Graph, slots: 8, resources: Needs.Of(Graph, "both pool 0 pool 1; gpu pool 0; database pool 1", depths: [1, 1]));

        await run.AssertRunning("both");
        await run.Succeed("both");
        await run.AssertRunning("gpu", "database");
    }

    [Fact]
    public async Task A_script_that_is_tried_again_needs_room_again()
    {
        const string Graph = "a\nb\nnext: a";
        var rules = new Dictionary<string, FailureRules> { ["a"] = new() { Retries = 1, RetryDelay = TimeSpan.Zero } };
        using var run = new Run(Graph, slots: 8, rules: rules, resources: Needs.Of(Graph, "a pool 0; b pool 0", depths: 1));

        await run.AssertRunning("a");
        await run.Fail("a");
        await run.AssertRunning("b");
        await run.Succeed("b");
        await run.AssertRunning("a");
        await run.Succeed("a");
        await run.AssertRunning("next");
    }

    [Fact]
    public async Task Who_waits_for_room_when_the_run_is_stopped_is_skipped()
    {
        const string Graph = "a\nb";
        using var run = new Run(Graph, slots: 8, resources: Needs.Of(Graph, "a pool 0; b pool 0", depths: 1));

        await run.AssertRunning("a");
        await run.Fail("a");

        Assert.Equal("a Failed, b Skipped", await run.Outcomes());
    }

    [Fact]
    public async Task Memory_that_is_not_declared_counts_as_in_earlier_runs()
    {
        const string Graph = "a\nb\nc";
        using var run = new Run(Graph, slots: 3, resources: Needs.Of(Graph, "a held 9; b held 9"));

        await run.AssertRunning("a", "c");
        await run.Succeed("a");
        await run.AssertRunning("b", "c");
    }

    [Fact]
    public async Task Memory_of_earlier_runs_that_fits_in_any_case_holds_nobody_back()
    {
        const string Graph = "a\nb\nc";
        using var run = new Run(Graph, slots: 3, resources: Needs.Of(Graph, "a held 5; b held 5; c held 5"));

        await run.AssertRunning("a", "b", "c");
    }

    [Fact]
    public async Task A_script_that_once_held_more_than_there_is_runs_alone()
    {
        const string Graph = "huge\na";
        using var run = new Run(Graph, slots: 3, resources: Needs.Of(Graph, "huge held 99; a held 1"));

        await run.AssertRunning("huge");
        await run.Succeed("huge");
        await run.AssertRunning("a");
    }

    [Fact]
    public async Task Narrow_scripts_pass_a_wide_one_so_often_and_no_more()
    {
        // Nothing is known of how long anything takes. first and long hold one slot each, until one of them ends wide cannot start.
        var narrow = Enumerable.Range(0, Admission.MostPasses + 3).Select(i => $"n{i:00}").ToArray();
        var graph = $"long\nwide\n{string.Join('\n', narrow)}";
        using var run = new Run(graph, slots: 2, resources: Needs.Of(graph, "wide cores 2"));

        for (var i = 0; i < Admission.MostPasses; i++)
        {
            await run.AssertRunning("long", narrow[i]);
            await run.Succeed(narrow[i]);
        }

        await run.AssertRunning("long");
        await run.Succeed("long");
        await run.AssertRunning("wide");
        await run.Succeed("wide");
        await run.AssertRunning(narrow[Admission.MostPasses], narrow[Admission.MostPasses + 1]);
    }

    [Fact]
    public async Task What_ends_before_a_wide_script_could_start_passes_it_without_end()
    {
        var narrow = Enumerable.Range(0, Admission.MostPasses + 3).Select(i => $"n{i:00}").ToArray();
        var graph = $"long\nwide\n{string.Join('\n', narrow)}";
        using var run = new Run(graph, slots: 2, resources: Needs.Of(graph, $"long takes 1000; wide cores 2 takes 50; {string.Join("; ", narrow.Select(name => $"{name} takes 10"))}"));

        foreach (var script in narrow)
        {
            await run.AssertRunning("long", script);
            await run.Succeed(script);
        }

        await run.AssertRunning("long");
    }

    [Fact]
    public async Task What_takes_nothing_from_a_waiting_script_passes_it_without_end()
    {
        // Whenever the database is free again, so is the slot of whoever had it.
        var others = Enumerable.Range(0, Admission.MostPasses + 3).Select(i => $"n{i:00}").ToArray();
        var graph = $"query1\nquery2\n{string.Join('\n', others)}";
        using var run = new Run(graph, slots: 2, resources: Needs.Of(graph, "query1 pool 0; query2 pool 0", depths: 1));

        foreach (var script in others)
        {
            await run.AssertRunning("query1", script);
            await run.Succeed(script);
        }

        await run.AssertRunning("query1");
    }

    [Fact]
    public void With_fewer_slots_than_a_script_needs_it_runs_alone()
    {
        var graph = Graphs.Parse("wide\na");
        var resources = Needs.Of("wide\na", "wide cores 4");
        var plan = new Plan(graph);
        var admission = new Admission(plan, resources.NeedsOf(graph, 4), [], 4, resources) { Slots = 1 };

        Assert.True(admission.TryTakeNext(0, out var wide) && admission.TryAdmit(wide, 0));
        Assert.Equal(0, wide);
        Assert.False(admission.AnyFree);
        admission.Slots = 6;
        Assert.True(admission.TryTakeNext(0, out var other) && admission.TryAdmit(other, 0));
    }

    [Fact]
    public void Memory_in_the_ledger_comes_back()
    {
        var room = new Room(4, 10, [new ScriptPool("db", 1)]);
        var need = new Need(1, 2, 7, [0]);

        Assert.True(room.Has(need));
        room.Take(need);
        Assert.False(room.Has(new Need(2, 1, 0, [0])));
        Assert.False(room.Has(new Need(2, 1, 4, [])));
        Assert.False(room.Has(new Need(2, 3, 0, [])));
        Assert.True(room.Has(new Need(2, 2, 3, [])));
        room.Give(need);
        Assert.True(room.Has(need));
    }
}
