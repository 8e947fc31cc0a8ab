using System.Collections.Concurrent;

namespace ParallelScripts.Tests;

/// <summary>
/// A run whose scripts the test ends by hand. No sleeping and no clock: a test says what ends, and
/// goes on once the scheduler has said that it heard.
/// </summary>
internal sealed class Run : IExecutor, IRunListener, IDisposable
{
    /// <summary>Only turns a hang into a failure; nothing is measured with it.</summary>
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<ScriptEnd>> _running = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _heard = new();
    private readonly ConcurrentDictionary<string, Outcome> _outcomes = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly ScriptGraph _graph;
    private readonly Scheduler _scheduler;
    private readonly Task _result;

    /// <param name="graph">See <see cref="Graphs"/>.</param>
    /// <param name="resources">What scripts need and what there is.</param>
    /// <param name="minFreeMemory">How much memory has to be free.</param>
    /// <param name="rules">What is done about the failure of scripts that have some of their own.</param>
    /// <param name="grant">Who decides how many of the slots there are.</param>
    /// <param name="areSlotsExact">Whether nobody does.</param>
    /// <param name="lender">Who lends slots.</param>
    public Run(string graph, int slots = int.MaxValue, OnFailure onFailure = OnFailure.StopStarting, Schedule schedule = Schedule.Eager, Dictionary<string, FailureRules>? rules = null, ICoreGrant? grant = null, bool areSlotsExact = false, ISlotLender? lender = null, Resources? resources = null, MinFreeMemory? minFreeMemory = null)
    {
        _graph = Graphs.Parse(graph);
        FailureRules[] all = [.. Enumerable.Range(0, _graph.Count).Select(script => rules?.GetValueOrDefault(_graph[script].Name) ?? FailureRules.Default)];
        var options = new RunOptions { Slots = slots, AreSlotsExact = areSlotsExact, OnFailure = onFailure, Schedule = schedule, Grant = grant, GrantInterval = TimeSpan.FromMilliseconds(1), MinFreeMemory = minFreeMemory };
        _scheduler = new Scheduler(this, this, options, all, lender, resources);
        _result = Task.Run(() => _scheduler.RunAsync(_graph, _cancel.Token));
    }

    /// <summary>Every script that was started, in that order, with its slot.</summary>
    public ConcurrentQueue<string> StartedInSlots { get; } = new();

    public ConcurrentQueue<string> Notes { get; } = new();

    public ConcurrentQueue<string> SkippedBecause { get; } = new();

    /// <summary>How scripts ended for good, in that order.</summary>
    public ConcurrentQueue<string> Ends { get; } = new();

    public ConcurrentQueue<string> Retried { get; } = new();

    /// <summary>After the end: the most slots there were.</summary>
    public int MostSlots => _scheduler.MostSlots;

    public Task Succeed(string script) => End(script, Outcome.Succeeded);

    public Task Fail(string script) => End(script, Outcome.Failed);

    public void Cancel() => _cancel.Cancel();

    public void Dispose() => _cancel.Dispose();

    /// <summary>Waits until exactly these scripts are running.</summary>
    public async Task AssertRunning(params string[] expected)
    {
        var deadline = DateTime.UtcNow + _hang;
        while (!_running.Keys.Order().SequenceEqual(expected.Order()) && DateTime.UtcNow < deadline)
        {
            await Task.Yield();
        }

        Assert.Equal(expected.Order(), _running.Keys.Order());
    }

    /// <summary>Waits for the end and gives every script's outcome, as <c>a Succeeded, b Failed</c>.</summary>
    public async Task<string> Outcomes()
    {
        await _result.WaitAsync(_hang);
        return string.Join(", ", Enumerable.Range(0, _graph.Count).Select(script => $"{_graph[script].Name} {_outcomes[_graph[script].Name]}"));
    }

    Task<ScriptEnd> IExecutor.RunAsync(int script, int attempt, CancellationToken stop)
    {
        var end = new TaskCompletionSource<ScriptEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        stop.Register(() => end.TrySetResult(new ScriptEnd(Outcome.Canceled)));
        _running[_graph[script].Name] = end;
        return end.Task;
    }

    void IRunListener.Started(int script, int slot)
    {
        _heard[_graph[script].Name] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        StartedInSlots.Enqueue($"{_graph[script].Name} in {slot}");
    }

    void IRunListener.Runs(int script, string reason)
    {
    }

    void IRunListener.Noted(string line) => Notes.Enqueue(line);

    void IRunListener.Warned(Problem problem)
    {
    }

    void IRunListener.Output(int script, string line)
    {
    }

    void IRunListener.Ended(int script, ScriptEnd end, int left)
    {
        _outcomes[_graph[script].Name] = end.Outcome;
        _running.TryRemove(_graph[script].Name, out _);
        Ends.Enqueue($"{_graph[script].Name} {end.Outcome} at attempt {end.Attempts}{(end.Problem is { IsWarning: true } ? ", a warning" : "")}");

        // One that rested has been heard of before.
        _heard[_graph[script].Name].TrySetResult();
    }

    void IRunListener.Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait)
    {
        _running.TryRemove(_graph[script].Name, out _);
        Retried.Enqueue($"{_graph[script].Name} after attempt {attempt}");
        _heard[_graph[script].Name].SetResult();
    }

    void IRunListener.Skipped(SkippedScript skipped)
    {
        _outcomes[_graph[skipped.Script].Name] = Outcome.Skipped;
        SkippedBecause.Enqueue($"{_graph[skipped.Script].Name}: {Reasons.Skipped(_graph, skipped)}");
    }

    private Task End(string script, Outcome outcome)
    {
        var heard = _heard[script].Task;
        _running[script].SetResult(new ScriptEnd(outcome) { StartTime = DateTimeOffset.UnixEpoch, Problem = outcome == Outcome.Failed ? Problems.NotRun(_graph[_graph.NumberOf(script)], "the test says so") : null });
        return heard;
    }
}
