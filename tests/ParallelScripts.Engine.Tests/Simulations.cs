using CsCheck;

namespace ParallelScripts.Tests;

/// <summary>That a run in numbers is the run: the scheduler itself, with scripts that take exactly what they are said to take, by a clock that the test moves.</summary>
public sealed class Simulations
{
    private static readonly Gen<Case> _cases =
        from count in Gen.Int[1, 50]
        from density in Gen.Double[0, 0.2]
        from edges in Gen.Double[0, 1].Array[count * (count + 1) / 2]
        from slots in Gen.Int[1, 8]
        from schedule in Gen.Enum<Schedule>()
        from seconds in Gen.Int[1, 20].Array[count]
        from demanding in Gen.Bool
        from cores in Gen.Int[1, 8].Array[count]
        from memory in Gen.Int[0, 10].Array[count]
        from pools in Gen.Int[0, 3].Array[count]
        from priorities in Gen.Int[-1, 1].Array[count]
        select new Case(
            [.. Enumerable.Range(0, count).Select(script => Enumerable.Range(0, script).Where(before => edges[(script * (script - 1) / 2) + before] < density).ToArray())],
            slots,
            schedule,
            // So short that a rehearsal is short too.
            [.. seconds.Select(second => second / 4000.0)],
            demanding ? [.. Enumerable.Range(0, count).Select(script => new Demand
            {
                DeclaredCores = Math.Min(cores[script], slots),
                Memory = memory[script] == 0 ? null : memory[script],
                Pools = [.. Enumerable.Range(0, 2).Where(pool => (pools[script] >> pool & 1) == 1)],
                Priority = priorities[script],
            })] : []);

    [Fact]
    public void Take_as_long_as_the_real_run_and_no_less_than_the_bound() =>
        _cases.Sample(
            @case =>
            {
                var graph = Graphs.From(@case.Dependencies);
                var real = new VirtualRun(graph, @case).Wall();
                var resources = @case.Resources(() => 0);
                var order = Rehearsal.Order(graph, @case.Schedule, @case.Seconds, @case.Slots, resources);
                Assert.Equal(new Simulation(graph, @case.Schedule, @case.Slots, resources).Wall(@case.Seconds, order), real);

                var bound = Bound.Of(resources, @case.Slots, LongestPath.Of(graph, script => @case.Seconds[script]).Weight, @case.Seconds);
                Assert.True(bound.Seconds <= real + 1e-6, "A run was shorter than its bound.");
            },
            iter: 500);

    /// <summary>Those that start while a wide one runs are not counted: where the waiting one has to wait for that, they take nothing from it, however many they are.</summary>
    [Fact]
    public void Of_narrow_scripts_without_end_only_so_many_pass_each_wide_one() =>
        (from slots in Gen.Int[2, 8]
         from widths in Gen.Int[2, 8].Array[1, 4]
         from narrow in Gen.Int[20, 60]
         from order in Gen.Int[0, 1000].Array[64]
         select (slots, widths, narrow, order)).Sample(
            @case =>
            {
                var count = @case.widths.Length + @case.narrow;
                var graph = Graphs.From([.. Enumerable.Range(0, count).Select(_ => Array.Empty<int>())]);

                // The narrow ones hold the slots already when the wide ones come.
                Demand[] demands = [.. Enumerable.Range(0, count).Select(script => script < @case.widths.Length ? new Demand { DeclaredCores = Math.Min(@case.widths[script], @case.slots), Priority = 1 } : Demand.Default)];
                var resources = new Resources { Demands = demands };
                var plan = new Plan(graph, demands: demands);
                var admission = new Admission(plan, resources.NeedsOf(graph, @case.slots), [], @case.slots, resources);
                var running = new List<int>();
                var (waiting, passes, ended) = (@case.widths.Length, 0, 0);
                bool IsWide(int script) => script < @case.widths.Length;
                while (true)
                {
                    while (admission.AnyFree && admission.TryTakeNext(0, out var script))
                    {
                        if (admission.TryAdmit(script, 0))
                        {
                            running.Add(script);
                            waiting -= IsWide(script) ? 1 : 0;
                            passes += !IsWide(script) && waiting > 0 && !running.Exists(IsWide) ? 1 : 0;
                        }
                    }

                    if (running.Count == 0)
                    {
                        break;
                    }

                    var end = running[@case.order[ended++ % @case.order.Length] % running.Count];
                    running.Remove(end);
                    admission.Leave(end);
                    plan.End(end, dependentsMayStart: true);
                }

                Assert.Equal(0, plan.Left);
                Assert.True(passes <= Admission.MostPasses * @case.widths.Length, $"{passes} narrow scripts started before {@case.widths.Length} wide ones, while no wide one ran.");
            },
            iter: 500);

    /// <summary>
    /// Whatever it waits for, slots, memory or a place in a pool: what ends, ends in the order in which it began, and small scripts that could
    /// fill its place are there without end.
    /// </summary>
    [Fact]
    public void Of_small_scripts_without_end_none_waits_in_vain_whatever_it_needs() =>
        (from slots in Gen.Int[2, 6]
         from large in Gen.Select(Gen.Int[1, 6], Gen.Int[0, 10], Gen.Int[0, 3]).Array[1, 4]
         from small in Gen.Select(Gen.Int[1, 2], Gen.Int[0, 3], Gen.Int[0, 3]).Array[1, 3]
         select (slots, large, small)).Sample(
            @case =>
            {
                const int Small = 600;
                Demand ToDemand((int Cores, int Memory, int Pools) needs, int priority) => new()
                {
                    DeclaredCores = Math.Min(needs.Cores, @case.slots),
                    Memory = needs.Memory == 0 ? null : needs.Memory,
                    Pools = [.. Enumerable.Range(0, 2).Where(pool => (needs.Pools >> pool & 1) == 1)],
                    Priority = priority,
                };

                // Each large one comes after a small one, so that the machine is full when it comes.
                var graph = Graphs.From([.. Enumerable.Range(0, Small).Select(_ => Array.Empty<int>()), .. @case.large.Select((_, number) => new[] { number })]);
                Demand[] demands = [.. Enumerable.Range(0, Small).Select(number => ToDemand(@case.small[number % @case.small.Length], 0)), .. @case.large.Select(needs => ToDemand(needs, 1))];
                var resources = new Resources { Demands = demands, Pools = [new ScriptPool("one", 1), new ScriptPool("two", 2)], Memory = new HandMemory(10) };
                var plan = new Plan(graph, demands: demands);
                var needs = resources.NeedsOf(graph, @case.slots)!;
                var admission = new Admission(plan, needs, [], @case.slots, resources);
                var running = new Queue<int>();
                var (ends, came) = (0, new Dictionary<int, int>());
                var longest = 0;
                while (true)
                {
                    while (admission.AnyFree && admission.TryTakeNext(0, out var script))
                    {
                        if (admission.TryAdmit(script, 0))
                        {
                            running.Enqueue(script);
                            longest = script >= Small ? Math.Max(longest, ends - came[script]) : longest;
                        }
                    }

                    if (!running.TryDequeue(out var ended))
                    {
                        break;
                    }

                    ends++;
                    admission.Leave(ended);
                    plan.End(ended, dependentsMayStart: true);
                    if (ended < @case.large.Length)
                    {
                        came[Small + ended] = ends;
                    }
                }

                Assert.Equal(0, plan.Left);

                // For each that may go before it: what ran when it came, and what passed it, a line at a time.
                var lines = needs.Distinct().Count();
                var bound = @case.large.Length * (@case.slots + (Admission.MostPasses * lines));
                if (longest > bound) { Assert.Fail($"{longest} scripts ended before one of {@case.large.Length} large ones started, of at most {bound}."); }
            },
            iter: 500);

    private sealed record Case(List<int[]> Dependencies, int Slots, Schedule Schedule, double[] Seconds, Demand[] Demands)
    {
        public Resources Resources(Func<double> now) => new()
        {
            Demands = Demands,
            Pools = [new ScriptPool("one", 1), new ScriptPool("two", 2)],
            Memory = new HandMemory(10),
            Now = now,
            LookUp = () => [.. Seconds.Select(seconds => new Usual(seconds, null, null))],
        };
    }

    /// <summary>A run whose clock stands still but when the test ends the script that is to end next.</summary>
    private sealed class VirtualRun(ScriptGraph graph, Case @case) : IExecutor, IRunListener
    {
        private readonly Dictionary<int, (double End, TaskCompletionSource<ScriptEnd> Task)> _running = [];
        private double _now;

        public double Wall()
        {
            // Everything happens on this thread: a script's end goes through the scheduler, until that waits for the next.
            var context = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            var run = new Scheduler(this, this, new RunOptions { Slots = @case.Slots, Schedule = @case.Schedule }, Graphs.NoRules(graph), resources: @case.Resources(() => _now)).RunAsync(graph, CancellationToken.None);
            while (_running.Count > 0)
            {
                var (script, (end, task)) = _running.MinBy(running => (running.Value.End, running.Key));
                _running.Remove(script);
                _now = end;
                task.SetResult(new ScriptEnd(Outcome.Succeeded) { StartTime = DateTimeOffset.UnixEpoch });
            }

            SynchronizationContext.SetSynchronizationContext(context);
            Assert.True(run.IsCompletedSuccessfully, "The run has not ended with its scripts.");
            return _now;
        }

        public Task<ScriptEnd> RunAsync(int script, int attempt, CancellationToken stop)
        {
            var end = new TaskCompletionSource<ScriptEnd>();
            _running[script] = (_now + @case.Seconds[script], end);
            return end.Task;
        }

        public void Started(int script, int slot)
        {
        }

        public void Runs(int script, string reason)
        {
        }

        public void Output(int script, string line)
        {
        }

        public void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait)
        {
        }

        public void Ended(int script, ScriptEnd end, int left)
        {
        }

        public void Skipped(SkippedScript skipped)
        {
        }

        public void Noted(string line)
        {
        }

        public void Warned(Problem problem)
        {
        }
    }
}
