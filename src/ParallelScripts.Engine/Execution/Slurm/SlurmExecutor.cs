using System.Collections.Concurrent;
using System.Globalization;

namespace ParallelScripts;

/// <summary>Runs scripts as jobs of a Slurm cluster, and takes over those that an earlier run has left there.</summary>
internal sealed class SlurmExecutor : IExecutor, IDisposable
{
    /// <summary>How often a job is submitted that ends before its script begins: it has done nothing, and the fault is another node's every time.</summary>
    private const int MostSubmissions = 3;

    /// <summary>How long siblings are waited for that may be up to date, or wait for a place.</summary>
    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(100);

    private readonly PreparedRun _run;
    private readonly JobJournal _journal;
    private readonly LocalExecutor _local;
    private readonly IRunListener _listener;
    private readonly Func<int, TimeSpan?> _timeLimitOf;
    private readonly Func<int, string> _fingerprintOf;
    private readonly Handover _handover;
    private readonly bool _keepsResults;
    private readonly Sweeps _sweeps;
    private readonly Lazy<Dictionary<string, int>> _numbers;
    private readonly Lazy<HashSet<string>> _namesInProject;
    private readonly Func<Script, Launch, Launch> _seeThrough;
    private readonly CancellationToken _canceled;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly JobFolder _folder;
    private readonly SlurmCommands _commands;
    private readonly JobWatch _watch;
    private readonly Accounting _accounting;

    /// <summary>Jobs that ran and did not say how much memory they held, with the numbers of their scripts.</summary>
    private readonly ConcurrentDictionary<string, (int Script, string Id)> _unaccounted = new(StringComparer.Ordinal);
    private readonly SlurmPreflight _preflight;
    private readonly LogFiles _logs;
    private readonly string?[] _keys;
    private readonly HashSet<string> _badNodes = new(StringComparer.Ordinal);
    private int _detached;

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
        (_run, _journal, _local, _listener, _timeLimitOf, _fingerprintOf, _seeThrough, _canceled) = (run, journal, local, listener, timeLimitOf, fingerprintOf, seeThrough, canceled);
        _environment = SlurmEnvironment.Of(environment);
        _folder = new JobFolder(run.Place.StateDirectory);
        _folder.Create();
        _folder.ForgetAllBut(journal.Left.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal), keepsResults: journal.AnyHandedOver);
        _handover = new Handover(run, lines, _folder);
        _keepsResults = _handover.IsWanted || journal.AnyHandedOver;
        _commands = new SlurmCommands(_environment, run.Place.ProjectDirectory);
        _accounting = new Accounting(_commands);
        _watch = new JobWatch(_commands, _folder, journal, run.Slurm.Patience, run.Options.KillGrace + TimeSpan.FromSeconds(60), said => listener.Warned(Problems.SlurmSilent(run.Place, SlurmText.WhatItSaid(said), run.Slurm.Patience)));
        _preflight = new SlurmPreflight(run, _commands, _folder, _watch, timeLimitOf);
        _logs = new LogFiles(run.Place.StateDirectory, Enumerable.Range(0, run.Graph.Count).Select(script => run.Graph[script].Name));
        _keys = new string?[run.Graph.Count];
        _numbers = new(() => Enumerable.Range(0, run.Graph.Count).ToDictionary(script => run.Graph[script].Name, StringComparer.Ordinal));
        _namesInProject = new(() => Enumerable.Range(0, run.Project.Count).Select(script => run.Project[script].Name).ToHashSet(StringComparer.Ordinal));
        var siblings = new Lazy<int[]>(() => Siblings.Count(run, timeLimitOf));
        _sweeps = new Sweeps(script => siblings.Value[script], () => SlurmText.MostTasks(_commands.Config().Printed), _quiet);
    }

    /// <summary>Cancels what an earlier run left of scripts that are not the cluster's any more.</summary>
    public async Task EndStraysAsync()
    {
        var strays = _journal.Left.Where(entry => !IsStillOurs(entry.Script)).ToArray();
        await Task.WhenAll(strays.Select(EndAsync)).ConfigureAwait(false);
        if (strays.Length > 0)
        {
            _listener.Noted($"Cancelled {Summary.Count(strays.Length, "job")} of an earlier run, whose {(strays.Length == 1 ? "script does" : "scripts do")} not run on Slurm any more.");
        }
    }

    public async Task<ScriptEnd> RunAsync(int number, int attempt, CancellationToken stop)
    {
        // The loop that owns the plan calls this, and waits for what is done before the first real wait.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var script = _run.Graph[number];
        var found = _run.Launches[number];
        var logFile = _logs.Of(script.Name);
        if (attempt == 1 && File.Exists(logFile))
        {
            // A silent run must not seem to have printed what the one before it did.
            File.Delete(logFile);
        }

        using var output = new AttemptOutput(_run, number, attempt, _logs, _listener);
        var ready = DateTimeOffset.UtcNow;
        var fingerprint = FingerprintOf(number, _handover.IsWanted);
        var old = _journal.Find(script.Name);
        if (old is { Id: not "", IsUnwanted: false, IsHandedOver: false } && old.Fingerprint == fingerprint)
        {
            // What it waited and ran before we came counts too.
            ready = old.Submitted;
        }

        var end = await FindOldAsync(number, fingerprint, output, stop).ConfigureAwait(false);
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
        for (var submission = 1; end is null || (end.Kind == JobEndKind.NeverBegan && submission <= MostSubmissions && !stop.IsCancellationRequested); submission++)
        {
            if (end?.Row?.Node is { Length: > 0 } bad)
            {
                LeaveOut(bad);
            }

            var before = end;
            end = await SubmitAsync(number, launch, program, limit, fingerprint, output, stop).ConfigureAwait(false);
            if (before is not null && end.Kind == JobEndKind.Refused)
            {
                // Without the nodes that are left out there are none that it may run on.
                end = before;
                break;
            }

            if (end.Kind == JobEndKind.NeverBegan)
            {
                end = await Task.Run(() => Explained(end), CancellationToken.None).ConfigureAwait(false);
            }
        }

        if (_keys[number] is { } key)
        {
            var id = end.Result?.JobId ?? end.Row?.Id ?? "";
            end = end.Kind == JobEndKind.Lost ? await Task.Run(() => _accounting.Explain(end, id, key), CancellationToken.None).ConfigureAwait(false) : end;
            if (end.Result is { PeakMemory: null })
            {
                _unaccounted[key] = (number, id);
            }
        }

        var log = output.Close();
        var concluded = Conclude(number, found, launch, end, ready, limit, log);

        // How long it waited for others, and how long for the cluster, nobody has seen.
        return output.Conclude(wasHandedOver ? concluded with { QueuedFor = null } : concluded);
    }

    public void Recorded(int number)
    {
        _journal.End(_run.Graph[number].Name);
        if (_keys[number] is { } key)
        {
            _folder.Forget(key, _keepsResults);
            _keys[number] = null;
        }
    }

    /// <summary>What accounting has to add to what jobs said of themselves, by the numbers of their scripts; one question for all.</summary>
    public IEnumerable<(int Script, AccountedJob Job)> Accounted() => _accounting
        .Of([.. _unaccounted.Values.Select(job => job.Id)])
        .Where(job => _unaccounted.ContainsKey(job.Key))
        .Select(job => (_unaccounted[job.Key].Script, job));

    /// <summary>Nothing is waited for any more: says what became of jobs that are not of this run alone.</summary>
    /// <param name="isStranded">Whether a script is not to run, because one that it depends on did not succeed.</param>
    public void Finish(Predicate<int> isStranded)
    {
        var isGivenUp = _canceled.IsCancellationRequested && _run.Slurm.OnCancel == OnCancel.Cancel;
        var unwanted = _journal.Left.Where(entry => entry.IsHandedOver && FindNumber(entry.Script) is { } number && (isGivenUp || isStranded(number)));
        if (isGivenUp)
        {
            unwanted = unwanted.Concat(_handover.Jobs.Select(job => new JournalEntry(job.Script, job.Key, "", job.Id!, default, IsUnwanted: true)));
        }

        Task.WhenAll(unwanted.ToArray().Select(EndAsync)).GetAwaiter().GetResult();
        _watch.CancelledAsync().GetAwaiter().GetResult();
        if (!isGivenUp && _handover.Jobs.ToArray() is { Length: > 0 } handedOver)
        {
            _listener.Noted($"Slurm has {Summary.Count(handedOver.Length, "job")} of this run ({SlurmText.Range(handedOver.Select(job => job.Id!))}) and goes on without it. 'squeue --me' shows {(handedOver.Length == 1 ? "it" : "them")}; the next run collects what has ended.");
        }

        if (_detached > 0)
        {
            _listener.Noted($"{Summary.Count(_detached, "job")} {(_detached == 1 ? "goes" : "go")} on in Slurm; the next run takes {(_detached == 1 ? "it" : "them")} over.");
        }
    }

    public void Dispose()
    {
        _watch.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _commands.Dispose();
    }

    /// <summary>On a node where jobs end before they begin, the next one does too.</summary>
    private void LeaveOut(string node)
    {
        lock (_badNodes)
        {
            if (!_badNodes.Add(node))
            {
                return;
            }
        }

        _listener.Noted($"Jobs end on node {node} before they begin; it is left out from now on.");
    }

    /// <summary>The same end, with what can be found out about a job that never began.</summary>
    private JobEnd Explained(JobEnd end) =>
        end.Row is { Phase: JobPhase.Ended } row && _commands.Show(row.Id) is { IsGood: true } shown && SlurmText.ReadExitCode(shown.Printed) == JobScript.NoFolder
            ? end with { SeesNoFolder = true }
            : end;

    private bool IsStillOurs(string name) =>
        _namesInProject.Value.Contains(name) && (FindNumber(name) is not { } number || _run.IsOnSlurm(number));

    /// <summary>The number of a script by its name; null if it does not take part.</summary>
    private int? FindNumber(string name) => _numbers.Value.TryGetValue(name, out var number) ? number : null;

    /// <summary>Waits for the job that an earlier run has left of this script; null if there is none that is of use.</summary>
    private async Task<JobEnd?> FindOldAsync(int number, string fingerprint, IOutputSink output, CancellationToken stop)
    {
        var script = _run.Graph[number];
        if (_journal.Find(script.Name) is not { } entry)
        {
            return null;
        }

        // What was only about to be submitted is taken back, unless it has begun all the same.
        var changed = entry.IsHandedOver ? _handover.ChangedSince(number, entry.Key) : null;
        if (entry.IsUnwanted || entry.Fingerprint != (entry.IsHandedOver == _handover.IsWanted ? fingerprint : FingerprintOf(number, entry.IsHandedOver)) || changed is not null || (entry.Id == "" && _folder.TryWithdraw(entry.Key)))
        {
            SayThatItChanged(script, changed);

            // While that one may still write, no other is to.
            return await EndAsync(entry).ConfigureAwait(false)
                ? null
                : new JobEnd(JobEndKind.NoAnswer, Said: $"the job {entry.Id} that an earlier run has left could not be cancelled") { GoesOn = true };
        }

        _journal.Take(entry);
        _keys[number] = entry.Key;
        var job = new SlurmJob(script.Name, entry.Key, [], output)
        {
            Id = entry.Id == "" ? _folder.FindClaimant(entry.Key) ?? "" : entry.Id,
            IsHandedOver = entry.IsHandedOver && _handover.IsWanted,
        };
        if (!entry.IsHandedOver)
        {
            _listener.Noted($"[{script.Name}] takes over job {job.Id} of an earlier run");
        }

        var end = await WaitAsync(number, job, _watch.AdoptAsync(job), stop).ConfigureAwait(false);
        if (end.Kind == JobEndKind.NeverBegan || (entry.IsHandedOver && Handover.SaysNothing(end)))
        {
            return null;
        }

        if (entry.IsHandedOver && end.Kind == JobEndKind.ByResult && _handover.ChangedSince(number, entry.Key) is { } late)
        {
            SayThatItChanged(script, late);
            return null;
        }

        return end;
    }

    /// <summary>What decides a script's result right now, or what of it is known before all that it reads is written.</summary>
    private string FingerprintOf(int number, bool isHandedOver) => isHandedOver ? _handover.FingerprintOf(number) : _fingerprintOf(number);

    private void SayThatItChanged(Script script, string? file)
    {
        if (file is not null)
        {
            _listener.Noted($"[{script.Name}] had been handed over to Slurm, and {file} was changed since its job began; what it did does not count.");
        }
    }

    /// <summary>Cancels a job that nobody wants any more, and forgets it when nothing of it is left. False if nobody could tell whether that is so.</summary>
    private async Task<bool> EndAsync(JournalEntry entry)
    {
        _journal.Take(entry);
        var job = new SlurmJob(entry.Script, entry.Key, [], NoOutput.Instance) { Id = entry.Id == "" ? _folder.FindClaimant(entry.Key) ?? "" : entry.Id };
        var ended = _watch.AdoptAsync(job);
        _watch.Cancel(job);
        if ((await ended.ConfigureAwait(false)).GoesOn)
        {
            return false;
        }

        _journal.End(entry.Script);
        _folder.Forget(entry.Key);
        return true;
    }

    private async Task<JobEnd> SubmitAsync(int number, Launch launch, string program, TimeSpan? limit, string fingerprint, IOutputSink output, CancellationToken stop)
    {
        var script = _run.Graph[number];
        IReadOnlyList<Predecessor> before = _handover.IsWanted ? _handover.Before(number) : [];
        List<string> options = [.. JobOptions.Of(_run.Demands[number], _run.Placements[number], limit, _run.Options.KillGrace), .. NativeOrder.OptionsFor(before)];
        lock (_badNodes)
        {
            JobOptions.Exclude(options, _badNodes.Order(StringComparer.Ordinal));
        }

        var (key, sweep) = await _sweeps.JoinAsync(number, script.Name, string.Join('\n', options)).ConfigureAwait(false);
        SlurmJob? job = null;
        Task<JobEnd> ended;
        try
        {
            LayDown(number, key, launch, program, limit, before);
            _journal.Begin(new JournalEntry(script.Name, key, fingerprint, "", DateTimeOffset.UtcNow, IsUnwanted: false) { IsHandedOver = _handover.IsWanted });
            job = new SlurmJob(script.Name, key, options, output) { IsHandedOver = _handover.IsWanted };
            ended = sweep is null ? _watch.SubmitAsync(job) : _watch.ExpectAsync(job);
        }
        finally
        {
            // The others of a sweep must not wait for one that could not be laid down.
            if (sweep?.Add(job) is { Count: > 0 } together)
            {
                _watch.SubmitTogether(together, sweep.Name);
            }
        }

        return await WaitAsync(number, job, ended, stop).ConfigureAwait(false);
    }

    private void LayDown(int number, string key, Launch launch, string program, TimeSpan? limit, IReadOnlyList<Predecessor> before)
    {
        if (_keys[number] is { } former)
        {
            _folder.Forget(former);
        }

        _keys[number] = key;
        var script = _run.Graph[number];
        _folder.Add(key, JobScript.Job(
            program,
            launch.Arguments,
            launch.WorkingDirectory,
            script.Command == "" ? Path.GetFullPath(script.Include, _run.Place.ProjectDirectory) : "",
            EnvironmentOf(number, launch, _run.Demands[number]),
            limit,
            _run.Options.KillGrace,
            before));
    }

    private async Task<JobEnd> WaitAsync(int number, SlurmJob job, Task<JobEnd> ended, CancellationToken stop)
    {
        using var stopping = stop.Register(() =>
        {
            if (_canceled.IsCancellationRequested && _run.Slurm.OnCancel == OnCancel.Detach)
            {
                _watch.Detach(job);
            }
            else
            {
                _watch.Cancel(job);
            }
        });
        var end = await ended.ConfigureAwait(false);
        if (end.Kind == JobEndKind.Detached)
        {
            Interlocked.Increment(ref _detached);
        }

        if (end.Kind == JobEndKind.HandedOver)
        {
            _handover.Add(number, job);
        }

        return end;
    }

    private Dictionary<string, string> EnvironmentOf(int number, Launch launch, Demand demand)
    {
        var environment = new Dictionary<string, string>(launch.Environment);
        if (launch.CSharpFile is not null && !environment.ContainsKey("DOTNET_ROOT"))
        {
            environment["DOTNET_ROOT"] = LocalExecutor.RootOf(launch);
        }

        if (_run.Options.SetsThreadVariables)
        {
            ThreadVariables.Add(environment, _environment, _run.CoresOf(number));
        }

        if (demand.DeclaredCores is { } cores)
        {
            // srun does not take it from sbatch by itself.
            environment.TryAdd("SRUN_CPUS_PER_TASK", cores.ToString(CultureInfo.InvariantCulture));
        }

        return environment;
    }

    private ScriptEnd Conclude(int number, Launch found, Launch launch, JobEnd end, DateTimeOffset ready, TimeSpan? limit, LogReference log)
    {
        var script = _run.Graph[number];
        var now = DateTimeOffset.UtcNow;
        var (outcome, problem) = JobConclusion.Of(script, found, end, _folder.Path, limit, _run.FailureRules[number].Timeout?.Percent, log, _run.Slurm.Patience);
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
