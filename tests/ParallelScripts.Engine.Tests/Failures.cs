namespace ParallelScripts.Tests;

public sealed class Failures
{
    // a --> b --> c
    // x           (on its own)
    private const string Chain = "a\nb: a\nc: b\nx";

    [Fact]
    public async Task By_default_a_running_script_may_finish_but_nothing_new_starts()
    {
        using var run = new Run(Chain);
        await run.AssertRunning("a", "x");

        await run.Fail("x");
        await run.Succeed("a");

        Assert.Equal("a Succeeded, b Skipped, c Skipped, x Failed", await run.Outcomes());
        Assert.Equal(["b: the run stopped when 'x' failed", "c: the run stopped when 'x' failed"], run.SkippedBecause);
    }

    [Fact]
    public async Task KeepGoing_runs_all_that_does_not_depend_on_the_failure()
    {
        using var run = new Run(Chain + "\ny: x", onFailure: OnFailure.KeepGoing);
        await run.AssertRunning("a", "x");

        await run.Fail("a");
        await run.Succeed("x");
        await run.AssertRunning("y");
        await run.Succeed("y");

        Assert.Equal("a Failed, b Skipped, c Skipped, x Succeeded, y Succeeded", await run.Outcomes());
        Assert.Equal(["b: it depends on 'a', which did not succeed", "c: it depends on 'a', which did not succeed"], run.SkippedBecause);
    }

    [Fact]
    public async Task StopNow_ends_what_is_running()
    {
        using var run = new Run(Chain, onFailure: OnFailure.StopNow);
        await run.AssertRunning("a", "x");

        await run.Fail("x");

        Assert.Equal("a Canceled, b Skipped, c Skipped, x Failed", await run.Outcomes());
    }

    [Fact]
    public async Task Cancelling_ends_what_is_running_and_skips_the_rest()
    {
        using var run = new Run(Chain);
        await run.AssertRunning("a", "x");

        run.Cancel();

        Assert.Equal("a Canceled, b Skipped, c Skipped, x Canceled", await run.Outcomes());
    }

    [Fact]
    public async Task Cancelling_before_the_start_starts_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var graph = Graphs.Parse(Chain);
        var listener = new RunRecorder(Graphs.Prepared(graph, new RunOptions()), RunStart.Now());

        await new Scheduler(new NeverCalled(), listener, new RunOptions(), Graphs.NoRules(graph)).RunAsync(graph, cancelled.Token);

        var record = listener.RecordSoFar(canceled: true);
        Assert.Equal(Outcome.Canceled, record.Outcome);
        Assert.All(record.Scripts, script => Assert.Equal((Outcome.Skipped, "the run was cancelled"), (script.Outcome, script.Reason)));
    }

    [Fact]
    public async Task A_script_with_retries_is_tried_again_and_its_slot_is_free_meanwhile()
    {
        // Long enough that a test that waited for it would hang.
        using var run = new Run("flaky\nnext\nafter: flaky", slots: 1, rules: new() { ["flaky"] = new() { Retries = 2, RetryDelay = TimeSpan.FromHours(1) } });
        await run.AssertRunning("flaky");

        await run.Fail("flaky");

        await run.AssertRunning("next");
        run.Cancel();
        Assert.Equal("flaky Failed, next Canceled, after Skipped", await run.Outcomes());
        Assert.Equal(["flaky after attempt 1"], run.Retried);
    }

    [Fact]
    public async Task A_script_that_succeeds_in_the_end_has_succeeded()
    {
        using var run = new Run("flaky\nafter: flaky", rules: new() { ["flaky"] = new() { Retries = 2, RetryDelay = TimeSpan.Zero } });
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await run.AssertRunning("flaky");
            await run.Fail("flaky");
        }

        await run.AssertRunning("flaky");
        await run.Succeed("flaky");
        await run.AssertRunning("after");
        await run.Succeed("after");

        Assert.Equal("flaky Succeeded, after Succeeded", await run.Outcomes());
        Assert.Equal(["flaky after attempt 1", "flaky after attempt 2"], run.Retried);
        Assert.Equal(["flaky Succeeded at attempt 3", "after Succeeded at attempt 1"], run.Ends);
    }

    [Fact]
    public async Task A_script_is_tried_no_more_often_than_it_says()
    {
        using var run = new Run("flaky\nafter: flaky", rules: new() { ["flaky"] = new() { Retries = 1, RetryDelay = TimeSpan.Zero } });
        await run.AssertRunning("flaky");
        await run.Fail("flaky");
        await run.AssertRunning("flaky");
        await run.Fail("flaky");

        Assert.Equal("flaky Failed, after Skipped", await run.Outcomes());
        Assert.Equal(["flaky Failed at attempt 2"], run.Ends);
    }

    [Fact]
    public async Task A_script_that_rests_is_not_tried_again_once_the_run_has_stopped()
    {
        using var run = new Run("flaky\nother", rules: new() { ["flaky"] = new() { Retries = 5, RetryDelay = TimeSpan.FromHours(1) } });
        await run.AssertRunning("flaky", "other");
        await run.Fail("flaky");

        await run.Fail("other");

        Assert.Equal("flaky Failed, other Failed", await run.Outcomes());
    }

    [Fact]
    public async Task A_failure_that_is_a_warning_stops_nothing_and_what_depends_on_it_runs()
    {
        using var run = new Run("a\nb: a\nx", slots: 1, rules: new() { ["a"] = new() { ContinueOnError = ContinueOnError.WarnAndContinue } });
        await run.AssertRunning("a");
        await run.Fail("a");
        await run.AssertRunning("b");
        await run.Succeed("b");
        await run.AssertRunning("x");
        await run.Succeed("x");

        Assert.Equal("a Failed, b Succeeded, x Succeeded", await run.Outcomes());
        Assert.Equal(["a Failed at attempt 1, a warning", "b Succeeded at attempt 1", "x Succeeded at attempt 1"], run.Ends);
    }

    [Fact]
    public async Task A_failure_that_is_an_error_and_continues_stops_nothing_either()
    {
        using var run = new Run("a\nb: a", rules: new() { ["a"] = new() { ContinueOnError = ContinueOnError.ErrorAndContinue } }, onFailure: OnFailure.StopNow);
        await run.AssertRunning("a");
        await run.Fail("a");
        await run.AssertRunning("b");
        await run.Succeed("b");

        Assert.Equal("a Failed, b Succeeded", await run.Outcomes());
        Assert.Equal(["a Failed at attempt 1", "b Succeeded at attempt 1"], run.Ends);
    }

    [Theory]
    [InlineData(ContinueOnError.ErrorAndStop, Outcome.Failed)]
    [InlineData(ContinueOnError.ErrorAndContinue, Outcome.Failed)]
    [InlineData(ContinueOnError.WarnAndContinue, Outcome.Succeeded)]
    public void A_run_fails_by_every_failure_that_is_an_error(ContinueOnError continueOnError, Outcome expected)
    {
        var graph = Graphs.Parse("a");
        var run = Graphs.Prepared(graph, new RunOptions()) with { FailureRules = [new FailureRules { ContinueOnError = continueOnError }] };
        var recorder = new RunRecorder(run, RunStart.Now());

        recorder.Ended(0, new ScriptEnd(Outcome.Failed), 0);

        var record = recorder.RecordSoFar(canceled: false);
        Assert.Equal((expected, continueOnError == ContinueOnError.WarnAndContinue), (record.Outcome, record.Scripts[0].IsTolerated));
    }

    [Fact]
    public async Task An_executor_that_throws_makes_its_script_fail_and_the_run_goes_on()
    {
        var graph = Graphs.Parse("a\nb");
        var options = new RunOptions { OnFailure = OnFailure.KeepGoing };
        var listener = new RunRecorder(Graphs.Prepared(graph, options), RunStart.Now());

        await new Scheduler(new Broken(), listener, options, Graphs.NoRules(graph)).RunAsync(graph, CancellationToken.None);

        Assert.Equal([Outcome.Failed, Outcome.Failed], listener.RecordSoFar(canceled: false).Scripts.Select(script => script.Outcome));
    }

    [Fact]
    public async Task A_script_that_cannot_be_decided_about_is_one_that_has_to_run()
    {
        var graph = Graphs.Parse("a\nb");
        var listener = new RunRecorder(Graphs.Prepared(graph, new RunOptions()), RunStart.Now());

        await new Scheduler(new Undecided(), listener, new RunOptions(), Graphs.NoRules(graph)).RunAsync(graph, CancellationToken.None);

        Assert.Equal([Outcome.Succeeded, Outcome.Succeeded], listener.RecordSoFar(canceled: false).Scripts.Select(script => script.Outcome));
    }

    [Fact]
    public async Task A_run_that_stops_leaves_nothing_of_a_script_that_waits_for_its_next_attempt()
    {
        var executor = await RunThatStopsWhileOneRests();

        Eventually.True(
            () =>
            {
                GC.Collect();
                return !executor.IsAlive;
            },
            "nothing holds the run any more");
    }

    // A method of its own: what is left when it has returned is held by something else.
    private static async Task<WeakReference> RunThatStopsWhileOneRests()
    {
        var graph = Graphs.Parse("rests\nstops\nlast");
        FailureRules[] rules = [new FailureRules { Retries = 1, RetryDelay = TimeSpan.FromHours(8) }, FailureRules.Default, FailureRules.Default];
        var executor = new Failing();
        var listener = new RunRecorder(Graphs.Prepared(graph, new RunOptions()), RunStart.Now());
        await new Scheduler(executor, listener, new RunOptions { Slots = 1 }, rules).RunAsync(graph, CancellationToken.None);
        Assert.Equal([Outcome.Failed, Outcome.Failed, Outcome.Skipped], listener.RecordSoFar(canceled: false).Scripts.Select(script => script.Outcome));
        return new WeakReference(executor);
    }

    [Fact]
    public async Task A_chain_of_100_000_scripts_is_skipped_without_recursion()
    {
        var graph = Graphs.From([.. Enumerable.Range(0, 100_000).Select(i => i == 0 ? Array.Empty<int>() : [i - 1])]);
        var options = new RunOptions { OnFailure = OnFailure.KeepGoing };
        var listener = new RunRecorder(Graphs.Prepared(graph, options), RunStart.Now());

        await new Scheduler(new Broken(), listener, options, Graphs.NoRules(graph)).RunAsync(graph, CancellationToken.None);

        var record = listener.RecordSoFar(canceled: false);
        Assert.Equal(Outcome.Failed, record.Scripts[0].Outcome);
        Assert.All(record.Scripts.Skip(1), script => Assert.Equal(Outcome.Skipped, script.Outcome));
    }

    private sealed class Failing : IExecutor
    {
        public Task<ScriptEnd> RunAsync(int script, int attempt, CancellationToken stop) => Task.FromResult(new ScriptEnd(Outcome.Failed) { StartTime = DateTimeOffset.UnixEpoch });
    }

    private sealed class Undecided : IExecutor
    {
        public ScriptEnd? TryEndAtOnce(int script) => throw new InvalidOperationException("undecided");

        public Task<ScriptEnd> RunAsync(int script, int attempt, CancellationToken stop) => Task.FromResult(new ScriptEnd(Outcome.Succeeded));
    }

    private sealed class NeverCalled : IExecutor
    {
        public Task<ScriptEnd> RunAsync(int script, int attempt, CancellationToken stop)
        {
            Assert.Fail("Nothing should start.");
            return Task.FromResult(new ScriptEnd(Outcome.Failed));
        }
    }

    private sealed class Broken : IExecutor
    {
        public Task<ScriptEnd> RunAsync(int script, int attempt, CancellationToken stop) => throw new InvalidOperationException("broken");
    }
}
