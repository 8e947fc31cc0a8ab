using System.Globalization;

namespace ParallelScripts;

/// <summary>The jobs of this run, at most one of each script at a time: laid down, on record, submitted, and waited for.</summary>
/// <param name="run">What runs.</param>
/// <param name="environment">What of the build's environment is Slurm's to pass on.</param>
/// <param name="folder">Where jobs are laid down.</param>
/// <param name="journal">Where they are on record.</param>
/// <param name="watch">Submits them and looks after them.</param>
/// <param name="handover">What Slurm is given to do by itself.</param>
/// <param name="sweeps">Which of them are submitted together.</param>
/// <param name="listener">Hears of nodes that are left out.</param>
/// <param name="canceled">Cancelled when the run is, and not when a failure stops it.</param>
internal sealed class ScriptJobs(
    PreparedRun run,
    IReadOnlyDictionary<string, string> environment,
    JobFolder folder,
    JobJournal journal,
    JobWatch watch,
    Handover handover,
    Sweeps sweeps,
    IRunListener listener,
    CancellationToken canceled)
{
    private readonly string?[] _keys = new string?[run.Graph.Count];
    private readonly HashSet<string> _badNodes = new(StringComparer.Ordinal);
    private int _detached;

    /// <summary>How many jobs go on without us.</summary>
    public int Detached => Volatile.Read(ref _detached);

    /// <summary>The key of a script's job; null if it has none.</summary>
    public string? KeyOf(int number) => _keys[number];

    /// <summary>A job of an earlier run is this script's job now; completes when it is over.</summary>
    public Task<JobEnd> TakeOverAsync(int number, SlurmJob job, CancellationToken stop)
    {
        _keys[number] = job.Key;
        return WaitAsync(number, job, watch.AdoptAsync(job), stop);
    }

    /// <summary>A script's job is over and on record: nothing of it is left, except for results that later jobs may ask for.</summary>
    public void Forget(int number, bool keepsResult)
    {
        if (_keys[number] is { } key)
        {
            folder.Forget(key, keepsResult);
            _keys[number] = null;
        }
    }

    /// <summary>On a node where jobs end before they begin, the next one does too.</summary>
    public void LeaveOut(string node)
    {
        lock (_badNodes)
        {
            if (!_badNodes.Add(node))
            {
                return;
            }
        }

        listener.Noted($"Jobs end on node {node} before they begin; it is left out from now on.");
    }

    /// <summary>Submits a script's job and completes when it is over.</summary>
    /// <param name="number">The script.</param>
    /// <param name="launch">How it is started.</param>
    /// <param name="program">What is started, where that had to be built first.</param>
    /// <param name="limit">How long it may take; null for any time.</param>
    /// <param name="fingerprint">What decides its result, for the record.</param>
    /// <param name="output">Where its output goes.</param>
    /// <param name="stop">Cancelled when it is to end.</param>
    public async Task<JobEnd> SubmitAsync(int number, Launch launch, string program, TimeSpan? limit, string fingerprint, IOutputSink output, CancellationToken stop)
    {
        var script = run.Graph[number];
        IReadOnlyList<Predecessor> before = handover.IsWanted ? handover.Before(number) : [];
        List<string> options = [.. JobOptions.Of(run.Demands[number], run.Placements[number], limit, run.Options.KillGrace), .. NativeOrder.OptionsFor(before)];
        lock (_badNodes)
        {
            JobOptions.Exclude(options, _badNodes.Order(StringComparer.Ordinal));
        }

        var (key, sweep) = await sweeps.JoinAsync(number, script.Name, string.Join('\n', options)).ConfigureAwait(false);
        SlurmJob? job = null;
        Task<JobEnd> ended;
        try
        {
            LayDown(number, key, launch, program, limit, before);
            journal.Begin(new JournalEntry(script.Name, key, fingerprint, "", DateTimeOffset.UtcNow, IsUnwanted: false) { IsHandedOver = handover.IsWanted });
            job = new SlurmJob(script.Name, key, options, output) { IsHandedOver = handover.IsWanted };
            ended = sweep is null ? watch.SubmitAsync(job) : watch.ExpectAsync(job);
        }
        finally
        {
            // The others of a sweep must not wait for one that could not be laid down.
            if (sweep?.Add(job) is { Count: > 0 } together)
            {
                watch.SubmitTogether(together, sweep.Name);
            }
        }

        return await WaitAsync(number, job, ended, stop).ConfigureAwait(false);
    }

    private void LayDown(int number, string key, Launch launch, string program, TimeSpan? limit, IReadOnlyList<Predecessor> before)
    {
        if (_keys[number] is { } former)
        {
            folder.Forget(former);
        }

        _keys[number] = key;
        var script = run.Graph[number];
        folder.Add(key, JobScript.Job(
            program,
            launch.Arguments,
            launch.WorkingDirectory,
            script.Command == "" ? Path.GetFullPath(script.Include, run.Place.ProjectDirectory) : "",
            VariablesOf(number, launch, run.Demands[number]),
            limit,
            run.Options.KillGrace,
            before));
    }

    private async Task<JobEnd> WaitAsync(int number, SlurmJob job, Task<JobEnd> ended, CancellationToken stop)
    {
        using var stopping = stop.Register(() =>
        {
            if (canceled.IsCancellationRequested && run.Slurm.OnCancel == OnCancel.Detach)
            {
                watch.Detach(job);
            }
            else
            {
                watch.Cancel(job);
            }
        });
        var end = await ended.ConfigureAwait(false);
        if (end.Kind == JobEndKind.Detached)
        {
            Interlocked.Increment(ref _detached);
        }

        if (end.Kind == JobEndKind.HandedOver)
        {
            handover.Add(number, job);
        }

        return end;
    }

    private Dictionary<string, string> VariablesOf(int number, Launch launch, Demand demand)
    {
        var variables = new Dictionary<string, string>(launch.Environment);
        if (launch.CSharpFile is not null && !variables.ContainsKey("DOTNET_ROOT"))
        {
            variables["DOTNET_ROOT"] = LocalExecutor.RootOf(launch);
        }

        if (run.Options.SetsThreadVariables)
        {
            ThreadVariables.Add(variables, environment, run.CoresOf(number));
        }

        if (demand.DeclaredCores is { } cores)
        {
            // srun does not take it from sbatch by itself.
            variables.TryAdd("SRUN_CPUS_PER_TASK", cores.ToString(CultureInfo.InvariantCulture));
        }

        return variables;
    }
}
