using System.Collections.Concurrent;

namespace ParallelScripts;

/// <summary>The jobs that earlier runs have left: taken over where they do what this run would do, and ended where they do not.</summary>
/// <param name="run">What runs.</param>
/// <param name="journal">Which they are.</param>
/// <param name="folder">Where they leave their results.</param>
/// <param name="watch">Looks after them.</param>
/// <param name="jobs">The jobs of this run, which those that are taken over become.</param>
/// <param name="handover">What decides about those that nobody was to wait for.</param>
/// <param name="fingerprintOf">What decides a script's result right now, as one text.</param>
/// <param name="listener">Hears what becomes of them.</param>
internal sealed class LeftJobs(
    PreparedRun run,
    JobJournal journal,
    JobFolder folder,
    JobWatch watch,
    ScriptJobs jobs,
    Handover handover,
    Func<int, string> fingerprintOf,
    IRunListener listener)
{
    private readonly Lazy<Dictionary<string, int>> _numbers = new(() => Enumerable.Range(0, run.Graph.Count).ToDictionary(script => run.Graph[script].Name, StringComparer.Ordinal));
    private readonly Lazy<HashSet<string>> _namesInProject = new(() => Enumerable.Range(0, run.Project.Count).Select(script => run.Project[script].Name).ToHashSet(StringComparer.Ordinal));

    /// <summary>Jobs that were to end and may not have, by their scripts: while such a one may still write, no other is to.</summary>
    private readonly ConcurrentDictionary<string, string> _goOn = new(StringComparer.Ordinal);

    /// <summary>What decides a script's result right now, or what of it is known before all that it reads is written.</summary>
    public string FingerprintOf(int number, bool isHandedOver) => isHandedOver ? handover.FingerprintOf(number) : fingerprintOf(number);

    /// <summary>Cancels what an earlier run left of scripts that are not the cluster's any more.</summary>
    public async Task EndStraysAsync()
    {
        var strays = journal.Left.Where(entry => !IsStillOurs(entry.Script)).ToArray();
        await EndAllAsync(strays).ConfigureAwait(false);
        if (strays.Length > 0)
        {
            listener.Noted($"Cancelled {Summary.Count(strays.Length, "job")} of an earlier run, whose {(strays.Length == 1 ? "script does" : "scripts do")} not run on Slurm any more.");
        }
    }

    /// <summary>Waits for the job that an earlier run has left of this script; null if there is none that is of use.</summary>
    public async Task<JobEnd?> FindAsync(int number, string fingerprint, IOutputSink output, CancellationToken stop)
    {
        var name = run.Graph[number].Name;
        if (journal.Find(name) is not { } entry)
        {
            return _goOn.TryGetValue(name, out var id) ? NotCancelled(id) : null;
        }

        var end = await CollectAsync(number, entry, fingerprint, output, stop).ConfigureAwait(false);
        if (end is null && entry.IsHandedOver)
        {
            await EndAfterAsync(number).ConfigureAwait(false);
        }

        return end;
    }

    /// <summary>Ends those that nobody was to wait for and that are not to run any more.</summary>
    /// <param name="isUnwanted">Whether that is so of the script of that number.</param>
    public Task EndHandedOverAsync(Predicate<int> isUnwanted) =>
        EndAllAsync(HandedOver(isUnwanted));

    /// <summary>Cancels jobs that nobody wants any more.</summary>
    public Task EndAllAsync(IEnumerable<JournalEntry> entries) => Task.WhenAll(entries.ToArray().Select(EndAsync));

    private async Task<JobEnd?> CollectAsync(int number, JournalEntry entry, string fingerprint, IOutputSink output, CancellationToken stop)
    {
        var script = run.Graph[number];

        // What was only about to be submitted is taken back, unless it has begun all the same.
        var changed = entry.IsHandedOver ? handover.ChangedSince(number, entry.Key) : null;
        if (entry.IsUnwanted || entry.Fingerprint != (entry.IsHandedOver == handover.IsWanted ? fingerprint : FingerprintOf(number, entry.IsHandedOver)) || changed is not null || (entry.Id == "" && folder.TryWithdraw(entry.Key)))
        {
            SayThatItChanged(script, changed);

            // While that one may still write, no other is to.
            return await EndAsync(entry).ConfigureAwait(false)
                ? null
                : NotCancelled(entry.Id);
        }

        journal.Take(entry);
        var job = new SlurmJob(script.Name, entry.Key, [], output)
        {
            Id = entry.Id == "" ? folder.FindClaimant(entry.Key) ?? "" : entry.Id,
            IsHandedOver = entry.IsHandedOver && handover.IsWanted,
        };
        if (!entry.IsHandedOver)
        {
            listener.Noted($"[{script.Name}] takes over job {job.Id} of an earlier run");
        }

        var end = await jobs.TakeOverAsync(number, job, stop).ConfigureAwait(false);
        if (end.Kind == JobEndKind.NeverBegan || (entry.IsHandedOver && Handover.SaysNothing(end)))
        {
            return null;
        }

        if (entry.IsHandedOver && end.Kind == JobEndKind.ByResult && handover.ChangedSince(number, entry.Key) is { } late)
        {
            SayThatItChanged(script, late);
            return null;
        }

        return end;
    }

    /// <summary>
    /// A script that runs again writes again what jobs after it have read, or are about to: if those were handed over with it, nobody is to wait for them.
    /// </summary>
    private Task EndAfterAsync(int number)
    {
        var after = new HashSet<int>();
        var next = new Stack<int>([number]);
        while (next.TryPop(out var one))
        {
            foreach (var dependent in run.Graph.DependentsOf(one))
            {
                if (after.Add(dependent))
                {
                    next.Push(dependent);
                }
            }
        }

        // Two scripts that run again may have one after both; who takes it ends it.
        JournalEntry[] useless = [.. HandedOver(after.Contains).Where(journal.Take)];
        foreach (var entry in useless)
        {
            listener.Noted($"[{entry.Script}] had been handed over to Slurm too; {run.Graph[number].Name}, which it depends on, runs again, so its job does not count.");
        }

        return EndAllAsync(useless);
    }

    private IEnumerable<JournalEntry> HandedOver(Predicate<int> which) =>
        journal.Left.Where(entry => entry.IsHandedOver && FindNumber(entry.Script) is { } number && which(number));

    private static JobEnd NotCancelled(string id) =>
        new(JobEndKind.NoAnswer, Said: $"the job {id} that an earlier run has left could not be cancelled") { GoesOn = true };

    private bool IsStillOurs(string name) =>
        _namesInProject.Value.Contains(name) && (FindNumber(name) is not { } number || run.IsOnSlurm(number));

    /// <summary>The number of a script by its name; null if it does not take part.</summary>
    private int? FindNumber(string name) => _numbers.Value.TryGetValue(name, out var number) ? number : null;

    private void SayThatItChanged(Script script, string? file)
    {
        if (file is not null)
        {
            listener.Noted($"[{script.Name}] had been handed over to Slurm, and {file} was changed since its job began; what it did does not count.");
        }
    }

    /// <summary>Cancels a job that nobody wants any more, and forgets it when nothing of it is left. False if nobody could tell whether that is so.</summary>
    private async Task<bool> EndAsync(JournalEntry entry)
    {
        journal.Take(entry);
        var job = new SlurmJob(entry.Script, entry.Key, [], NoOutput.Instance) { Id = entry.Id == "" ? folder.FindClaimant(entry.Key) ?? "" : entry.Id };
        var ended = watch.AdoptAsync(job);
        watch.Cancel(job);
        if ((await ended.ConfigureAwait(false)).GoesOn)
        {
            _goOn[entry.Script] = entry.Id;
            return false;
        }

        journal.End(entry.Script);
        folder.Forget(entry.Key);
        return true;
    }
}
