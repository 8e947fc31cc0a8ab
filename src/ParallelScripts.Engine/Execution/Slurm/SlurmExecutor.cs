namespace ParallelScripts;

/// <summary>Runs scripts as jobs of a Slurm cluster, and takes over those that an earlier run has left there.</summary>
internal sealed class SlurmExecutor : IExecutor, IDisposable
{
    /// <summary>How often a job is submitted that ends before its script begins: it has done nothing, and the fault is another node's every time.</summary>
    private const int MostSubmissions = 3;

    /// <summary>How long siblings are waited for that may be up to date, or wait for a place.</summary>
    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(300);

    private readonly PreparedRun _run;
    private readonly JobJournal _journal;
    private readonly LocalExecutor _local;
    private readonly IRunListener _listener;
    private readonly Func<int, TimeSpan?> _timeLimitOf;
    private readonly Handover _handover;
    private readonly bool _keepsResults;
    private readonly Func<Script, Launch, Launch> _seeThrough;
    private readonly CancellationToken _canceled;
    private readonly SlurmCommands _commands;
    private readonly JobWatch _watch;
    private readonly Accounting _accounting;
    private readonly SlurmPreflight _preflight;
    private readonly ScriptJobs _jobs;
    private readonly LeftJobs _left;
    private readonly LogFiles _logs;
    private readonly string _folder;

    /// <param name="run">What to run.</param>
    /// <param name="environment">The build's environment; what of it jobs get, <see cref="SlurmEnvironment"/> says.</param>
    /// <param name="journal">What earlier runs have left.</param>
    /// <param name="local">Builds what has to be built before it runs anywhere.</param>
    /// <param name="timeLimitOf">How long one attempt at a script may take; null for any time.</param>
    /// <param name="fingerprintOf">What decides a script's result right now, as one text.</param>
    /// <param name="lines">The same, where not all of it is known yet.</param>
    /// <param name="listener">Hears each line that is printed.</param>
    /// <param name="seeThrough">See <see cref="RealInterpreters"/>.</param>
    /// <param name="canceled">Cancelled when the run is, and not when a failure stops it.</param>
    public SlurmExecutor(
        PreparedRun run,
        IReadOnlyDictionary<string, string> environment,
        JobJournal journal,
        LocalExecutor local,
        Func<int, TimeSpan?> timeLimitOf,
        Func<int, string> fingerprintOf,
        HandedOverLines lines,
        IRunListener listener,
        Func<Script, Launch, Launch> seeThrough,
        CancellationToken canceled)
    {
        (_run, _journal, _local, _listener, _timeLimitOf, _seeThrough, _canceled) = (run, journal, local, listener, timeLimitOf, seeThrough, canceled);
        var passedOn = SlurmEnvironment.Of(environment);
        var folder = new JobFolder(run.Place.StateDirectory);
        folder.Create();
        folder.ForgetAllBut(journal.Left.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal), keepsResults: journal.AnyHandedOver);
        _folder = folder.Path;
        _handover = new Handover(run, lines, folder);
        _keepsResults = _handover.IsWanted || journal.AnyHandedOver;
        _commands = new SlurmCommands(passedOn, run.Place.ProjectDirectory);
        _accounting = new Accounting(_commands);
        _watch = new JobWatch(_commands, folder, journal, run.Slurm.Patience, run.Options.KillGrace + TimeSpan.FromSeconds(60), said => listener.Warned(Problems.SlurmSilent(run.Place, SlurmText.WhatItSaid(said), run.Slurm.Patience)));
        _preflight = new SlurmPreflight(run, _commands, folder, _watch, timeLimitOf);
        _logs = new LogFiles(run.Place.StateDirectory, Enumerable.Range(0, run.Graph.Count).Select(script => run.Graph[script].Name));
        var siblings = new Lazy<int[]>(() => Siblings.Count(run, timeLimitOf));
        var sweeps = new Sweeps(script => siblings.Value[script], () => SlurmText.MostTasks(_commands.Config().Printed), _quiet);
        _jobs = new ScriptJobs(run, passedOn, folder, journal, _watch, _handover, sweeps, listener, canceled);
        _left = new LeftJobs(run, journal, folder, _watch, _jobs, _handover, fingerprintOf, listener);
    }

    /// <summary>Cancels what an earlier run left of scripts that are not the cluster's any more.</summary>
    public Task EndStraysAsync() => _left.EndStraysAsync();

    public async Task<ScriptEnd> RunAsync(int number, int attempt, CancellationToken stop)
    {
        // The loop that owns the plan calls this, and waits for what is done before the first real wait.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var script = _run.Graph[number];
        var found = _run.Launches[number];
        if (attempt == 1)
        {
            _logs.Forget(script.Name);
        }

        using var output = new AttemptOutput(_run, number, attempt, _logs, _listener);
        var ready = DateTimeOffset.UtcNow;
        var fingerprint = _left.FingerprintOf(number, _handover.IsWanted);
        var old = _journal.Find(script.Name);
        if (old is { Id: not "", IsUnwanted: false, IsHandedOver: false } && old.Fingerprint == fingerprint)
        {
            // What it waited and ran before we came counts too.
            ready = old.Submitted;
        }

        var end = await _left.FindAsync(number, fingerprint, output, stop).ConfigureAwait(false);
        if (end is null)
        {
            // What is waited for because of an old job is not the queue.
            ready = DateTimeOffset.UtcNow;
        }

        var wasHandedOver = old is { IsHandedOver: true } && end is not null;
        if (end is null && await _preflight.CheckAsync(number, stop).ConfigureAwait(false) is { } problem)
        {
            return new ScriptEnd(stop.IsCancellationRequested ? Outcome.Canceled : Outcome.Failed) { Problem = stop.IsCancellationRequested ? null : problem };
        }

        var launch = _seeThrough(script, found);
        var program = launch.Program;
        if (end is null && launch.CSharpFile is not null)
        {
            if (await Task.Run(() => _local.Build(launch, output, stop), CancellationToken.None).ConfigureAwait(false) is not { } built)
            {
                return output.Conclude(new ScriptEnd(stop.IsCancellationRequested ? Outcome.Canceled : Outcome.Failed) { Problem = stop.IsCancellationRequested ? null : Problems.NotCompiled(script, found, output.Close()) });
            }

            program = built;
        }

        var limit = _timeLimitOf(number);
        end ??= await SubmitUntilItBeginsAsync(() => _jobs.SubmitAsync(number, launch, program, limit, fingerprint, output, stop), stop).ConfigureAwait(false);
        if (_jobs.KeyOf(number) is { } key)
        {
            var id = end.Result?.JobId ?? end.Row?.Id ?? "";
            end = end.Kind == JobEndKind.Lost ? await Task.Run(() => _accounting.Explain(end, id, key), CancellationToken.None).ConfigureAwait(false) : end;
            _accounting.Ended(number, key, id, end.Result);
        }

        var log = output.Close();
        var concluded = Conclude(number, found, launch, end, ready, limit, log);

        // How long it waited for others, and how long for the cluster, nobody has seen.
        return output.Conclude(wasHandedOver ? concluded with { QueuedFor = null } : concluded);
    }

    public void Recorded(int number)
    {
        _journal.End(_run.Graph[number].Name);
        _jobs.Forget(number, _keepsResults);
    }

    /// <summary>What accounting has to add to what jobs said of themselves, by the numbers of their scripts; one question for all.</summary>
    public IEnumerable<(int Script, AccountedJob Job)> Accounted() => _accounting.OfTheUnaccounted();

    /// <summary>Nothing is waited for any more: says what became of jobs that are not of this run alone.</summary>
    /// <param name="isStranded">Whether a script is not to run, because one that it depends on did not succeed.</param>
    public void Finish(Predicate<int> isStranded)
    {
        var isGivenUp = _canceled.IsCancellationRequested && _run.Slurm.OnCancel == OnCancel.Cancel;
        _left.EndHandedOverAsync(number => isGivenUp || isStranded(number)).GetAwaiter().GetResult();
        if (isGivenUp)
        {
            _left.EndAllAsync(_handover.Jobs.Select(job => new JournalEntry(job.Script, job.Key, "", job.Id!, default, IsUnwanted: true))).GetAwaiter().GetResult();
        }

        _watch.CancelledAsync().GetAwaiter().GetResult();
        if (!isGivenUp && _handover.Jobs.ToArray() is { Length: > 0 } handedOver)
        {
            _listener.Noted($"Slurm has {Summary.Count(handedOver.Length, "job")} of this run ({SlurmText.Range(handedOver.Select(job => job.Id!))}) and goes on without it. 'squeue --me' shows {(handedOver.Length == 1 ? "it" : "them")}; the next run collects what has ended.");
        }

        if (_jobs.Detached is > 0 and var detached)
        {
            _listener.Noted($"{Summary.Count(detached, "job")} {(detached == 1 ? "goes" : "go")} on in Slurm; the next run takes {(detached == 1 ? "it" : "them")} over.");
        }
    }

    public void Dispose()
    {
        _watch.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _commands.Dispose();
    }

    /// <summary>Submits a script's job, and does so again, on other nodes, as long as it ends before the script begins.</summary>
    private async Task<JobEnd> SubmitUntilItBeginsAsync(Func<Task<JobEnd>> submitAsync, CancellationToken stop)
    {
        var end = await ExplainedAsync(await submitAsync().ConfigureAwait(false)).ConfigureAwait(false);
        for (var submission = 2; end.Kind == JobEndKind.NeverBegan && submission <= MostSubmissions && !stop.IsCancellationRequested; submission++)
        {
            if (end.Row?.Node is { Length: > 0 } bad)
            {
                _jobs.LeaveOut(bad);
            }

            var again = await submitAsync().ConfigureAwait(false);
            if (again.Kind == JobEndKind.Refused)
            {
                // Without the nodes that are left out there are none that it may run on.
                return end;
            }

            end = await ExplainedAsync(again).ConfigureAwait(false);
        }

        return end;
    }

    /// <summary>The same end, with what can be found out about a job that never began.</summary>
    private async Task<JobEnd> ExplainedAsync(JobEnd end) =>
        end is { Kind: JobEndKind.NeverBegan, Row: { Phase: JobPhase.Ended } row } && await Task.Run(() => _commands.FoundNoFolder(row.Id)).ConfigureAwait(false)
            ? end with { SeesNoFolder = true }
            : end;

    private ScriptEnd Conclude(int number, Launch found, Launch launch, JobEnd end, DateTimeOffset ready, TimeSpan? limit, LogReference log)
    {
        var script = _run.Graph[number];
        var now = DateTimeOffset.UtcNow;
        var (outcome, problem) = JobConclusion.Of(script, found, end, _folder, limit, _run.FailureRules[number].Timeout?.Percent, log, _run.Slurm.Patience);
        var duration = end.Result?.Duration ?? TimeSpan.Zero;

        // The node's clock says how long it took; when it began, as far as it can be reconciled with ours.
        var start = end.Result is not { } result ? ready
            : result.Began >= ready && result.Began + duration <= now ? result.Began
            : now - duration < ready ? ready : now - duration;
        return new ScriptEnd(outcome)
        {
            ExitCode = end.Kind == JobEndKind.ByResult && end.Result is { Kind: ResultKind.Ended } ended ? ended.Code : null,
            Problem = problem,
            Program = launch.Program == found.Program ? null : launch.Program,
            StartTime = end.Kind is JobEndKind.Refused or JobEndKind.HandedOver ? null : start,
            Duration = end.Result is null && end.Row is not null ? now - ready : duration,
            CpuTime = end.Result?.CpuTime,
            PeakMemory = end.Result?.PeakMemory,
            Node = end.Result?.Node ?? (end.Row?.Node is { Length: > 0 } node ? node : null),
            QueuedFor = end.Result is null ? null : start - ready,
            GoesOn = end.GoesOn,
        };
    }
}
