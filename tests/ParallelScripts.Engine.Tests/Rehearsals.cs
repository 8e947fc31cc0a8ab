using CsCheck;

namespace ParallelScripts.Tests;

public sealed class Rehearsals
{
    private static readonly Gen<(List<int[]> Graph, double[] Seconds, int Slots, Schedule Schedule)> _cases =
        from count in Gen.Int[1, 30]
        from edges in Gen.Double[0, 1].Array[count * (count + 1) / 2]
        from density in Gen.Double[0, 0.2]
        from seconds in Gen.Int[0, 20].Array[count]
        from slots in Gen.Int[1, 8]
        from schedule in Gen.Enum<Schedule>()
        select (
            Enumerable.Range(0, count).Select(script => Enumerable.Range(0, script).Where(before => edges[(script * (script - 1) / 2) + before] < density).ToArray()).ToList(),
            seconds.Select(second => second / 100.0).ToArray(),
            slots,
            schedule);

    [Fact]
    public void Find_an_order_that_packs_better_than_the_longest_first()
    {
        // Longest first is 5 3 3 | 5 3 | 4 4, which ends after 11; 5 4 | 5 4 | 3 3 3 ends after 9.
        var graph = Graphs.Parse("a\nb\nc\nd\ne\nf\ng");
        double[] seconds = [5, 5, 4, 4, 3, 3, 3];
        var simulation = new Simulation(graph, Schedule.Eager, 3, new Resources());

        Assert.Equal(11, simulation.Wall(seconds));
        Assert.Equal(9, simulation.Wall(seconds, Rehearsal.Order(graph, Schedule.Eager, seconds, 3, new Resources())));
    }

    [Fact]
    public async Task Decide_what_starts()
    {
        const string Graph = "a\nb\nc\nd\ne\nf\ng";
        using var run = new Run(Graph, slots: 3, resources: Needs.Of(Graph, "a takes 5; b takes 5; c takes 4; d takes 4; e takes 3; f takes 3; g takes 3"));
        var found = Rehearsal.Order(Graphs.Parse(Graph), Schedule.Eager, [5, 5, 4, 4, 3, 3, 3], 3, new Resources())!;

        string[] first = [.. found.Take(3).Select(script => "abcdefg"[script].ToString()).Order()];
        Assert.NotEqual(["a", "b", "c"], first);
        await run.AssertRunning(first);
    }

    [Fact]
    public void Never_end_later_and_find_the_same_again() =>
        _cases.Sample(
            @case =>
            {
                var graph = Graphs.From(@case.Graph);
                var simulation = new Simulation(graph, @case.Schedule, @case.Slots, new Resources());
                var order = Rehearsal.Order(graph, @case.Schedule, @case.Seconds, @case.Slots, new Resources());

                Assert.Equal(order, Rehearsal.Order(graph, @case.Schedule, @case.Seconds, @case.Slots, new Resources()));
                if (order is not null)
                {
                    Assert.True(simulation.Wall(@case.Seconds, order) < simulation.Wall(@case.Seconds), "It was taken, and is no better.");
                    Assert.Equal(Enumerable.Range(0, graph.Count), order.Order());
                }
            },
            iter: 50);

    [Fact]
    public void Leave_alone_what_is_at_the_bound() =>
        Assert.Null(Rehearsal.Order(Graphs.Parse("a\nb: a\nc\nd"), Schedule.Eager, [4, 4, 5, 3], 2, new Resources()));

    [Fact]
    public void Leave_alone_what_could_not_gain_a_moment() =>
        Assert.Null(Rehearsal.Order(Graphs.Parse("a\nb\nc\nd\ne\nf\ng"), Schedule.Eager, [5e-6, 5e-6, 4e-6, 4e-6, 3e-6, 3e-6, 3e-6], 3, new Resources()));

    [Fact]
    public async Task Leave_priorities_alone()
    {
        const string Graph = "a\nb\nc\nd\ne\nf\ng";
        using var run = new Run(Graph, slots: 3, resources: Needs.Of(Graph, "a takes 5 priority 1; b takes 5 priority 1; c takes 4 priority 1; d takes 4; e takes 3; f takes 3; g takes 3"));

        await run.AssertRunning("a", "b", "c");
    }
}
