namespace ParallelScripts;

/// <summary>A prepared run from its start to its record: the one place where plan, executors and listeners are put together.</summary>
public static class Runner
{
    /// <summary>Runs what has to run; the record is in the state directory when this returns, whatever the scripts did.</summary>
    /// <param name="run">What to run.</param>
    /// <param name="start">When the run began, preparation included.</param>
    /// <param name="environment">What scripts inherit.</param>
    /// <param name="listener">Hears what happens while it happens.</param>
    /// <param name="cancellation">Ends the running scripts and starts no more.</param>
    /// <returns>Null if the run was cancelled while it waited for another one.</returns>
    /// <exception cref="StateException">Nothing can be written to the state directory, or another run has it and this one is not to wait.</exception>
    public static RunRecord? Run(
        PreparedRun run,
        RunStart start,
        IReadOnlyDictionary<string, string> environment,
        IRunListener listener,
        CancellationToken cancellation)
    {
        var masked = new MaskedListener(listener, run.Secrets);
        using var interruption = Interruption.Watch();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, interruption.Token);
        var record = RunUnlessStopped(run, start, environment, masked, stop.Token);
        if (interruption.Signal is { } signal)
        {
            masked.Warned(Problems.BuildInterrupted(run.Place, signal));
        }

        return record;
    }

    /// <summary>The same, with <paramref name="cancellation"/> cancelled by a signal too.</summary>
    private static RunRecord? RunUnlessStopped(
        PreparedRun run,
        RunStart start,
        IReadOnlyDictionary<string, string> environment,
        MaskedListener listener,
        CancellationToken cancellation)
    {
        if (Marks.Of(run.Place, environment).IsInsideItself)
        {
            throw new StateException(Problems.RunInsideItself(run.Place));
        }

        using var stateLock = Lock(run, listener, cancellation);
        if (stateLock is null)
        {
            return null;
        }

        if (HandoverCheck.FindInTheWay(run, environment) is { } inTheWay)
        {
            throw new StateException(inTheWay);
        }

        using var state = StateException.Watch(run.Place, () => RunState.Open(run, start.RunId, environment, listener.Warned));
        start = start with { RunId = state.RunId };
        foreach (var line in StateException.Watch(run.Place, () => state.Recover(run, environment, listener.Warned).ToArray()))
        {
            listener.Noted(line);
        }

        // The first write waits for the disk. Meanwhile all is got ready; nothing starts before it is done.
        var begun = Task.Run(() => state.Record(run, listener, () => state.History?.BeginRun(start, run.Options, run.Graph.Count)), CancellationToken.None);
        var resources = Resources.Of(run, state, begun);
        var recorder = new RunRecorder(run, start, resources);
        var live = new LiveReport(run, recorder, resources);
        using var progress = new LiveProgress(run, start, resources, listener, TimeProvider.System);
        var everybody = new Listeners(new MaskedListener(new Listeners(recorder, live, progress), run.Secrets), listener);
        var interpreters = new RealInterpreters(state.Interpreters, run.Place, environment);
        using var local = new LocalExecutor(run, environment, script => state.TimeLimitOf(run, script), everybody, interpreters.SeeThrough);
        IncrementalExecutor? executor = null;
        using var slurm = state.Jobs is { } jobs && (run.Placements.Count > 0 || jobs.Left.Count > 0)
            ? new SlurmExecutor(run, environment, jobs, local, script => state.TimeLimitOf(run, script), FingerprintOf, new HandedOverLines(run, state.Deciding, state.Outputs, state.Files), everybody, interpreters.SeeThrough, cancellation)
            : null;
        state.Jobs?.Record = write => state.Record(run, listener, write);
        slurm?.EndStraysAsync().GetAwaiter().GetResult();
        executor = new IncrementalExecutor(run, state, slurm is null ? local : new PlacedExecutor(run, local, slurm), everybody);
        var deciding = executor.DecideAhead();
        IExecutor outermost = run.Options.HoldsOutput ? new HeldOutput(executor, run.Options, everybody) : executor;

        // What was handed over goes on whatever fails; so does the run that collects it.
        var options = state.Jobs is { AnyHandedOver: true } ? run.Options with { OnFailure = OnFailure.KeepGoing } : run.Options;
        var scheduler = new Scheduler(outermost, everybody, options, run.FailureRules, local.JobServer, resources);
        scheduler.RunAsync(run.Graph, cancellation).GetAwaiter().GetResult();
        local.EndTheRest();
        slurm?.Finish(recorder.IsStranded);
        foreach (var (script, job) in slurm?.Accounted() ?? [])
        {
            recorder.Account(script, job.CpuTime, job.PeakMemory);
        }

        deciding.GetAwaiter().GetResult();
        live.Finish();
        progress.Finish();
        begun.GetAwaiter().GetResult();

        var record = recorder.RecordSoFar(cancellation.IsCancellationRequested, scheduler.MostSlots);
        progress.WriteEnd(record.Outcome);
        Tell(run, state, record, executor, StepSummary.FileIn(environment), listener);
        if (state.PutAsideIfDamaged(run, start.RunId) is { } damaged)
        {
            listener.Warned(damaged);
        }

        return record;

        // What decides a script's result, for a job that a later run may have to take over.
        string FingerprintOf(int script) => (executor!.ManifestOf(script) ?? state.Deciding.Of(script).Hash).ToString();
    }

    private static StateLock? Lock(PreparedRun run, MaskedListener listener, CancellationToken cancellation)
    {
        StateException.Watch(run.Place, () => Directory.CreateDirectory(run.Place.StateDirectory));
        var holder = "";
        var taken = StateException.Watch(run.Place, () => StateLock.Take(
            run.Place.StateDirectory,
            run.Options.Wait,
            who =>
            {
                holder = who;
                if (run.Options.Wait)
                {
                    listener.Noted($"Waiting for another run of this project ({who}).");
                }
            },
            cancellation));
        if (holder != "")
        {
            // What is known of the files may be from before that run.
            run.Ahead.Hashes.ForgetAll();
        }

        return taken is null && !run.Options.Wait ? throw new StateException(Problems.AnotherRun(run.Place, holder)) : taken;
    }

    /// <summary>Puts the record of a run where it belongs, all at once: into the log, the history, the report and <c>run.json</c>.</summary>
    private static void Tell(PreparedRun run, RunState state, RunRecord record, IncrementalExecutor executor, string? step, MaskedListener listener)
    {
        var json = Task.Run(() => StateException.Watch(run.Place, () => RunJson.Write(record, run.Place.StateDirectory)), CancellationToken.None);
        var report = new RunReport(run, state, step, listener).WriteAsync(record);
        var kept = Task.Run(() => state.Record(run, listener, () => Keep(run, record, executor, state)), CancellationToken.None);
        foreach (var line in Declarations.FarOff(run, record))
        {
            listener.Noted(line);
        }

        listener.Finished(record);
        kept.GetAwaiter().GetResult();
        report.GetAwaiter().GetResult();

        // Last: where it cannot be written the run fails, and everything else has been said by then.
        json.GetAwaiter().GetResult();
        listener.Written(RunJson.FileOf(run.Place.StateDirectory));
    }

    private static void Keep(PreparedRun run, RunRecord record, IncrementalExecutor executor, RunState state)
    {
        var withoutOutputs = record.Scripts.Where((script, number) => script.Outcome == Outcome.Succeeded && run.Graph[number].Outputs.Count == 0).Select(script => script.Name).ToArray();
        if (withoutOutputs.Length > 0)
        {
            state.History?.RanWithoutOutputs(withoutOutputs, record.RunId);
        }

        state.History?.EndRun(record, executor.ManifestOf);
        state.Hashes.Save(run.Secrets, isOfAll: run.Graph.Count == run.Project.Count);
    }
}
