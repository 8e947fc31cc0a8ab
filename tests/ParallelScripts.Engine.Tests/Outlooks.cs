namespace ParallelScripts.Tests;

/// <summary>What would have made a run shorter, in exact numbers.</summary>
public sealed class Outlooks
{
    [Fact]
    public void Of_scripts_in_a_row_name_the_longest_and_no_more_slots()
    {
        var outlook = Of("load\nfit: load\nplot: fit", slots: 2, 10, 60, 5)!;

        Assert.Equal((75, 4, 75, false), (outlook.Seconds, outlook.MoreSlots, outlook.SecondsWithMoreSlots, outlook.MoreSlotsHelp));
        Assert.Equal(("fit", 45), (outlook.Script, outlook.SecondsWithScriptTwiceAsFast));
    }

    [Fact]
    public void Of_scripts_beside_each_other_ask_for_slots_and_for_no_script_of_many_alike()
    {
        var outlook = Of(string.Join('\n', Enumerable.Range(0, 40).Select(i => $"s{i}")), slots: 2, [.. Enumerable.Repeat(1.0, 40)])!;

        Assert.Equal((20, 4, 10, true), (outlook.Seconds, outlook.MoreSlots, outlook.SecondsWithMoreSlots, outlook.MoreSlotsHelp));
        Assert.Null(outlook.Script);
        Assert.Null(outlook.SecondsWithScriptTwiceAsFast);
    }

    [Fact]
    public void Name_the_script_that_helps_most_and_not_the_longest_of_all()
    {
        // The longest of all is beside the path that decides: a -> b.
        var outlook = Of("a\nb: a\nbeside", slots: 2, 50, 48, 60)!;

        Assert.Equal((98, "a", 73), (outlook.Seconds, outlook.Script, outlook.SecondsWithScriptTwiceAsFast));
    }

    [Fact]
    public void Keep_to_what_scripts_need()
    {
        // However many slots there are, both need the one place in the pool.
        const string Graph = "a\nb";
        var outlook = Of(Graph, slots: 2, Needs.Of(Graph, "a pool 0; b pool 0", depths: 1), 30, 20)!;

        Assert.Equal((50, 50, "a", 35), (outlook.Seconds, outlook.SecondsWithMoreSlots, outlook.Script, outlook.SecondsWithScriptTwiceAsFast));
    }

    [Fact]
    public void Say_nothing_of_what_saves_less_than_three_parts_in_a_hundred()
    {
        var outlook = Of(string.Join('\n', ["long", .. Enumerable.Range(0, 100).Select(i => $"s{i}: {(i == 0 ? "long" : $"s{i - 1}")}")]), slots: 1, [5, .. Enumerable.Repeat(1.0, 100)])!;

        Assert.Equal(105, outlook.Seconds);
        Assert.Null(outlook.Script);
        Assert.False(outlook.MoreSlotsHelp);
    }

    [Fact]
    public void Are_not_there_for_a_run_of_a_moment() => Assert.Null(Of("a", slots: 2, 0.9));

    [Fact]
    public void Are_not_there_for_more_scripts_than_one_waits_for() =>
        Assert.Null(Of(string.Join('\n', Enumerable.Range(0, 20_001).Select(i => $"s{i}")), slots: 2, [.. Enumerable.Repeat(1.0, 20_001)]));

    private static Outlook? Of(string graph, int slots, params double[] seconds) => Of(graph, slots, new Resources(), seconds);

    private static Outlook? Of(string graph, int slots, Resources resources, params double[] seconds)
    {
        var run = Graphs.Prepared(Graphs.Parse(graph), new RunOptions { Slots = slots });
        var path = LongestPath.Of(run.Graph, script => seconds[script]);
        return Outlook.Of(run, resources, slots, seconds, path.Scripts, wall: seconds.Sum());
    }
}
