using System.Threading.Channels;

namespace ParallelScripts;

/// <summary>
/// Runs a graph. This loop alone owns the <see cref="Plan"/>; scripts run elsewhere and speak to it only
/// by posting to one channel, so scheduling is single-threaded and has no lock.
/// </summary>
/// <param name="executor">Where scripts run.</param>
/// <param name="listener">Hears what happens.</param>
/// <param name="options">How the run behaves.</param>
/// <param name="rules">What is done about the failure of each script.</param>
/// <param name="lender">Who lends free slots to what runs inside scripts; null if nobody does.</param>
/// <param name="resources">What scripts need and what there is; null if each needs a slot and nothing is known of earlier runs.</param>
public sealed class Scheduler(IExecutor executor, IRunListener listener, RunOptions options, IReadOnlyList<FailureRules> rules, ISlotLender? lender = null, Resources? resources = null)
{
    /// <summary>The most slots there were at once.</summary>
    public int MostSlots { get; private set; } = options.Slots;

    /// <summary>Runs everything, and returns when every script has ended and the listener has heard of each.</summary>
    public async Task RunAsync(ScriptGraph graph, CancellationToken cancellation)
    {
        resources ??= new Resources();
        var plan = new Plan(graph, options.Schedule, demands: resources.Demands);

        // What scripts take and need is not looked at before one has to run.
        Admission? admission = null;
        var guard = new MemoryGuard(options.MinFreeMemory, resources.Memory, listener);
        var looking = false;
        var elsewhere = 0;
        var attempts = new int[graph.Count];
        var stopping = false;
        var killing = Task.CompletedTask;

        // How scripts ended the last time that wait to be tried again. They have given their slots back.
        var resting = new Dictionary<int, ScriptEnd>();

        // The loop goes on where it hears: on the thread that looked after the script, which then takes the next one itself. Handing over
        // to another thread and back costs as much as starting a process when all cores are busy.
        var news = Channel.CreateUnbounded<News>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });
        var slots = new Slots(options, changed: () => _ = LookAgainAsync(), lender);
        if (lender is not null)
        {
            lender.Returned = () => _ = LookAgainAsync();
        }

        using var kill = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var noRest = CancellationTokenSource.CreateLinkedTokenSource(kill.Token);

        while (true)
        {
            if (cancellation.IsCancellationRequested)
            {
                Stop(because: null);
            }

            while (plan.TryTakeSkipped(out var skipped))
            {
                listener.Skipped(skipped);
            }

            // Fill the free slots.
            while ((slots.AnyFree(plan.ReadyCount) || resources.AnyElsewhere) && (admission is null ? plan.TryTake(out var next) : HasRoom() && admission.TryTakeNext(resources.Now(), out next)))
            {
                // What is up to date takes no slot and no thread: ten thousand of them are one pass of this loop.
                if (attempts[next] == 0 && TryEndAtOnce(next) is { } atOnce)
                {
                    plan.End(next, rules[next].LetDependentsStart(atOnce.Outcome));
                    listener.Ended(next, atOnce, plan.Left);
                    continue;
                }

                if (admission is null)
                {
                    // From here on by what earlier runs took, and that may be another one first.
                    plan.PutBackInLine(next);
                    admission = resources.Weigh(plan, graph, slots.Count);
                    continue;
                }

                if (SlotsOf(next) > 0 && guard.IsShort(slots.Taken))
                {
                    plan.PutBackInLine(next);
                    LookAgain();
                    break;
                }

                if (!admission.TryAdmit(next, resources.Now()))
                {
                    continue;
                }

                attempts[next]++;
                resting.Remove(next);
                elsewhere += SlotsOf(next) == 0 ? 1 : 0;
                var slot = SlotsOf(next) == 0 ? slots.TakeLane() : slots.Take(plan.ReadyCount, SlotsOf(next));
                listener.Started(next, slot);
                Execute(next, attempts[next], slot);
            }

            // Nothing runs, nothing rests and nothing could start: everything has ended.
            if (slots.NoneTaken && elsewhere == 0 && resting.Count == 0)
            {
                await killing.ConfigureAwait(false);
                MostSlots = slots.Most;
                return;
            }

            // Wait for one to end, and see what that unlocks. Not cancellable on purpose: once
            // cancelled, the executors end by themselves, and we still want to hear from each.
            switch (await news.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                case Ended ended:
                    slots.Give(ended.Slot, SlotsOf(ended.Script));
                    elsewhere -= SlotsOf(ended.Script) == 0 ? 1 : 0;
                    admission!.Leave(ended.Script);
                    Hear(ended.Script, ended.End);
                    break;

                case MemoryChanged:
                    looking = false;
                    break;

                case Rested rested when !stopping && resting.ContainsKey(rested.Script):
                    plan.Wake(rested.Script);
                    break;
            }
        }

        // The number of slots may be another than a moment ago.
        bool HasRoom()
        {
            admission.Slots = slots.Count;
            return admission.AnyFree;
        }

        // One that cannot be decided about is decided about again where a script may fail, and there it does.
        ScriptEnd? TryEndAtOnce(int script)
        {
            try
            {
                return executor.TryEndAtOnce(script);
            }
            catch (Exception broken) when (broken is not OutOfMemoryException)
            {
                return null;
            }
        }

        int SlotsOf(int script) => resources.Demands.Count == 0 ? 1 : resources.Demands[script].Slots;

        void Hear(int script, ScriptEnd end)
        {
            if (cancellation.IsCancellationRequested)
            {
                // First, so that whatever waits for the script learns the true reason.
                Stop(because: null);
            }

            if (!stopping && Backoff.WaitAfter(attempts[script], end, rules[script], Random.Shared.NextDouble()) is { } wait)
            {
                plan.Rest(script);
                resting[script] = end;
                listener.Retrying(script, end, attempts[script], wait);
                _ = RestAsync(script, wait);
                return;
            }

            plan.End(script, rules[script].LetDependentsStart(end.Outcome));

            // Decide before announcing: whoever hears of a failure may count on nothing new starting.
            if (rules[script].Stops(end.Outcome) && options.OnFailure != OnFailure.KeepGoing)
            {
                Stop(because: script);
            }

            Announce(script, end);
        }

        // Starts nothing new. What rests has had its last attempt.
        void Stop(int? because)
        {
            if (stopping)
            {
                return;
            }

            stopping = true;
            plan.SkipRest(because);
            foreach (var (script, end) in resting)
            {
                plan.End(script, dependentsMayStart: false);
                Announce(script, end);
            }

            // What waits for its next attempt would wait on, for hours perhaps, and hold all this.
            resting.Clear();
            noRest.Cancel();
            if (because is not null && options.OnFailure == OnFailure.StopNow)
            {
                killing = kill.CancelAsync();
            }
        }

        // While it waits for memory, somebody has to look whether there is some again; also others than we give some back.
        void LookAgain()
        {
            if (!looking)
            {
                looking = true;
                _ = LookAsync();
            }
        }

        async Task LookAsync()
        {
            await guard.ChangedAsync(kill.Token).ConfigureAwait(false);

            // Whoever cancels must not find itself running this loop.
            await Task.Yield();
            news.Writer.TryWrite(new MemoryChanged());
        }

        void Announce(int script, ScriptEnd end) =>
            listener.Ended(script, (rules[script].FailsTheRun(end.Outcome) ? end : end.AsWarning()) with { Attempts = attempts[script] }, plan.Left);

        // Once a script, so not an async method: the code for that would be compiled in every build (docs/decisions/0012-compiled-ahead.md).
        void Execute(int script, int attempt, int slot)
        {
            Task<ScriptEnd> running;
            try
            {
                running = executor.RunAsync(script, attempt, kill.Token);
            }
            catch (Exception broken)
            {
                running = Task.FromException<ScriptEnd>(broken);
            }

            running.ContinueWith(
                ended =>
                {
                    news.Writer.TryWrite(new Ended(script, slot, EndOf(script, ended)));
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        ScriptEnd EndOf(int script, Task<ScriptEnd> ended)
        {
            try
            {
                return ended.GetAwaiter().GetResult();
            }
            catch (Exception broken)
            {
                // Whatever happened, the loop must hear of it: a script it waits for in vain hangs the build.
                return new ScriptEnd(Outcome.Failed) { Problem = Problems.NotRun(graph[script], broken.Message) };
            }
        }

        async Task RestAsync(int script, TimeSpan wait)
        {
            await Task.Delay(wait, noRest.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // Whoever cancels must not find itself running this loop.
            await Task.Yield();
            news.Writer.TryWrite(new Rested(script));
        }

        async Task LookAgainAsync()
        {
            // Whoever says that slots have changed must not find itself running this loop.
            await Task.Yield();
            news.Writer.TryWrite(new SlotsChanged());
        }
    }

    /// <summary>What the loop hears.</summary>
    private abstract record News(int Script);

    /// <summary>An attempt at a script has ended.</summary>
    private sealed record Ended(int Script, int Slot, ScriptEnd End) : News(Script);

    /// <summary>A script has waited for its next attempt, or need not wait any longer.</summary>
    private sealed record Rested(int Script) : News(Script);

    /// <summary>More slots may be free than before.</summary>
    private sealed record SlotsChanged() : News(-1);

    /// <summary>There may be memory again.</summary>
    private sealed record MemoryChanged() : News(-1);
}
