namespace ParallelScripts.Tests;

public sealed class Summaries
{
    [Theory]
    [InlineData(0.004, "4 ms")]
    [InlineData(0.0994, "99 ms")]
    [InlineData(0.0996, "0.10 s")]
    [InlineData(1.234, "1.23 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(99.96, "1 m 40 s")]
    [InlineData(119.6, "2 m 0 s")]
    [InlineData(3599.7, "1 h 0 m")]
    [InlineData(7384, "2 h 3 m")]
    public void Show_durations_as_people_say_them(double seconds, string shown) => Assert.Equal(shown, Durations.Show(seconds));

    [Fact]
    public void Say_what_became_of_the_scripts_and_what_bounded_the_run() =>
        Assert.Equal(
            [
                "3 scripts: 2 succeeded, 1 skipped.",
                "Wall 10.5 s; bound 9.00 s (longest path a -> b); 86 %.",
                "Work 14.0 s in 2 slots.",
            ],
            Summary.Of(Record(slots: 2)));

    [Fact]
    public void Say_what_was_handed_over() =>
        Assert.Equal(
            ["3 scripts: 1 up to date, 2 handed over."],
            Summary.Of(Record(slots: 2) with { WorkSeconds = 0, Scripts = [Script("a", Outcome.UpToDate), Script("b", Outcome.HandedOver), Script("c", Outcome.HandedOver)] }));

    [Fact]
    public void Say_when_the_slots_bounded_the_run() =>
        Assert.Equal(
            "Wall 10.5 s; bound 14.0 s (what runs in 1 slot; longest path 9.00 s: a -> b); 100 %.",
            Summary.Of(Record(slots: 1) with { BoundBy = BoundBy.Slots }).ElementAt(1));

    [Fact]
    public void Say_what_would_help() =>
        Assert.Equal(
            "Work 14.0 s in 2 slots; with 4 slots 9.50 s; with a twice as fast 8.00 s.",
            Summary.Of(Record(slots: 2) with { Outlook = new Outlook { Seconds = 10.4, MoreSlots = 4, SecondsWithMoreSlots = 9.5, Script = "a", SecondsWithScriptTwiceAsFast = 8 } }).Last());

    [Fact]
    public void Say_when_nothing_would_help() =>
        Assert.Equal(
            "Work 14.0 s in 2 slots; neither more slots nor one faster script would help much.",
            Summary.Of(Record(slots: 2) with { Outlook = new Outlook { Seconds = 10.4, MoreSlots = 4, SecondsWithMoreSlots = 10.4 } }).Last());

    private static RunRecord Record(int slots) => new()
    {
        RunId = "1",
        Outcome = Outcome.Succeeded,
        StartTime = DateTimeOffset.UnixEpoch,
        WallSeconds = 10.5,
        WorkSeconds = 14,
        Slots = slots,
        Schedule = Schedule.Eager,
        LongestPath = new PathRecord(9, ["a", "b"]),
        BoundSeconds = Math.Max(9, 14.0 / slots),
        Scripts = [Script("a", Outcome.Succeeded), Script("b", Outcome.Succeeded), Script("c", Outcome.Skipped)],
    };

    private static ScriptRecord Script(string name, Outcome outcome) => new()
    {
        Name = name,
        Tier = 0,
        DependsOn = [],
        Outcome = outcome,
        Reason = "",
        Command = [],
        Project = "work.csproj",
    };
}
