using CsCheck;

namespace ParallelScripts.Tests;

/// <summary>
/// What must hold for every graph, every number of slots, every order in which scripts end and every way in which they fail.
/// The test is the executor: it ends one running script after the other, chosen by the random bits of the case.
/// </summary>
public sealed class RandomGraphs
{
    private static readonly Gen<Case> _cases =
        from count in Gen.Int[0, 60]
        from density in Gen.Double[0, 0.3]
        from edges in Gen.Double[0, 1].Array[count * (count + 1) / 2]
        from shared in Gen.Bool
        from slots in Gen.Int[1, 8]
        from schedule in Gen.Enum<Schedule>()
        from onFailure in Gen.Enum<OnFailure>()
        from failing in Gen.Double[0, 1].Array[count]
        from failureRate in Gen.OneOf(Gen.Const(0.0), Gen.Const(0.1), Gen.Const(0.5))
        from failures in Gen.Int[1, 4].Array[count]
        from retries in Gen.Int[0, 2].Array[count]
        from continues in Gen.Enum<ContinueOnError>().Array[count]
        from strict in Gen.Bool
        from order in Gen.Int[0, 1_000_000].Array[count + 1]
        from cancelAfter in Gen.OneOf(Gen.Const(int.MaxValue), Gen.Int[0, 20])
        from demanding in Gen.Bool
        from cores in Gen.Int[1, 8].Array[count]
        from memory in Gen.Int[0, 10].Array[count]
        from pools in Gen.Int[0, 3].Array[count]
        from priorities in Gen.Int[-1, 1].Array[count]
        from known in Gen.Int[0, 20].Array[count]
        let demands = demanding ? Enumerable.Range(0, count).Select(script => new Demand
        {
            DeclaredCores = Math.Min(cores[script], slots),
            Memory = memory[script] == 0 ? null : memory[script],
            Pools = [.. Enumerable.Range(0, 2).Where(pool => (pools[script] >> pool & 1) == 1)],
            Priority = priorities[script],
        }).ToArray() : []
        select new Case(Dependencies(count, edges, density, shared), slots, schedule, onFailure,
            [.. failing.Select((chance, script) => chance < failureRate ? failures[script] : 0)],
            [.. retries.Select((count, script) => new FailureRules { Retries = count, RetryDelay = TimeSpan.Zero, ContinueOnError = strict ? ContinueOnError.ErrorAndStop : continues[script] })],
            order, cancelAfter, demands, known);

    [Fact]
    public void Are_run_in_order_within_the_slots_and_every_script_is_accounted_for() =>
        _cases.Sample(
            @case =>
            {
                using var simulation = new Simulation(@case);
                simulation.Run();
            },
            iter: 1000);

    /// <summary>Script i may depend on those before it. With <paramref name="shared"/> scripts copy each other's lists, so that there are joins.</summary>
    private static List<int[]> Dependencies(int count, double[] edges, double density, bool shared)
    {
        var lists = new List<int[]>();
        var next = 0;
        for (var script = 0; script < count; script++)
        {
            var list = Enumerable.Range(0, script).Where(_ => edges[next++] < density).ToArray();
            lists.Add(shared && script > 1 && script % 3 == 0 ? lists[script - 1] : list);
        }

        return lists;
    }

    /// <param name="Demands">What scripts declare, of 10 bytes and of two pools with 1 and 2 places.</param>
    /// <param name="Known">What each is known to take, and need not take at all; nothing if 0.</param>
    /// <param name="Failures">How many of the first attempts at each script fail.</param>
    private sealed record Case(List<int[]> Dependencies, int Slots, Schedule Schedule, OnFailure OnFailure, int[] Failures, FailureRules[] Rules, int[] Order, int CancelAfter, Demand[] Demands, int[] Known);

    private sealed class Simulation(Case @case) : IExecutor, IRunListener, IDisposable
    {
        private readonly ScriptGraph _graph = Graphs.From(@case.Dependencies);
        private readonly Dictionary<int, TaskCompletionSource<ScriptEnd>> _running = [];
        private readonly Dictionary<int, Outcome> _outcomes = [];
        private readonly Dictionary<int, int> _attempts = [];
        private readonly HashSet<int> _resting = [];
        private readonly HashSet<int> _slots = [];
        private readonly Dictionary<int, int> _slotOf = [];
        private readonly CancellationTokenSource _cancel = new();
        private readonly Resources _resources = new()
        {
            Demands = @case.Demands,
            Pools = [new ScriptPool("one", 1), new ScriptPool("two", 2)],
            Memory = new HandMemory(10),
            LookUp = () => [.. @case.Known.Select(seconds => seconds == 0 ? null : new Usual(seconds, null, null))],
        };

        private bool _mayStart = true;
        private int _ended;

        public void Run()
        {
            // Everything happens on this thread: the scheduler runs until it waits, then one script ends, and so on.
            var context = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            var run = new Scheduler(this, this, new RunOptions { Slots = @case.Slots, Schedule = @case.Schedule, OnFailure = @case.OnFailure }, @case.Rules, resources: _resources)
                .RunAsync(_graph, _cancel.Token);
            while (!run.IsCompleted)
            {
                EndOne();
            }

            run.GetAwaiter().GetResult();
            SynchronizationContext.SetSynchronizationContext(context);
            Check();
        }

        public void Dispose() => _cancel.Dispose();

        public Task<ScriptEnd> RunAsync(int script, int attempt, CancellationToken stop)
        {
            var end = new TaskCompletionSource<ScriptEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_running)
            {
                _running[script] = end;
            }

            stop.Register(() => End(script, Outcome.Canceled));
            return end.Task;
        }

        public void Started(int script, int slot)
        {
            lock (_running)
            {
                Assert.True(_mayStart, "Something started after the run had stopped.");
                var attempt = _attempts[script] = _attempts.GetValueOrDefault(script) + 1;
                Assert.True(_resting.Remove(script) ? attempt <= @case.Rules[script].Retries + 1 : attempt == 1, "A script started once too often.");
                Assert.True(_slots.Add(slot) && slot < @case.Slots, "More than the slots run at once.");
                Assert.All(_graph.DependenciesOf(script), before => Assert.True(@case.Rules[before].LetDependentsStart(_outcomes[before])));
                if (@case.Schedule == Schedule.Tiers)
                {
                    var tier = _graph.TierOf(script);
                    Assert.All(Enumerable.Range(0, _graph.Count).Where(other => _graph.TierOf(other) < tier), other => Assert.Contains(other, _outcomes.Keys));
                }
            }

            _slotOf[script] = slot;
            CheckRoom();
        }

        private void CheckRoom()
        {
            if (@case.Demands.Length == 0)
            {
                return;
            }

            Demand[] running = [.. _slotOf.Where(taken => _slots.Contains(taken.Value) && !_outcomes.ContainsKey(taken.Key) && !_resting.Contains(taken.Key)).Select(taken => @case.Demands[taken.Key])];
            Assert.True(running.Sum(demand => demand.Cores) <= @case.Slots, "Scripts fill more slots than there are.");
            Assert.True(running.Sum(demand => demand.Memory ?? 0) <= _resources.Memory.Total, "Scripts need more memory than there is.");
            Assert.All(_resources.Pools, (pool, number) => Assert.True(running.Count(demand => demand.Pools.Contains(number)) <= pool.Depth, "A pool has more scripts than places."));
        }

        public void Runs(int script, string reason)
        {
        }

        public void Noted(string line)
        {
        }

        public void Warned(Problem problem)
        {
        }

        public void Output(int script, string line)
        {
        }

        public void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait)
        {
            lock (_running)
            {
                Assert.True(_mayStart, "A script is to be tried again after the run had stopped.");
                Assert.Equal(_attempts[script], attempt);
                Assert.True(_resting.Add(script));
                Assert.True(_slots.Remove(_slotOf[script]), "A script that rests keeps its slot.");
            }
        }

        public void Ended(int script, ScriptEnd end, int left)
        {
            lock (_running)
            {
                Assert.True(_outcomes.TryAdd(script, end.Outcome), "A script ended twice.");
                Assert.Equal(_attempts[script], end.Attempts);
                if (!_resting.Remove(script))
                {
                    Assert.True(_slots.Remove(_slotOf[script]));
                }

                _mayStart &= !(@case.Rules[script].Stops(end.Outcome) && @case.OnFailure != OnFailure.KeepGoing);
            }
        }

        public void Skipped(SkippedScript skipped)
        {
            lock (_running)
            {
                Assert.DoesNotContain(skipped.Script, _attempts.Keys);
                Assert.True(_outcomes.TryAdd(skipped.Script, Outcome.Skipped), "A script ended twice.");
            }
        }

        private void EndOne()
        {
            int script;
            bool fails;
            lock (_running)
            {
                if (_running.Count == 0)
                {
                    Thread.Yield();
                    return;
                }

                script = _running.Keys.Order().ElementAt(@case.Order[_ended % @case.Order.Length] % _running.Count);
                fails = _attempts[script] <= @case.Failures[script];
            }

            if (_ended++ == @case.CancelAfter)
            {
                _cancel.Cancel();
            }

            End(script, fails ? Outcome.Failed : Outcome.Succeeded);
        }

        private void End(int script, Outcome outcome)
        {
            TaskCompletionSource<ScriptEnd>? end;
            lock (_running)
            {
                _running.Remove(script, out end);
            }

            end?.TrySetResult(new ScriptEnd(outcome) { StartTime = DateTimeOffset.UnixEpoch });
        }

        private void Check()
        {
            Assert.Equal(_graph.Count, _outcomes.Count);
            Assert.Empty(_slots);
            Assert.Empty(_resting);
            if (@case.Failures.All(failures => failures == 0) && @case.CancelAfter == int.MaxValue)
            {
                Assert.All(_outcomes.Values, outcome => Assert.Equal(Outcome.Succeeded, outcome));
            }

            if (@case.OnFailure == OnFailure.KeepGoing && @case.CancelAfter == int.MaxValue)
            {
                // Skipped is exactly what comes after a failure.
                foreach (var (script, outcome) in _outcomes)
                {
                    var blocked = _graph.DependenciesOf(script).Any(before => !@case.Rules[before].LetDependentsStart(_outcomes[before]));
                    Assert.Equal(blocked, outcome == Outcome.Skipped);
                    if (!blocked)
                    {
                        Assert.Equal(Math.Min(@case.Failures[script], @case.Rules[script].Retries) + 1, _attempts[script]);
                        Assert.Equal(@case.Failures[script] > @case.Rules[script].Retries, outcome == Outcome.Failed);
                    }
                }
            }
        }
    }
}
