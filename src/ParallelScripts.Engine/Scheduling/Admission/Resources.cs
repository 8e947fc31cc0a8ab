using System.Diagnostics;

namespace ParallelScripts;

/// <summary>What the scripts of a run need, what there is for them, and what earlier runs have shown.</summary>
public sealed class Resources
{
    private IReadOnlyList<Usual?>? _known;
    private bool? _anyElsewhere;

    /// <summary>What each script declares; empty if none declares anything.</summary>
    public IReadOnlyList<Demand> Demands { get; init; } = [];

    public IReadOnlyList<ScriptPool> Pools { get; init; } = [];

    public MachineMemory Memory { get; init; } = MachineMemory.This;

    /// <summary>Whether some scripts run on other machines: full slots are no reason then to start nothing.</summary>
    internal bool AnyElsewhere => _anyElsewhere ??= Demands.Any(demand => demand.IsElsewhere);

    /// <summary>Seconds from any moment, by a clock that never jumps.</summary>
    public Func<double> Now { get; init; } = () => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    /// <summary>Looks up what each script usually takes; empty if nothing is known. Asked at most once, and not by a run in which nothing has to run.</summary>
    public Func<IReadOnlyList<Usual?>> LookUp { get; init; } = () => [];

    /// <param name="state">Where earlier runs are remembered; null if they are of no interest.</param>
    /// <param name="begun">That the run has begun is on record, for the next one to know if this is killed. No script starts before.</param>
    internal static Resources Of(PreparedRun run, RunState? state = null, Task? begun = null) => new()
    {
        Demands = run.Demands,
        Pools = run.Pools,
        Memory = run.Memory,
        LookUp = () =>
        {
            begun?.GetAwaiter().GetResult();
            return state?.History is { } history ? Usual.OfAll(run.Graph, history.UsualOfEach()) : [];
        },
    };

    /// <summary>What is known of earlier runs.</summary>
    internal IReadOnlyList<Usual?> Known => _known ??= LookUp();

    /// <summary>Orders the plan by what earlier runs took, and gives what admits its scripts.</summary>
    internal Admission Weigh(Plan plan, ScriptGraph graph, int slots)
    {
        if (Known.Count > 0)
        {
            var weights = Usual.Weights(Known);
            for (var script = 0; script < weights.Length; script++)
            {
                // What has turned out to be up to date takes nothing any more.
                weights[script] = plan[script] == ScriptState.Ended ? 0 : weights[script];
            }

            plan.Weigh(weights);
            if (Rehearsal.Order(graph, plan.Schedule, weights, slots, this) is { } order)
            {
                plan.Follow(order);
            }
        }

        return new Admission(plan, NeedsOf(graph, slots), Usual.SecondsOf(Known), slots, this);
    }

    /// <summary>What each script needs in so many slots; null if all need one slot and nothing else.</summary>
    internal Need[]? NeedsOf(ScriptGraph graph, int slots) =>
        Demands.Count > 0 || Known.Count > 0 ? Need.OfAll(graph.Count, Demands, Known, slots, Memory.Total) : null;
}
