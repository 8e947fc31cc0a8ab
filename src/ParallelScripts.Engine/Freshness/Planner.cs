namespace ParallelScripts;

/// <summary>What a run would do with a script.</summary>
public enum Forecast
{
    /// <summary>It need not run.</summary>
    UpToDate,

    /// <summary>It has to run.</summary>
    Runs,

    /// <summary>Something before it runs; whether it has to run too depends on what that writes.</summary>
    MayRun,
}

/// <summary>What would happen to one script, and why.</summary>
public readonly record struct Foreseen(int Script, Forecast Forecast, string Reason)
{
    /// <summary>What it takes by earlier runs, or null if that is not known.</summary>
    public Usual? Usual { get; init; }
}

/// <summary>Foresees a run without running or writing anything, by the same decisions that the run would make.</summary>
public static class Planner
{
    /// <summary>One entry a script, in the order they were declared.</summary>
    public static IReadOnlyList<Foreseen> Foresee(PreparedRun run, IReadOnlyDictionary<string, string> environment)
    {
        using var state = RunState.OpenToRead(run, environment);
        var foreseen = new Foreseen[run.Graph.Count];
        var usual = state.History is { } history ? Usual.OfAll(run.Graph, history.UsualOfEach()) : [];
        foreach (var script in run.Graph.Order.Where(node => !run.Graph.IsJoin(node)))
        {
            foreseen[script] = Foresee(run, state, script, foreseen) with { Usual = usual.Count > 0 ? usual[script] : null };
        }

        return foreseen;
    }

    /// <summary>A problem for every script that would run, or might: for a build that is to prove that nothing has to.</summary>
    public static IEnumerable<Problem> WouldRun(PreparedRun run, IReadOnlyDictionary<string, string> environment) =>
        Foresee(run, environment).Where(script => script.Forecast != Forecast.UpToDate).Select(script => Problems.WouldRun(run.Graph[script.Script], script.Reason, script.Forecast == Forecast.MayRun));

    private static Foreseen Foresee(PreparedRun run, RunState state, int script, Foreseen[] foreseen)
    {
        if (run.Graph[script].Outputs.Count == 0)
        {
            return new Foreseen(script, Forecast.Runs, Reasons.NoOutputs);
        }

        // What surely runs first: without declared outputs it always makes its dependents run too.
        Foreseen? before = null;
        foreach (var dependency in run.Graph.DependenciesOf(script).Order().Select(dependency => foreseen[dependency]))
        {
            if (dependency.Forecast == Forecast.Runs && run.Graph[dependency.Script].Outputs.Count == 0)
            {
                return new Foreseen(script, Forecast.Runs, $"{run.Graph[dependency.Script].Name} ran again (it declares no Outputs)");
            }

            before ??= dependency.Forecast == Forecast.UpToDate ? null : dependency;
        }

        if (before is { } running)
        {
            return new Foreseen(script, Forecast.MayRun, $"{run.Graph[running.Script].Name} {(running.Forecast == Forecast.Runs ? "runs" : "may run")} before it");
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
}
