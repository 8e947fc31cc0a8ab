namespace ParallelScripts;

/// <summary>
/// How long a run takes if each script takes the time it is said to take: the same plan and the same admission as a real run's, in a time that
/// only jumps from one end to the next. Nothing in between costs anything.
/// </summary>
/// <param name="slots">How many slots there are; no script needs more.</param>
/// <param name="resources">What the scripts need, and what there is.</param>
internal sealed class Simulation(ScriptGraph graph, Schedule schedule, int slots, Resources resources)
{
    private readonly Need[]? _needs = resources.NeedsOf(graph, slots);

    /// <param name="seconds">What each script takes; one that takes nothing does not run.</param>
    /// <param name="order">In which order scripts start as far as they may; null for the longest path first.</param>
    public double Wall(IReadOnlyList<double> seconds, IReadOnlyList<int>? order = null)
    {
        var plan = new Plan(graph, schedule, seconds, resources.Demands);
        if (order is not null)
        {
            plan.Follow(order);
        }

        var admission = new Admission(plan, _needs, seconds, slots, resources);
        var ends = new double[graph.Count];
        var running = new NumberQueue((a, b) => ends[a].CompareTo(ends[b]) is var earlier and not 0 ? earlier : a - b);
        var now = 0.0;
        while (true)
        {
            while (admission.AnyFree && admission.TryTakeNext(now, out var next))
            {
                if (seconds[next] <= 0)
                {
                    plan.End(next, dependentsMayStart: true);
                }
                else if (admission.TryAdmit(next, now))
                {
                    ends[next] = now + seconds[next];
                    running.Enqueue(next);
                }
            }

            if (!running.TryDequeue(out var ended))
            {
                return now;
            }

            now = ends[ended];
            admission.Leave(ended);
            plan.End(ended, dependentsMayStart: true);
        }
    }
}
