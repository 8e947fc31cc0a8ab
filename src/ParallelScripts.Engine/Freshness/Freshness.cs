namespace ParallelScripts;

/// <summary>Whether a script has to run, and by which lines that was decided.</summary>
/// <param name="UpToDate">If so, it need not run.</param>
/// <param name="Reason">In words.</param>
/// <param name="Manifest">What decides its result now; null for a script that declares no outputs.</param>
internal sealed record Decision(bool UpToDate, string Reason, Manifest? Manifest);

/// <summary>
/// Decides whether a script has to run: not if it once succeeded from the very same deciding lines, and its outputs are what it
/// wrote then. May be asked for a script as soon as everything it depends on is done, and not before.
/// </summary>
internal sealed class Freshness(
    PreparedRun run,
    HistoryStore? history,
    Deciding deciding,
    OutputFiles outputs,
    Dictionary<string, List<Result>> results,
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

        if (!results.TryGetValue(script.Name, out var successes))
        {
            return new Decision(false, Reasons.FirstTime, manifest);
        }

        var missing = outputs.Missing(inProject);
        var same = successes.Where(result => result.Manifest == manifest.Hash).ToArray();
        if (same.Length == 0)
        {
            return new Decision(false, Difference(Latest(successes), manifest), manifest);
        }

        if (missing is not null)
        {
            return new Decision(false, Reasons.OutputMissing(missing), manifest);
        }

        var written = outputs.Of(inProject);
        return Array.Exists(same, result => result.Outputs == written.Hash)
            ? new Decision(true, Reasons.UpToDate, manifest)
            : new Decision(false, Changed(Latest(same), written), manifest);
    }

    /// <summary>The last success of a script, if there is one.</summary>
    public Result? LastResult(string script) => results.TryGetValue(script, out var successes) ? Latest(successes) : null;

    /// <summary>Ids of runs sort by time.</summary>
    private static Result Latest(IEnumerable<Result> successes) => successes.MaxBy(result => result.Run, StringComparer.Ordinal);

    private string Difference(Result last, Manifest now) =>
        last.Manifest == default ? Reasons.OutputsAreNew
        : Find(last.Manifest) is { } before ? Explanation.Difference(before, run.Secrets.Mask(now), Find) : "what decided its result last time is not on record any more";

    private string Changed(Result last, Manifest written)
    {
        var before = Find(last.Outputs);
        foreach (var line in run.Secrets.Mask(written).Lines)
        {
            var old = before?.Lines.FirstOrDefault(old => old.What == line.What);
            if (before is not null && old?.What is null)
            {
                return Reasons.OutputIsStrange(line.What);
            }

            if (old is null || !old.Value.SameValue(line))
            {
                return Reasons.OutputChanged(line.What);
            }
        }

        return Reasons.OutputMissing(before!.Lines.First(old => !run.Secrets.Mask(written).Has(old.What)).What);
    }

    /// <summary>Without secrets, as what is stored.</summary>
    private Manifest? Find(UInt128 hash) => deciding.Groups.TryGetValue(hash, out var group) ? run.Secrets.Mask(group) : history?.FindManifest(hash);
}
