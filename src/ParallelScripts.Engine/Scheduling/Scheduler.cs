using System.Threading.Channels;

namespace ParallelScripts;

/// <summary>
/// Runs a graph. This loop alone owns the <see cref="Plan"/>; scripts run elsewhere and speak to it only
/// by posting to one channel, so scheduling is single-threaded and has no lock.
/// </summary>
public sealed class Scheduler(IExecutor executor, IRunListener listener, RunOptions options)
{
    /// <summary>Runs everything, and returns when every script has ended and the listener has heard of each.</summary>
    public async Task RunAsync(ScriptGraph graph, CancellationToken cancellation)
    {
        var plan = new Plan(graph, options.Schedule);
        var slots = new Slots(options.Slots);

        // The loop goes on where it hears: on the thread that looked after the script, which then takes the next one itself. Handing over
        // to another thread and back costs as much as starting a process when all cores are busy.
        var ended = Channel.CreateUnbounded<Ended>(
            new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        while (true)
        {
            if (cancellation.IsCancellationRequested)
            {
                plan.SkipRest(because: null);
            }

            while (plan.TryTakeSkipped(out var skipped))
            {
                listener.Skipped(skipped);
            }

            // Fill the free slots.
            while (slots.AnyFree && plan.TryTake(out var next))
            {
                // What is up to date takes no slot and no thread: ten thousand of them are one pass of this loop.
                if (executor.TryEndAtOnce(next) is { } atOnce)
                {
                    plan.End(next, atOnce.Outcome.LetsDependentsStart());
                    listener.Ended(next, atOnce, plan.Left);
                    continue;
                }

                var slot = slots.Take();
                listener.Started(next, slot);
                _ = ExecuteAsync(next, slot);
            }

            // Nothing runs and nothing could start: everything has ended.
            if (slots.NoneTaken)
            {
                return;
            }

            // Wait for one to end, and see what that unlocks. Not cancellable on purpose: once
            // cancelled, the executors end by themselves, and we still want to hear from each.
            var (script, slotOfIt, end) = await ended.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            slots.Give(slotOfIt);
            if (cancellation.IsCancellationRequested)
            {
                // First, so that whatever waits for the script learns the true reason.
                plan.SkipRest(because: null);
            }

            plan.End(script, end.Outcome.LetsDependentsStart());

            // Decide before announcing: whoever hears of a failure may count on nothing new starting.
            if (end.Outcome.IsFailure() && options.OnFailure != OnFailure.KeepGoing)
            {
                plan.SkipRest(because: script);
                if (options.OnFailure == OnFailure.StopNow)
                {
                    await kill.CancelAsync().ConfigureAwait(false);
                }
            }

            listener.Ended(script, end, plan.Left);
        }

        async Task ExecuteAsync(int script, int slot)
        {
            ScriptEnd end;
            try
            {
                end = await executor.RunAsync(script, kill.Token).ConfigureAwait(false);
            }
            catch (Exception broken) when (broken is not OutOfMemoryException)
            {
                // Whatever happened, the loop must hear of it: a script it waits for in vain hangs the build.
                end = new ScriptEnd(Outcome.Failed) { Problem = Problems.NotRun(graph[script], broken.Message) };
            }

            ended.Writer.TryWrite(new Ended(script, slot, end));
        }
    }

    /// <summary>What a slot has to say.</summary>
    private sealed record Ended(int Script, int Slot, ScriptEnd End);

    /// <summary>Which slots are free. The lowest is taken first, so that a timeline has no more lanes than ever ran at once.</summary>
    private sealed class Slots(int count)
    {
        private readonly NumberQueue _given = new((a, b) => a - b);
        private int _everTaken;
        private int _taken;

        public bool AnyFree => _taken < count;

        public bool NoneTaken => _taken == 0;

        public int Take()
        {
            _taken++;
            return _given.TryDequeue(out var slot) ? slot : _everTaken++;
        }

        public void Give(int slot)
        {
            _taken--;
            _given.Enqueue(slot);
        }
    }
}
