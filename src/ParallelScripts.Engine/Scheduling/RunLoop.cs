using System.Threading.Channels;

namespace ParallelScripts;

/// <summary>
/// The loop of one run. It alone owns the <see cref="Plan"/> and all else that changes while scripts run; they run elsewhere and speak to it only
/// by posting to one channel, so scheduling is single-threaded and has no lock.
/// </summary>
internal sealed class RunLoop : IDisposable
{
    private readonly ScriptGraph _graph;
    private readonly IExecutor _executor;
    private readonly IRunListener _listener;
    private readonly RunOptions _options;
    private readonly IReadOnlyList<FailureRules> _rules;
    private readonly Resources _resources;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _kill;
    private readonly CancellationTokenSource _noRest;
    private readonly Plan _plan;
    private readonly Slots _slots;
    private readonly MemoryGuard _guard;

    /// <summary>How often each script has been started.</summary>
    private readonly int[] _attempts;

    /// <summary>How scripts ended the last time that wait to be tried again. They have given their slots back.</summary>
    private readonly Dictionary<int, ScriptEnd> _resting = [];

    /// <summary>
    /// The loop goes on where it hears: on the thread that looked after the script, which then takes the next one itself. Handing over to another thread
    /// and back costs as much as starting a process when all cores are busy.
    /// </summary>
    private readonly Channel<News> _news = Channel.CreateUnbounded<News>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    /// <summary>What scripts take and need is not looked at before one has to run; null until then.</summary>
    private Admission? _admission;

    /// <summary>How many scripts run that take no slot.</summary>
    private int _elsewhere;

    /// <summary>Whether somebody looks for memory.</summary>
    private bool _looking;

    /// <summary>Whether nothing new is started.</summary>
    private bool _stopping;
    private Task _killing = Task.CompletedTask;

    public RunLoop(ScriptGraph graph, IExecutor executor, IRunListener listener, RunOptions options, IReadOnlyList<FailureRules> rules, ISlotLender? lender, Resources resources, CancellationToken cancellation)
    {
        (_graph, _executor, _listener, _options, _rules, _resources, _cancellation) = (graph, executor, listener, options, rules, resources, cancellation);
        _kill = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _noRest = CancellationTokenSource.CreateLinkedTokenSource(_kill.Token);
        _plan = new Plan(graph, options.Schedule, demands: resources.Demands);
        _slots = new Slots(options, changed: () => _ = LookAgainAsync(), lender);
        lender?.Returned = () => _ = LookAgainAsync();
        _guard = new MemoryGuard(options.MinFreeMemory, resources.Memory, listener);
        _attempts = new int[graph.Count];
    }

    /// <summary>The most slots there were at once.</summary>
    public int MostSlots => _slots.Most;

    public async Task RunAsync()
    {
        while (true)
        {
            if (_cancellation.IsCancellationRequested)
            {
                Stop(because: null);
            }

            while (_plan.TryTakeSkipped(out var skipped))
            {
                _listener.Skipped(skipped);
            }

            FillFreeSlots();

            // Nothing runs, nothing rests and nothing could start: everything has ended.
            if (_slots.NoneTaken && _elsewhere == 0 && _resting.Count == 0)
            {
                await _killing.ConfigureAwait(false);
                return;
            }

            // Wait for one to end, and see what that unlocks. Not cancellable on purpose: once
            // cancelled, the executors end by themselves, and we still want to hear from each.
            switch (await _news.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                case Ended ended:
                    _slots.Give(ended.Slot, SlotsOf(ended.Script));
                    _elsewhere -= SlotsOf(ended.Script) == 0 ? 1 : 0;
                    _admission!.Leave(ended.Script);
                    Hear(ended.Script, ended.End);
                    break;

                case MemoryChanged:
                    _looking = false;
                    break;

                case Rested rested when !_stopping && _resting.ContainsKey(rested.Script):
                    _plan.Wake(rested.Script);
                    break;
            }
        }
    }

    public void Dispose()
    {
        _noRest.Dispose();
        _kill.Dispose();
    }

    /// <summary>Starts what may start, as long as there is room.</summary>
    private void FillFreeSlots()
    {
        while (TryTakeNext(out var next))
        {
            // What is up to date takes no slot and no thread: ten thousand of them are one pass of this loop.
            if (_attempts[next] == 0 && TryEndAtOnce(next) is { } atOnce)
            {
                _plan.End(next, _rules[next].LetDependentsStart(atOnce.Outcome));
                _listener.Ended(next, atOnce, _plan.Left);
                continue;
            }

            if (_admission is null)
            {
                // From here on by what earlier runs took, and that may be another one first.
                _plan.PutBackInLine(next);
                _admission = _resources.Weigh(_plan, _graph, _slots.Count);
                continue;
            }

            if (SlotsOf(next) > 0 && _guard.IsShort(_slots.Taken))
            {
                _admission.PutBack(next);
                LookForMemory();
                return;
            }

            if (_admission.TryAdmit(next, _resources.Now()))
            {
                Start(next);
            }
        }
    }

    /// <summary>How many slots would be of use beside those that are taken, if there may be so many in all.</summary>
    private int SlotsOfUse(int most) => _plan.ReadyCount + (_admission?.SlotsAwaited(most, _resources.Now()) ?? 0);

    private bool TryTakeNext(out int next)
    {
        next = -1;
        return (_slots.AnyFree(SlotsOfUse(_options.Slots), SlotsOfUse(_slots.Count)) || _resources.AnyElsewhere) && (_admission is null ? _plan.TryTake(out next) : HasRoom() && _admission.TryTakeNext(_resources.Now(), out next));
    }

    /// <summary>Whether admission has anything to give; the number of slots may be another than a moment ago.</summary>
    private bool HasRoom()
    {
        // What runs inside scripts has those that are lent.
        _admission!.Slots = _slots.Count - _slots.Lent;
        return _admission.AnyFree;
    }

    private int SlotsOf(int script) => _resources.Demands.Count == 0 ? 1 : _resources.Demands[script].Slots;

    /// <summary>One that cannot be decided about is decided about again where a script may fail, and there it does.</summary>
    private ScriptEnd? TryEndAtOnce(int script)
    {
        try
        {
            return _executor.TryEndAtOnce(script);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            return null;
        }
    }

    private void Start(int script)
    {
        _attempts[script]++;
        _resting.Remove(script);
        _elsewhere += SlotsOf(script) == 0 ? 1 : 0;
        var slot = SlotsOf(script) == 0 ? _slots.TakeLane() : _slots.Take(SlotsOfUse(_options.Slots), SlotsOf(script));
        _listener.Started(script, slot);
        Execute(script, slot);
    }

    /// <remarks>Once a script, so not an async method: the code for that would be compiled in every build (docs/decisions/0012-compiled-ahead.md).</remarks>
    private void Execute(int script, int slot)
    {
        Task<ScriptEnd> running;
        try
        {
            running = _executor.RunAsync(script, _attempts[script], _kill.Token);
        }
        catch (Exception broken)
        {
            running = Task.FromException<ScriptEnd>(broken);
        }

        running.ContinueWith(
            ended =>
            {
                _news.Writer.TryWrite(new Ended(script, slot, EndOf(script, ended)));
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private ScriptEnd EndOf(int script, Task<ScriptEnd> ended)
    {
        try
        {
            return ended.GetAwaiter().GetResult();
        }
        catch (Exception broken)
        {
            // Whatever happened, the loop must hear of it: a script it waits for in vain hangs the build.
            return new ScriptEnd(Outcome.Failed) { Problem = Problems.NotRun(_graph[script], broken.Message) };
        }
    }

    private void Hear(int script, ScriptEnd end)
    {
        if (_cancellation.IsCancellationRequested)
        {
            // First, so that whatever waits for the script learns the true reason.
            Stop(because: null);
        }

        if (!_stopping && Backoff.WaitAfter(_attempts[script], end, _rules[script], Random.Shared.NextDouble()) is { } wait)
        {
            _plan.Rest(script);
            _resting[script] = end;
            _listener.Retrying(script, end, _attempts[script], wait);
            _ = RestAsync(script, wait);
            return;
        }

        _plan.End(script, _rules[script].LetDependentsStart(end.Outcome));

        // Decide before announcing: whoever hears of a failure may count on nothing new starting.
        if (_rules[script].Stops(end.Outcome) && _options.OnFailure != OnFailure.KeepGoing)
        {
            Stop(because: script);
        }

        Announce(script, end);
    }

    private void Announce(int script, ScriptEnd end) =>
        _listener.Ended(script, (_rules[script].FailsTheRun(end.Outcome) ? end : end.AsWarning()) with { Attempts = _attempts[script] }, _plan.Left);

    /// <summary>Starts nothing new. What rests has had its last attempt.</summary>
    private void Stop(int? because)
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        _plan.SkipRest(because);
        foreach (var (script, end) in _resting)
        {
            _plan.End(script, dependentsMayStart: false);
            Announce(script, end);
        }

        // What waits for its next attempt would wait on, for hours perhaps, and hold all this.
        _resting.Clear();
        _noRest.Cancel();
        if (because is not null && _options.OnFailure == OnFailure.StopNow)
        {
            _killing = _kill.CancelAsync();
        }
    }

    /// <summary>While it waits for memory, somebody has to look whether there is some again; also others than we give some back.</summary>
    private void LookForMemory()
    {
        if (!_looking)
        {
            _looking = true;
            _ = LookForMemoryAsync();
        }
    }

    // The last three post to the loop from outside. Whoever cancels, or says that slots have changed, must not find itself running it: so they yield.
    private async Task LookForMemoryAsync()
    {
        await _guard.ChangedAsync(_kill.Token).ConfigureAwait(false);
        await Task.Yield();
        _news.Writer.TryWrite(new MemoryChanged());
    }

    private async Task RestAsync(int script, TimeSpan wait)
    {
        await Task.Delay(wait, _noRest.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Yield();
        _news.Writer.TryWrite(new Rested(script));
    }

    private async Task LookAgainAsync()
    {
        await Task.Yield();
        _news.Writer.TryWrite(new SlotsChanged());
    }

    /// <summary>What the loop hears.</summary>
    private abstract record News;

    /// <summary>An attempt at a script has ended.</summary>
    private sealed record Ended(int Script, int Slot, ScriptEnd End) : News;

    /// <summary>A script has waited for its next attempt, or need not wait any longer.</summary>
    private sealed record Rested(int Script) : News;

    /// <summary>More slots may be free than before.</summary>
    private sealed record SlotsChanged : News;

    /// <summary>There may be memory again.</summary>
    private sealed record MemoryChanged : News;
}
