namespace ParallelScripts.Tests;

/// <summary>How long a run still takes, by what its scripts usually take.</summary>
public sealed class Estimates
{
    [Fact]
    public void Are_the_longest_path_or_the_work_in_the_slots()
    {
        var run = Graphs.Prepared(Graphs.Parse("a\nb: a\nc: b\nd\ne"), new RunOptions { Slots = 2 });

        Assert.Equal(6, Estimate.SecondsLeft(run, [2, 2, 2, 1, 1]));
        Assert.Equal(8, Estimate.SecondsLeft(run, [2, 2, 2, 5, 5]));
        Assert.Equal(0, Estimate.SecondsLeft(run, [0, 0, 0, 0, 0]));
    }

    [Fact]
    public void Let_a_tier_wait_for_the_slowest_of_the_one_before()
    {
        var run = Graphs.Prepared(Graphs.Parse("a\nb: a\nc\nd: c"), new RunOptions { Slots = 4, Schedule = Schedule.Tiers });

        Assert.Equal(9, Estimate.SecondsLeft(run, [5, 1, 1, 4]));
    }

    [Fact]
    public void Count_the_places_in_a_pool()
    {
        var run = Graphs.Prepared(Graphs.Parse("a\nb\nc"), new RunOptions { Slots = 3 }) with
        {
            Pools = [new ScriptPool("database", 1)],
            Demands = [.. Enumerable.Repeat(Demand.Default with { Pools = [0] }, 3)],
        };

        Assert.Equal(6, Estimate.SecondsLeft(run, [1, 2, 3]));
    }

    /// <summary>A run that always starts something when it can takes less than twice as long as its bound (Graham, 1966).</summary>
    [Fact]
    public void Are_never_more_than_it_takes_and_never_less_than_half()
    {
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var count = random.Next(1, 30);
            var graph = Graphs.From([.. Enumerable.Range(0, count).Select(script => Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(count)).Where(before => before < script).Distinct().ToArray())]);
            double[] seconds = [.. Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? 0 : random.NextDouble() * 10)];
            var slots = random.Next(1, 6);

            var estimate = Estimate.SecondsLeft(Graphs.Prepared(graph, new RunOptions { Slots = slots }), seconds);

            var wall = new Simulation(graph, Schedule.Eager, slots, new Resources()).Wall(seconds);
            Assert.InRange(estimate, (wall / 2) - 1e-9, wall + 1e-9);
        }
    }

    [Fact]
    public void Shrink_as_a_run_goes_on_and_take_the_slow_and_the_fast_into_account()
    {
        using var run = new ToldRun("load\nfit: load\nplot: fit", new() { ["load"] = 60, ["fit"] = 120, ["plot"] = 30 });

        Assert.Equal("0/3 4 m left: load", run.Started("load").Changes[^1]);
        Assert.Equal("0/3 3 m left: load", run.Passed(40).Changes[^1]);
        Assert.Equal("[0/3  0%] still running: load for 30.0 s (usually 60.0 s); 3 m left", Assert.Single(run.Lines));

        // It ended 20 seconds earlier than usual.
        Assert.Equal(["[1/3 33%] ok  load 40.0 s (2 m left)"], run.Ended("load", 40).Lines);

        // This one takes longer than it ever did: then the rest is all that is known to be left.
        run.Started("fit").Passed(119);
        Assert.Equal("1/3 31 s left: fit", run.Changes[^1]);
        Assert.Equal("1/3 30 s left: fit", run.Passed(100).Changes[^1]);
        _ = run.Lines;
        Assert.Equal(["[2/3 66%] ok  fit 3 m 39 s (30 s left)"], run.Ended("fit", 219).Lines);
        Assert.Equal(["[3/3 100%] ok  plot 30.0 s"], run.Started("plot").Passed(20).Ended("plot", 30).Lines);
    }

    [Fact]
    public void Are_not_made_where_nothing_is_left_but_what_takes_longer_than_ever()
    {
        using var run = new ToldRun("load", new() { ["load"] = 5 });

        run.Started("load").Passed(6);

        Assert.Equal("0/1 load", run.Changes[^1]);
    }

    [Fact]
    public void Take_nothing_off_the_others_for_one_that_takes_longer_than_ever()
    {
        using var run = new ToldRun("a\nb\nc\nd\ne", new[] { "a", "b", "c", "d", "e" }.ToDictionary(script => script, _ => 10.0));

        run.Started("a").Passed(29.5);

        Assert.Equal("0/5 20 s left: a", run.Changes[^1]);
    }

    [Theory]
    [InlineData(0, "0/4 a")]
    [InlineData(1, "0/4 a")]
    [InlineData(2, "0/4 4 s left: a")]
    [InlineData(4, "0/4 4 s left: a")]
    public void Are_not_made_where_less_than_half_of_what_is_left_was_ever_timed(int known, string shown)
    {
        using var run = new ToldRun("a\nb\nc\nd", new[] { "a", "b", "c", "d" }.Take(known).ToDictionary(script => script, _ => 2.0));

        Assert.Equal([shown], run.Started("a").Changes);
    }

    [Fact]
    public void Are_made_once_so_much_is_over_that_half_of_what_is_left_was_timed()
    {
        using var run = new ToldRun("a\nb\nc\nd", new() { ["d"] = 2.0 });

        run.Started("a").Ended("a").Started("b").Ended("b", outcome: Outcome.Failed).Started("c");

        Assert.Equal(["[1/4 25%] ok  a 1.00 s", "[2/4 50%] failed  b 1.00 s (2 s left)"], run.Lines);
    }

    [Fact]
    public void Start_again_with_a_script_that_is_tried_again()
    {
        using var run = new ToldRun("a\nb: a", new() { ["a"] = 40, ["b"] = 10 });

        run.Started("a").Passed(39.5);
        Assert.Equal("0/2 11 s left: a", run.Changes[^1]);
        run.Retried("a").Passed(0.5);
        Assert.Equal("0/2 50 s left", run.Changes[^1]);
    }
}
