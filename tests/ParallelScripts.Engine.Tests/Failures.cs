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

        await new Scheduler(new NeverCalled(), listener, new RunOptions()).RunAsync(graph, cancelled.Token);

        var record = listener.Finish(canceled: true);
        Assert.Equal(Outcome.Canceled, record.Outcome);
        Assert.All(record.Scripts, script => Assert.Equal((Outcome.Skipped, "the run was cancelled"), (script.Outcome, script.Reason)));
    }

    [Fact]
    public async Task An_executor_that_throws_makes_its_script_fail_and_the_run_goes_on()
    {
        var graph = Graphs.Parse("a\nb");
        var options = new RunOptions { OnFailure = OnFailure.KeepGoing };
        var listener = new RunRecorder(Graphs.Prepared(graph, options), RunStart.Now());

        await new Scheduler(new Broken(), listener, options).RunAsync(graph, CancellationToken.None);

        Assert.Equal([Outcome.Failed, Outcome.Failed], listener.Finish(canceled: false).Scripts.Select(script => script.Outcome));
    }

    [Fact]
    public async Task A_chain_of_100_000_scripts_is_skipped_without_recursion()
    {
        var graph = Graphs.From([.. Enumerable.Range(0, 100_000).Select(i => i == 0 ? Array.Empty<int>() : [i - 1])]);
        var options = new RunOptions { OnFailure = OnFailure.KeepGoing };
        var listener = new RunRecorder(Graphs.Prepared(graph, options), RunStart.Now());

        await new Scheduler(new Broken(), listener, options).RunAsync(graph, CancellationToken.None);

        var record = listener.Finish(canceled: false);
        Assert.Equal(Outcome.Failed, record.Scripts[0].Outcome);
        Assert.All(record.Scripts.Skip(1), script => Assert.Equal(Outcome.Skipped, script.Outcome));
    }

    private sealed class NeverCalled : IExecutor
    {
        public Task<ScriptEnd> RunAsync(int script, CancellationToken stop)
        {
            Assert.Fail("Nothing should start.");
            return Task.FromResult(new ScriptEnd(Outcome.Failed));
        }
    }

    private sealed class Broken : IExecutor
    {
        public Task<ScriptEnd> RunAsync(int script, CancellationToken stop) => throw new InvalidOperationException("broken");
    }
}
