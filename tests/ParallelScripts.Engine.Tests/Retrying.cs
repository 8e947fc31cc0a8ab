using CsCheck;

namespace ParallelScripts.Tests;

/// <summary>How long a script rests before it is tried again, and how long it may take: pure functions.</summary>
public sealed class Retrying
{
    private static readonly ScriptEnd _failed = new(Outcome.Failed) { StartTime = DateTimeOffset.UnixEpoch };

    [Fact]
    public void Waits_twice_as_long_each_time_up_to_an_hour()
    {
        var rules = new FailureRules { Retries = 1000, RetryDelay = TimeSpan.FromSeconds(10) };

        Assert.Equal(
            ["10", "20", "40", "2560", "3600", "3600"],
            new[] { 1, 2, 3, 9, 10, 1000 }.Select(attempt => $"{Backoff.WaitAfter(attempt, _failed, rules, chance: 0.5)!.Value.TotalSeconds}"));
    }

    [Fact]
    public void Keeps_a_first_delay_that_is_longer_than_that() =>
        Assert.Equal(TimeSpan.FromHours(8), Backoff.WaitAfter(2, _failed, new FailureRules { Retries = 2, RetryDelay = TimeSpan.FromHours(8) }, chance: 0.5));

    [Fact]
    public void Waits_a_quarter_more_or_less_by_chance() =>
        Gen.Select(Gen.Double[0, 1], Gen.Int[1, 40], Gen.Long[0, TimeSpan.FromDays(49).Ticks]).Sample((chance, attempt, ticks) =>
        {
            var rules = new FailureRules { Retries = attempt, RetryDelay = new TimeSpan(ticks) };
            var middle = Backoff.WaitAfter(attempt, _failed, rules, 0.5)!.Value;
            var wait = Backoff.WaitAfter(attempt, _failed, rules, chance)!.Value;

            // No longer than a timer can wait, either.
            return wait >= TimeSpan.Zero && wait <= TimeSpan.FromDays(49) && wait >= middle * 0.7499 && wait <= middle * 1.2501;
        });

    [Theory]
    [InlineData(Outcome.TimedOut, true)]
    [InlineData(Outcome.Failed, true)]
    [InlineData(Outcome.Canceled, false)]
    [InlineData(Outcome.Succeeded, false)]
    public void Is_for_what_failed_by_itself(Outcome outcome, bool expected) =>
        Assert.Equal(expected, Backoff.WaitAfter(1, _failed with { Outcome = outcome }, new FailureRules { Retries = 1 }, 0) is not null);

    [Fact]
    public void Is_not_for_what_never_started() =>
        Assert.Null(Backoff.WaitAfter(1, new ScriptEnd(Outcome.Failed), new FailureRules { Retries = 1 }, 0));

    [Theory]
    [InlineData("10 20 30", 400, 80.0)]
    [InlineData("10 20 30 40", 200, 50.0)]
    [InlineData("30 10 20 1000", 150, 37.5)]
    [InlineData("0.001 0.001 0.002", 400, 1.0)]
    public void A_limit_in_percent_is_of_the_median_of_the_last_successes(string seconds, double percent, double expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), UsualTime.Limit([.. seconds.Split(' ').Select(double.Parse)], percent));

    [Fact]
    public void A_limit_in_percent_needs_three_successes_to_be_one() => Assert.Null(UsualTime.Limit([10, 10], 400));
}
