namespace ParallelScripts.Tests;

/// <summary>What a person is told of a run while it goes on, by a clock that stands still until the test moves it.</summary>
public sealed class Progress
{
    [Fact]
    public void Is_a_line_for_each_script_that_ends()
    {
        using var run = new ToldRun("a\nb\nc: a b");

        run.Started("a", 0).Started("b", 1).Ended("a", 1.04).Ended("b", 1.52).Started("c").Ended("c", 0.51).Finish();

        Assert.Equal(["[1/3 33%] ok  a 1.04 s (1 running)", "[2/3 66%] ok  b 1.52 s", "[3/3 100%] ok  c 0.51 s"], run.Lines);
    }

    [Fact]
    public void Counts_what_is_up_to_date_or_skipped_and_says_nothing_of_it()
    {
        using var run = new ToldRun("a\nb\nc\nd: c");

        run.Ended("a", outcome: Outcome.UpToDate).Started("b").Ended("b", outcome: Outcome.UpToDate).Started("c").Skipped("d").Ended("c", outcome: Outcome.Failed).Finish();

        Assert.Equal(["[4/4 100%] failed  c 1.00 s"], run.Lines);
    }

    [Theory]
    [InlineData(Outcome.Failed, "failed")]
    [InlineData(Outcome.TimedOut, "timed out")]
    [InlineData(Outcome.Canceled, "canceled")]
    public void Says_how_a_script_ended_and_at_which_attempt(Outcome outcome, string word)
    {
        using var run = new ToldRun("a\nb", prepare: run => run with { FailureRules = [FailureRules.Default with { Retries = 3 }, FailureRules.Default] });

        run.Started("a").Started("b", 1).Retried("a").Started("a").Ended("a", 2.5, outcome, attempts: 2);

        Assert.Equal([$"[1/2 50%] {word}  a 2.50 s, attempt 2 of 4 (1 running)"], run.Lines);
    }

    [Fact]
    public void Is_complete_only_when_everything_is()
    {
        using var run = new ToldRun(string.Join('\n', Enumerable.Range(0, 1000).Select(i => $"s{i}")));
        for (var i = 0; i < 998; i++)
        {
            run.Ended($"s{i}", outcome: Outcome.UpToDate);
        }

        run.Started("s998").Started("s999").Ended("s998").Ended("s999");

        Assert.Equal(["[ 999/1000 99%] ok  s998 1.00 s (1 running)", "[1000/1000 100%] ok  s999 1.00 s"], run.Lines);
    }

    [Fact]
    public void Is_told_of_the_first_scripts_one_by_one_and_then_once_a_second()
    {
        using var run = new ToldRun(string.Join('\n', Enumerable.Range(0, 100).Select(i => $"s{i}")));
        run.Started("s99");

        for (var i = 0; i < 33; i++)
        {
            run.Started($"s{i}", 1).Ended($"s{i}", 0.25);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"[{i + 1,3}/100 {i + 1,2}%] ok  s{i} 0.25 s (1 running)"), run.Lines);

        Assert.Equal(["[ 33/100 33%] ok  13 scripts, the last s32 0.25 s (1 running)"], run.Passed(1).Lines);
        Assert.Empty(run.Passed(0.5).Started("s33").Ended("s33").Lines);
        Assert.Equal(["[ 34/100 34%] ok  s33 1.00 s (1 running)"], run.Passed(0.5).Lines);

        // Whoever has been calm for long enough may have a burst again.
        run.Passed(25);
        Assert.Equal(20, Enumerable.Range(40, 30).SelectMany(i => run.Started($"s{i}", 1).Ended($"s{i}").Lines).Count());
    }

    [Fact]
    public void Is_told_to_the_end()
    {
        using var run = new ToldRun(string.Join('\n', Enumerable.Range(0, 30).Select(i => $"s{i}")));
        for (var i = 0; i < 30; i++)
        {
            run.Started($"s{i}").Ended($"s{i}");
        }

        _ = run.Lines;
        run.Finish();

        Assert.Equal(["[30/30 100%] ok  10 scripts, the last s29 1.00 s"], run.Lines);
    }

    [Fact]
    public void Tells_of_failures_at_once_and_before_them_what_succeeded_before()
    {
        using var run = new ToldRun(string.Join('\n', Enumerable.Range(0, 100).Select(i => $"s{i}")));
        for (var i = 0; i < 25; i++)
        {
            run.Started($"s{i}").Ended($"s{i}");
        }

        _ = run.Lines;
        run.Started("s50").Ended("s50", outcome: Outcome.Failed).Started("s51").Ended("s51", outcome: Outcome.Failed);

        Assert.Equal(["[ 26/100 26%] ok  5 scripts, the last s24 1.00 s", "[ 26/100 26%] failed  s50 1.00 s", "[ 27/100 27%] failed  s51 1.00 s"], run.Lines);
    }

    [Fact]
    public void Says_after_half_a_minute_what_still_runs_and_then_less_and_less_often()
    {
        using var run = new ToldRun("fit\nload\nplot: fit", new() { ["fit"] = 40.2 });
        run.Started("fit").Passed(10).Started("load", 1);

        Assert.Empty(run.Passed(19.5).Lines);
        Assert.Equal(["[0/3  0%] still running: fit for 30.0 s (usually 40.2 s), load for 20.0 s"], run.Passed(0.5).Lines);
        Assert.Empty(run.Passed(59.5).Lines);
        Assert.Equal(["[0/3  0%] still running: fit for 90.0 s (usually 40.2 s), load for 80.0 s"], run.Passed(0.5).Lines);
        Assert.Single(run.Passed(120).Lines);
        Assert.Single(run.Passed(240).Lines);

        // Services that end a silent job give it ten minutes at least.
        Assert.Equal(2, run.Passed(600).Lines.Length);

        // From the next end on it is as it was in the beginning.
        _ = run.Ended("load").Lines;
        Assert.Empty(run.Passed(29.5).Lines);
        Assert.Equal(["[1/3 33%] still running: fit for 18 m 0 s (usually 40.2 s); 40 s left"], run.Passed(0.5).Lines);
    }

    [Fact]
    public void Names_the_longest_running_and_counts_the_rest()
    {
        using var run = new ToldRun(string.Join('\n', Enumerable.Range(0, 8).Select(i => $"s{i}")));
        for (var i = 7; i >= 0; i--)
        {
            run.Started($"s{i}", i).Passed(1);
        }

        Assert.Equal(["[0/8  0%] still running: s7 for 30.0 s, s6 for 29.0 s, s5 for 28.0 s, s4 for 27.0 s, s3 for 26.0 s, 3 more"], run.Passed(22).Lines);
    }

    [Fact]
    public void Says_when_nothing_runs_because_a_script_waits_to_be_tried_again()
    {
        using var run = new ToldRun("a\nb");
        run.Started("a").Retried("a");

        Assert.Equal(["[0/2  0%] nothing runs, and a will be tried again"], run.Passed(30).Lines);
    }

    [Fact]
    public void Is_nothing_where_nothing_has_to_run()
    {
        using var run = new ToldRun("a\nb: a");

        run.Ended("a", outcome: Outcome.UpToDate).Ended("b", outcome: Outcome.UpToDate).Passed(60).Finish();

        Assert.Empty(run.Changes);
        Assert.Equal(0, run.Clock.Timers);
        Assert.False(File.Exists(run.FileName));
    }

    [Fact]
    public void Ends_with_the_run()
    {
        using var run = new ToldRun("a");

        run.Started("a").Ended("a").Finish();

        Assert.Equal(0, run.Clock.Timers);
    }

    [Fact]
    public void Changes_the_line_of_a_terminal_when_there_is_something_else_to_see()
    {
        using var run = new ToldRun("fit\nload\nplot: fit load", new() { ["fit"] = 3, ["load"] = 1, ["plot"] = 2 });

        run.Started("fit").Started("load", 1).Passed(1.2).Ended("load").Passed(0.3).Ended("fit", outcome: Outcome.Failed).Skipped("plot").Finish();

        Assert.Equal(
            [
                "0/3 5 s left: fit",
                "0/3 5 s left: fit, load",
                "0/3 4 s left: fit, load",
                "1/3 4 s left: fit",
                "2/3, 1 failed 2 s left",
            ],
            run.Changes);
    }

    [Fact]
    public void Changes_the_line_of_a_terminal_after_a_failure_was_printed_above_it()
    {
        using var run = new ToldRun("fit\nload");

        run.Started("fit").Started("load", 1).Passed(1.2).Ended("fit", outcome: Outcome.Failed).Passed(1);

        Assert.Equal(["0/2 fit", "0/2 fit, load", "1/2, 1 failed load", "1/2, 1 failed load"], run.Changes);
    }

    [Fact]
    public void Shows_no_secret_and_nothing_that_moves_a_cursor()
    {
        var secrets = new Secrets(["hunter22"]);
        using var run = new ToldRun("fit \e[31mhunter22\a\nb", prepare: run => run with { Secrets = secrets });

        run.Started("fit \e[31mhunter22\a").Passed(30).Ended("fit \e[31mhunter22\a");

        Assert.Equal(["[0/2  0%] still running: fit *** for 30.0 s", "[1/2 50%] ok  fit *** 1.00 s"], run.Lines);
        Assert.Contains("\"name\": \"fit ***\"", File.ReadAllText(run.FileName), StringComparison.Ordinal);
        Assert.All(run.Changes, change => Assert.DoesNotContain("hunter22", change, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(100, "2 m left: clean/everything.py, fit.py, plot.py")]
    [InlineData(46, "2 m left: clean/everything.py, fit.py, plot.py")]
    [InlineData(45, "2 m left: clean/everything.py, fit.py, +1")]
    [InlineData(33, "2 m left: clean/everything.py, +2")]
    [InlineData(32, "2 m left: clean/everything.…, +2")]
    [InlineData(20, "2 m left: clean…, +2")]
    [InlineData(3, "2 …")]
    public void Fits_into_a_line(int width, string shown)
    {
        var now = new RunProgress
        {
            Time = default,
            Seconds = 1,
            Total = 9,
            Done = 0,
            Ended = [0, 0, 0, 0, 0, 0],
            Running = [.. new[] { "clean/everything.py", "fit.py", "plot.py" }.Select(name => new RunningScript(name, 0, 1, null, 1))],
            Resting = [],
            SecondsLeft = 120,
        };

        Assert.Equal(shown, ProgressText.InBrief(now, width));
        Assert.InRange(shown.Length, 0, width);
    }

    [Fact]
    public void Does_not_cut_through_a_character()
    {
        var now = new ProgressNews(ProgressKind.Changed, "", new RunProgress { Time = default, Seconds = 0, Total = 1, Done = 0, Ended = [0], Running = [new RunningScript("🚀🚀🚀", 0, 1, null, 1)], Resting = [], SecondsLeft = null });
        Assert.Equal(["🚀🚀🚀", "🚀🚀…", "🚀…", "🚀…", "…"], new[] { 6, 5, 4, 3, 2 }.Select(now.InBrief));
    }

    [Theory]
    [InlineData(0.1, "1 s")]
    [InlineData(1.6, "2 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(60, "1 m")]
    [InlineData(119, "2 m")]
    [InlineData(3569, "59 m")]
    [InlineData(3600, "1 h 0 m")]
    [InlineData(5400, "1 h 30 m")]
    [InlineData(86_400, "1 d 0 h")]
    [InlineData(200_000, "2 d 8 h")]
    public void Says_a_guessed_time_in_few_digits(double seconds, string shown) => Assert.Equal(shown, ProgressText.About(seconds));
}
