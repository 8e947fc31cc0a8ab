using System.Collections.Concurrent;

namespace ParallelScripts;

/// <summary>What a cluster's accounting knows beside its queue, where there is any: it remembers longer, and how much memory a job held.</summary>
internal sealed class Accounting(SlurmCommands commands)
{
    private readonly Lazy<bool> _isKept = new(() => commands.Config() is { IsGood: true } config && SlurmText.KeepsAccounts(config.Printed));

    /// <summary>Jobs that ran and did not say how much memory they held, with the numbers of their scripts.</summary>
    private readonly ConcurrentDictionary<string, (int Script, string Id)> _unaccounted = new(StringComparer.Ordinal);

    /// <summary>The same end, told by accounting where the queue had forgotten the job.</summary>
    public JobEnd Explain(JobEnd end, string id, string key)
    {
        if (end.Kind != JobEndKind.Lost || id == "" || !_isKept.Value || Find([id]).FirstOrDefault(job => job.Key == key) is not { } job)
        {
            return end;
        }

        var row = new QueuedJob(id, key, job.State, "", job.Node);
        var kind = JobVerdict.TryDecide(new JobSigns(end.Result, HasBegun: true, row.Phase, IsUnwanted: false, JobVerdict.ResultGrace));
        return kind is { } known ? end with { Kind = known, Row = row } : end;
    }

    /// <summary>A job of a script has ended; what it did not say of itself is asked for later.</summary>
    public void Ended(int script, string key, string id, JobResult? result)
    {
        if (result is { PeakMemory: null })
        {
            _unaccounted[key] = (script, id);
        }
    }

    /// <summary>What is known of jobs that did not say it of themselves, by the numbers of their scripts; one question for all, none where no accounts are kept.</summary>
    public IEnumerable<(int Script, AccountedJob Job)> OfTheUnaccounted()
    {
        var ids = _unaccounted.Values.Select(job => job.Id).ToArray();
        return ids.Length == 0 || !_isKept.Value
            ? []
            : Find(ids).Where(job => _unaccounted.ContainsKey(job.Key)).Select(job => (_unaccounted[job.Key].Script, job));
    }

    private IReadOnlyList<AccountedJob> Find(IReadOnlyCollection<string> ids) =>
        [.. commands.Accounts(ids).Where(answer => answer.IsGood).SelectMany(answer => SlurmText.ReadAccounting(answer.Printed))];
}
