namespace ParallelScripts.Tests;

public sealed class Ordering
{
    [Fact]
    public async Task A_script_starts_when_everything_it_depends_on_has_succeeded()
    {
        // a --\
        //      c
        // b --/
        using var run = new Run("a\nb\nc: a b");
        await run.AssertRunning("a", "b");

        await run.Succeed("a");
        await run.AssertRunning("b");

        await run.Succeed("b");
        await run.AssertRunning("c");

        await run.Succeed("c");
        Assert.Equal("a Succeeded, b Succeeded, c Succeeded", await run.Outcomes());
    }

    [Fact]
    public async Task Eager_does_not_wait_for_the_rest_of_the_tier()
    {
        using var run = new Run("quick\nslow\nnext: quick");
        await run.AssertRunning("quick", "slow");

        await run.Succeed("quick");

        await run.AssertRunning("next", "slow");
    }

    [Fact]
    public async Task Tiers_waits_for_the_whole_tier_before()
    {
        using var run = new Run("quick\nslow\nnext: quick", schedule: Schedule.Tiers);
        await run.AssertRunning("quick", "slow");

        await run.Succeed("quick");
        await run.AssertRunning("slow");

        await run.Succeed("slow");
        await run.AssertRunning("next");
    }

    [Fact]
    public async Task Tiers_goes_on_when_a_tier_ended_by_being_skipped()
    {
        // a --> b --> c
        // x --> y --> z      b is all of its tier that fails; y still runs, and z after it.
        using var run = new Run("a\nx\nb: a\ny: x\nc: b\nz: y", onFailure: OnFailure.KeepGoing, schedule: Schedule.Tiers);
        await run.AssertRunning("a", "x");
        await run.Fail("a");
        await run.Succeed("x");
        await run.AssertRunning("y");
        await run.Succeed("y");
        await run.AssertRunning("z");
        await run.Succeed("z");

        Assert.Equal("a Failed, x Succeeded, b Skipped, y Succeeded, c Skipped, z Succeeded", await run.Outcomes());
    }

    [Fact]
    public async Task No_more_run_at_once_than_there_are_slots()
    {
        using var run = new Run("a\nb\nc\nd", slots: 2);
        await run.AssertRunning("a", "b");

        await run.Succeed("b");
        await run.AssertRunning("a", "c");
    }

    [Fact]
    public async Task The_lowest_free_slot_is_taken_first()
    {
        using var run = new Run("a\nb\nc\nd", slots: 3);
        await run.AssertRunning("a", "b", "c");
        await run.Succeed("b");
        await run.AssertRunning("a", "c", "d");

        Assert.Equal(["a in 0", "b in 1", "c in 2", "d in 1"], run.StartedInSlots);
    }

    [Fact]
    public void Among_the_ready_the_longest_remaining_path_starts_first_then_as_declared()
    {
        // short, other         on their own
        // long --> b --> c
        var graph = Graphs.Parse("short\nother\nlong\nb: long\nc: b");
        var plan = new Plan(graph);

        Assert.Equal(["long", "short", "other"], TakeAll(plan, graph));
    }

    [Fact]
    public void With_weights_the_heaviest_remaining_path_starts_first()
    {
        var graph = Graphs.Parse("a\nb\nafterB: b\nc");
        var plan = new Plan(graph, weights: [5, 1, 1, 7]);

        Assert.Equal(["c", "a", "b"], TakeAll(plan, graph));
    }

    private static List<string> TakeAll(Plan plan, ScriptGraph graph)
    {
        var taken = new List<string>();
        while (plan.TryTake(out var script))
        {
            taken.Add(graph[script].Name);
        }

        return taken;
    }
}
