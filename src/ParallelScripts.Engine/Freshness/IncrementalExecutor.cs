namespace ParallelScripts;

/// <summary>
/// Lets another executor run only what has to run, and keeps the books: that a script started before it does, that it succeeded
/// before anything that depends on it starts, and where its half-written outputs are when it did not.
/// </summary>
internal sealed class IncrementalExecutor(PreparedRun run, RunState state, IExecutor inner, IRunListener listener) : IExecutor
{
    /// <summary>What the scheduler's loop may read itself when it asks; more is read by the slot that the script then has.</summary>
    public const long QuickBytes = 256 * 1024;

    private readonly Decision?[] _decisions = new Decision?[run.Graph.Count];

    /// <summary>Of what is up to date nobody asks by which lines that was decided, and a hundred thousand times these are much.</summary>
    private static readonly Decision _done = new(true, Reasons.UpToDate, null);

    /// <summary>Scripts that a cluster has and nobody waits for; null unless this run hands some over.</summary>
    private readonly bool[]? _handedOver = run.Slurm.Submit == SlurmSubmit.Whole && run.Placements.Count > 0 ? new bool[run.Graph.Count] : null;

    /// <summary>Decisions made before the scheduler asked, each with the epoch (see <see cref="FileHashes.Epoch"/>) in which it holds.</summary>
    private readonly DatedDecision?[] _decidedAhead = new DatedDecision?[run.Graph.Count];

    /// <summary>The deciding lines of each script that ran, for the history.</summary>
    public Hash128? ManifestOf(int script) => _decisions[script]?.Manifest?.Hash;

    /// <summary>
    /// Decides on another core about the scripts that wait for nobody, from the last to the first, while the scheduler asks for them
    /// from the first to the last. What others read may be written by then, even by a script that does not say so.
    /// </summary>
    public Task DecideAhead() => Task.Run(() =>
    {
        for (var script = run.Graph.Count - 1; script >= 0; script--)
        {
            var epoch = state.Hashes.Epoch;
            if (run.Graph.TierOf(script) == 0 && Volatile.Read(ref _decisions[script]) is null && !run.Graph[script].Inputs.Any(Glob.IsGlob) && TryDecideQuickly(script) is { } decision)
            {
                Volatile.Write(ref _decidedAhead[script], new DatedDecision(epoch, decision));
            }
        }
    });

    public ScriptEnd? TryEndAtOnce(int script)
    {
        if (FindHandedOver(script) is not null)
        {
            return null;
        }

        var decision = Volatile.Read(ref _decidedAhead[script]) is { } ahead && ahead.Epoch == state.Hashes.Epoch ? ahead.Decision : TryDecideQuickly(script);
        Volatile.Write(ref _decidedAhead[script], null);
        Volatile.Write(ref _decisions[script], decision is { UpToDate: true } ? _done : decision);
        return decision is null ? null
            : decision.UpToDate ? new ScriptEnd(Outcome.UpToDate) { Reason = decision.Reason }
            : IsAccepted(script) && state.Outputs.Missing(run.NumbersInProject[script]) is null ? Accept(script, decision)
            : null;
    }

    public Task<ScriptEnd> RunAsync(int script, int attempt, CancellationToken stop) =>
        run.Graph[script].Outputs.Count == 0 ? RunAlways(script, attempt, stop) : RunIfStale(script, attempt, stop);

    private Task<ScriptEnd> RunAlways(int script, int attempt, CancellationToken stop)
    {
        if (IsInTheWay(script))
        {
            return Task.FromResult(new ScriptEnd(Outcome.Failed) { Problem = Problems.NotHandedOver(run.Graph[script], Reasons.NoOutputs) });
        }

        Explain(script, attempt, Reasons.NoOutputs);
        state.Record(run, listener, () => state.History?.WriteWaiting());
        return inner.RunAsync(script, attempt, stop).ContinueWith(
            ended =>
            {
                // It may have written anything.
                state.Hashes.ForgetAll();
                var end = ended.GetAwaiter().GetResult();
                NoteHandedOver(script, end);
                if (!end.GoesOn)
                {
                    inner.Recorded(script);
                }

                return end;
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task<ScriptEnd> RunIfStale(int script, int attempt, CancellationToken stop)
    {
        // Reading and recording are neither for the loop's thread nor for one that has said it is free for the next process.
        var decision = FindHandedOver(script) is { } dependency
            ? new Decision(false, Reasons.AfterHandedOver(run.Graph[dependency].Name), null)
            : await Task.Run(() => _decisions[script] ??= state.Freshness.Decide(script), CancellationToken.None).ConfigureAwait(false);
        if (decision.UpToDate)
        {
            return new ScriptEnd(Outcome.UpToDate) { Reason = decision.Reason };
        }

        if (IsAccepted(script))
        {
            return Accept(script, decision);
        }

        if (state.Jobs?.Find(run.Graph[script].Name) is { IsHandedOver: true })
        {
            decision = decision with { Reason = Reasons.WasHandedOver };
        }

        if (IsInTheWay(script))
        {
            return new ScriptEnd(Outcome.Failed) { Problem = Problems.NotHandedOver(run.Graph[script], decision.Reason), Reason = decision.Reason };
        }

        Explain(script, attempt, decision.Reason);
        var inProject = run.NumbersInProject[script];
        var name = run.Graph[script].Name;
        var before = OutputsBefore(inProject, name);
        state.Record(run, listener, () => state.History?.Begin(name, state.RunId, string.Join('\n', run.Graph[script].Outputs), before));
        var end = await RunToItsEnd(script, attempt, stop).ConfigureAwait(false) with { Reason = decision.Reason };
        Forget(inProject);
        if (end.Outcome == Outcome.Succeeded && decision.Manifest is null)
        {
            // Its job has ended, and the one before it had not when we looked: what that wrote is not on record, so what was made of it
            // cannot be either. A later run collects both, in their order.
            end = new ScriptEnd(Outcome.HandedOver) { Reason = decision.Reason, GoesOn = true };
        }

        NoteHandedOver(script, end);
        if (end.GoesOn)
        {
            return end;
        }

        if (end.Outcome == Outcome.Succeeded && end.Node is not null)
        {
            await LateFiles.WaitAsync(run.Graph[script].Outputs.Select(output => state.Files.AbsoluteOf(state.Files.NameOf(output))), IsAllThere, stop).ConfigureAwait(false);
        }

        if (end.Outcome == Outcome.Succeeded && state.Outputs.Missing(inProject) is { } missing)
        {
            end = end with { Outcome = Outcome.Failed, Problem = Problems.OutputNotWritten(run.Graph[script], missing) };
        }

        if (end.Outcome == Outcome.Succeeded)
        {
            state.Record(run, listener, () => state.History?.Succeed(name, state.RunId, decision.Manifest!, GroupsOf(decision.Manifest!), state.Outputs.Of(inProject)));
            inner.Recorded(script);
            return end;
        }

        var folder = state.Quarantine.Move(name, before, state.Outputs.Of(inProject));
        Forget(inProject);
        state.Record(run, listener, () => state.History?.SetUnfinished(name, end.Outcome == Outcome.Canceled ? "canceled" : "failed"));
        inner.Recorded(script);
        return end with { PartialOutputs = folder };

        bool IsAllThere()
        {
            Forget(inProject);
            return state.Outputs.Missing(inProject) is null;
        }
    }

    /// <summary>A script directly before this one that a cluster has: what it will write nobody knows, so nothing after it can be up to date.</summary>
    private int? FindHandedOver(int script)
    {
        if (_handedOver is not null)
        {
            foreach (var dependency in run.Graph.DependenciesOf(script))
            {
                if (_handedOver[dependency])
                {
                    return dependency;
                }
            }
        }

        return null;
    }

    private void NoteHandedOver(int script, ScriptEnd end)
    {
        if (end.Outcome == Outcome.HandedOver)
        {
            _handedOver![script] = true;
        }
    }

    /// <summary>Whether a script would have to run here while the rest is handed over.</summary>
    private bool IsInTheWay(int script) => _handedOver is not null && !run.IsOnSlurm(script);

    /// <summary>A job that an earlier run has left may have written since to what was there when it began.</summary>
    private Manifest OutputsBefore(int inProject, string name) =>
        state.Jobs?.Find(name) is not null && state.Unfinished.TryGetValue(name, out var unfinished)
            ? state.History!.FindManifest(unfinished.OutputsBefore) ?? new Manifest()
            : state.Outputs.Of(inProject);

    /// <summary>A script may have written its outputs.</summary>
    private void Forget(int inProject)
    {
        state.Outputs.Forget(inProject);
        state.Deciding.Forget(inProject);
    }

    /// <summary>Runs it, and goes on also when that broke: there may be half-written outputs all the same.</summary>
    private async Task<ScriptEnd> RunToItsEnd(int script, int attempt, CancellationToken stop)
    {
        try
        {
            return await inner.RunAsync(script, attempt, stop).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            return new ScriptEnd(Outcome.Failed) { Problem = Problems.NotRun(run.Graph[script], broken.Message) };
        }
    }

    private void Explain(int script, int attempt, string reason)
    {
        if (attempt == 1)
        {
            listener.Runs(script, reason);
        }
    }

    private ScriptEnd Accept(int script, Decision decision)
    {
        var inProject = run.NumbersInProject[script];
        if (state.Outputs.Missing(inProject) is { } missing)
        {
            var trouble = Problems.AcceptWithoutOutputs(run.Graph[script], Reasons.OutputMissing(missing));
            return new ScriptEnd(Outcome.Failed) { Problem = trouble, Reason = decision.Reason };
        }

        var name = run.Graph[script].Name;
        var manifest = decision.Manifest!;
        state.Record(run, listener, () => state.History?.Accept(name, state.RunId, state.Freshness.LastResult(name)?.Manifest, manifest, GroupsOf(manifest), state.Outputs.Of(inProject), decision.Reason));
        return new ScriptEnd(Outcome.UpToDate) { Reason = Reasons.Accepted(decision.Reason) };
    }

    private bool IsAccepted(int script) => run.Accepted.Contains(run.NumbersInProject[script]);

    /// <summary>Decides if no file that this script alone brings in is new and large.</summary>
    private Decision? TryDecideQuickly(int script)
    {
        try
        {
            return run.Graph[script].Outputs.Count > 0 && AllQuick(run.Graph[script].Outputs) && AllQuick(run.Graph[script].Inputs) ? state.Freshness.Decide(script) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // It will fail on this again, where a script may fail.
            return null;
        }

        bool AllQuick(IReadOnlyList<string> entries)
        {
            for (var i = 0; i < entries.Count; i++)
            {
                if (!Glob.IsGlob(entries[i]) && !state.Hashes.TryQuickly(state.Files.NameOf(entries[i]), QuickBytes, out _))
                {
                    return false;
                }
            }

            return true;
        }
    }

    private IEnumerable<Manifest> GroupsOf(Manifest manifest) =>
        manifest.Lines.Where(line => line.Kind == LineKind.Group).Select(line => state.Deciding.Groups[line.Hash]);

    private sealed record DatedDecision(int Epoch, Decision Decision);
}
