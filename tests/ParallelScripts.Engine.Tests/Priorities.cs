namespace ParallelScripts.Tests;

public sealed class Priorities
{
    [Fact]
    public async Task The_longest_path_by_earlier_runs_starts_first()
    {
        // By the number of scripts a --> b --> c is the longest; by time it is long.
        const string Graph = "a\nb: a\nc: b\nlong";
        using var run = new Run(Graph, slots: 1, resources: Needs.Of(Graph, "a takes 1; b takes 1; c takes 1; long takes 60"));

        await run.AssertRunning("long");
    }

    [Fact]
    public async Task Where_nothing_is_known_the_number_of_scripts_decides()
    {
        const string Graph = "single\na\nb: a\nc: b";
        using var run = new Run(Graph, slots: 1, resources: Needs.Of(Graph, ""));

        await run.AssertRunning("a");
    }

    [Fact]
    public async Task A_script_that_has_never_succeeded_counts_as_the_median_of_the_others()
    {
        const string Graph = "short\na\nb: a\nnew\nlong";
        using var run = new Run(Graph, slots: 2, resources: Needs.Of(Graph, "short takes 1; a takes 4; b takes 10; long takes 100"));

        // long 100, then a with b 14; new has the median of 1, 4, 10 and 100, which is 7, and so comes before short.
        await run.AssertRunning("long", "a");
        await run.Succeed("a");
        await run.AssertRunning("long", "b");
        await run.Succeed("b");
        await run.AssertRunning("long", "new");
    }

    [Fact]
    public async Task Priority_overrides_and_may_be_negative()
    {
        const string Graph = "late\nlong\nurgent\nusual";
        using var run = new Run(Graph, slots: 1, resources: Needs.Of(Graph, "late priority -1 takes 500; long takes 60; urgent priority 7 takes 1; usual takes 5"));

        await run.AssertRunning("urgent");
        await run.Succeed("urgent");
        await run.AssertRunning("long");
        await run.Succeed("long");
        await run.AssertRunning("usual");
        await run.Succeed("usual");
        await run.AssertRunning("late");
    }

    [Fact]
    public async Task Tiers_stay_in_order_whatever_the_priorities()
    {
        const string Graph = "a\nb\nnext: a";
        using var run = new Run(Graph, slots: 1, schedule: Schedule.Tiers, resources: Needs.Of(Graph, "next priority 9; b priority 1"));

        await run.AssertRunning("b");
        await run.Succeed("b");
        await run.AssertRunning("a");
        await run.Succeed("a");
        await run.AssertRunning("next");
    }
}
