namespace ParallelScripts;

/// <summary>
/// Decides whether a script has to run: not if it once succeeded from the very same deciding lines, and its outputs are what it
/// wrote then. May be asked for a script as soon as everything it depends on is done, and not before.
/// </summary>
internal sealed class Freshness(
    PreparedRun run,
    HistoryStore? history,
    Deciding deciding,
    OutputFiles outputs,
    Dictionary<string, Result> results,
    Dictionary<string, Unfinished> unfinished)
{
    public Decision Decide(int number)
    {
        var decision = Compare(number);
        return decision with { Reason = run.Secrets.Mask(decision.Reason) };
    }

    private Decision Compare(int number)
    {
        var script = run.Graph[number];
        if (script.Outputs.Count == 0)
        {
            return new Decision(false, Reasons.NoOutputs, null);
        }

        var inProject = run.NumbersInProject[number];
        var manifest = deciding.Of(number);
        if (run.Forced.Contains(inProject))
        {
            return new Decision(false, Reasons.Forced, manifest);
        }

        if (unfinished.TryGetValue(script.Name, out var before))
        {
            return new Decision(false, before.State is "started" or "interrupted" ? Reasons.NotFinished : Reasons.FailedBefore, manifest);
        }

        if (!results.TryGetValue(script.Name, out var last))
        {
            return new Decision(false, Reasons.FirstTime, manifest);
        }

        var missing = outputs.Missing(inProject);
        if (Latest(last, result => result.Manifest == manifest.Hash) is not { } same)
        {
            return new Decision(false, Difference(Latest(last, _ => true)!, manifest), manifest);
        }

        if (missing is not null)
        {
            return new Decision(false, Reasons.OutputMissing(missing), manifest);
        }

        var written = outputs.Of(inProject);
        return Latest(last, result => result.Manifest == manifest.Hash && result.Outputs == written.Hash) is not null
            ? new Decision(true, Reasons.UpToDate, manifest)
            : new Decision(false, Changed(same, written), manifest);
    }

    /// <summary>The last success of a script, if there is one.</summary>
    public Result? LastResult(string script) => results.TryGetValue(script, out var last) ? Latest(last, _ => true) : null;

    /// <summary>The latest of a script's successes that are so, or null if none is.</summary>
    private static Result? Latest(Result results, Predicate<Result> isSo)
    {
        Result? latest = null;
        for (var result = results; result is not null; result = result.Other)
        {
            // Ids of runs sort by time.
            if (isSo(result) && (latest is null || string.CompareOrdinal(result.Run, latest.Run) > 0))
            {
                latest = result;
            }
        }

        return latest;
    }

    private string Difference(Result last, Manifest now) =>
        last.Manifest == default ? Reasons.OutputsAreNew
        : Find(last.Manifest) is { } before ? Explanation.Difference(before, run.Secrets.Mask(now), Find) : "what decided its result last time is not on record any more";

    private string Changed(Result last, Manifest written)
    {
        var before = Find(last.Outputs);
        foreach (var line in run.Secrets.Mask(written).Lines)
        {
            var old = before?.Lines.FirstOrDefault(old => old.What == line.What);
            if (before is not null && old is null)
            {
                return Reasons.OutputIsStrange(line.What);
            }

            if (old is null || !old.SameValue(line))
            {
                return Reasons.OutputChanged(line.What);
            }
        }

        return Reasons.OutputMissing(before!.Lines.First(old => !run.Secrets.Mask(written).Has(old.What)).What);
    }

    /// <summary>Without secrets, as what is stored.</summary>
    private Manifest? Find(Hash128 hash) => deciding.Groups.TryGetValue(hash, out var group) ? run.Secrets.Mask(group) : history?.FindManifest(hash);
}

/// <summary>Whether a script has to run, and by which lines that was decided.</summary>
/// <param name="UpToDate">If so, it need not run.</param>
/// <param name="Reason">In words.</param>
/// <param name="Manifest">What decides its result now; null for a script that declares no outputs.</param>
internal sealed record Decision(bool UpToDate, string Reason, Manifest? Manifest);
