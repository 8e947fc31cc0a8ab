namespace ParallelScripts;

/// <summary>Foresees a run without running or writing anything, by the same decisions that the run would make.</summary>
public static class Planner
{
    /// <summary>One entry a script, in the order they were declared.</summary>
    public static IReadOnlyList<Foreseen> Foresee(PreparedRun run, IReadOnlyDictionary<string, string> environment)
    {
        using var state = RunState.OpenToRead(run, environment);
        var foreseen = new Foreseen[run.Graph.Count];
        var usual = state.History is { } history ? Usual.OfAll(run.Graph, history.UsualOfEach()) : [];
        var before = new Before[run.Graph.NodeCount];
        foreach (var node in run.Graph.Order)
        {
            // A join comes after its members: what is before it is so for everyone who waits for it, and looked at once.
            var known = BeforeNode(run.Graph, node, foreseen, before);
            if (run.Graph.IsJoin(node))
            {
                before[node] = known;
            }
            else
            {
                foreseen[node] = Foresee(run, state, node, foreseen, known) with { Usual = usual.Count > 0 ? usual[node] : null };
            }
        }

        return foreseen;
    }

    /// <summary>A problem for every script that would run, or might: for a build that is to prove that nothing has to.</summary>
    public static IEnumerable<Problem> WouldRun(PreparedRun run, IReadOnlyDictionary<string, string> environment) =>
        Foresee(run, environment).Where(script => script.Forecast != Forecast.UpToDate).Select(script => Problems.WouldRun(run.Graph[script.Script], script.Reason, script.Forecast == Forecast.MayRun));

    private static Before BeforeNode(ScriptGraph graph, int node, Foreseen[] foreseen, Before[] joins)
    {
        var always = int.MaxValue;
        var stale = int.MaxValue;
        foreach (var dependency in graph.NodesBefore(node))
        {
            if (graph.IsJoin(dependency))
            {
                always = Math.Min(always, joins[dependency].Always);
                stale = Math.Min(stale, joins[dependency].Stale);
                continue;
            }

            if (foreseen[dependency].Forecast == Forecast.Runs && graph[dependency].Outputs.Count == 0)
            {
                always = Math.Min(always, dependency);
            }

            if (foreseen[dependency].Forecast != Forecast.UpToDate)
            {
                stale = Math.Min(stale, dependency);
            }
        }

        return new Before(always, stale);
    }

    private static Foreseen Foresee(PreparedRun run, RunState state, int script, Foreseen[] foreseen, Before before)
    {
        if (state.Jobs?.Find(run.Graph[script].Name) is { IsHandedOver: true, IsUnwanted: false } entry)
        {
            return ForeseeHandedOver(run, script, foreseen, entry);
        }

        if (run.Graph[script].Outputs.Count == 0)
        {
            return new Foreseen(script, Forecast.Runs, Reasons.NoOutputs);
        }

        // What surely runs first: without declared outputs it always makes its dependents run too.
        if (before.Always != int.MaxValue)
        {
            return new Foreseen(script, Forecast.Runs, $"{run.Graph[before.Always].Name} ran again (it declares no Outputs)");
        }

        if (before.Stale != int.MaxValue)
        {
            return new Foreseen(script, Forecast.MayRun, $"{run.Graph[before.Stale].Name} {(foreseen[before.Stale].Forecast == Forecast.Runs ? "runs" : "may run")} before it");
        }

        if (state.WhyUnread is { } why)
        {
            return new Foreseen(script, Forecast.MayRun, Reasons.HistoryNotRead(why));
        }

        try
        {
            var decision = state.Freshness.Decide(script);
            return new Foreseen(script, decision.UpToDate ? Forecast.UpToDate : Forecast.Runs, decision.Reason);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new Foreseen(script, Forecast.Runs, unreadable.Message.TrimEnd('.'));
        }
    }

    private static Foreseen ForeseeHandedOver(PreparedRun run, int script, Foreseen[] foreseen, JournalEntry entry)
    {
        var folder = new JobFolder(run.Place.StateDirectory);
        var (said, hasFailed) = folder.Describe(entry);
        foreach (var dependency in run.Graph.DependenciesOf(script))
        {
            if (!hasFailed && foreseen[dependency].HasFailed && !run.FailureRules[dependency].LetDependentsStart(Outcome.Failed))
            {
                (said, hasFailed) = ($"it will not run, since {run.Graph[dependency].Name} did not succeed", true);
            }
        }

        return new Foreseen(script, Forecast.HandedOver, said) { HasFailed = hasFailed };
    }

    /// <summary>The first declared of the scripts directly before a node that always runs, and of those that are not up to date; <see cref="int.MaxValue"/> for none.</summary>
    private readonly record struct Before(int Always, int Stale);
}

/// <summary>What a run would do with a script.</summary>
public enum Forecast
{
    /// <summary>It need not run.</summary>
    UpToDate,

    /// <summary>It has to run.</summary>
    Runs,

    /// <summary>Something before it runs; whether it has to run too depends on what that writes.</summary>
    MayRun,

    /// <summary>A cluster has it since an earlier run, and the next one collects what becomes of it.</summary>
    HandedOver,
}

/// <summary>What would happen to one script, and why.</summary>
public readonly record struct Foreseen(int Script, Forecast Forecast, string Reason)
{
    /// <summary>Whether a cluster has it, and it has failed there or will never start.</summary>
    internal bool HasFailed { get; init; }

    /// <summary>What it takes by earlier runs, or null if that is not known.</summary>
    public Usual? Usual { get; init; }
}
