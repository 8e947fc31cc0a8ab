namespace ParallelScripts;

/// <summary>What a cluster's accounting knows beside its queue, where there is any: it remembers longer, and how much memory a job held.</summary>
internal sealed class Accounting(SlurmCommands commands)
{
    /// <summary>A command line has room for some thousands.</summary>
    private const int MostIdsOfOneCall = 500;

    private readonly Lazy<bool> _isKept = new(() => commands.Config() is { IsGood: true } config && SlurmText.KeepsAccounts(config.Printed));

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

    /// <summary>What is known of these jobs; nothing where no accounts are kept.</summary>
    public IReadOnlyList<AccountedJob> Of(IReadOnlyCollection<string> ids) => ids.Count > 0 && _isKept.Value ? Find(ids) : [];

    private IReadOnlyList<AccountedJob> Find(IReadOnlyCollection<string> ids) =>
        [.. ids.Chunk(MostIdsOfOneCall).Select(commands.Accounts).Where(answer => answer.IsGood).SelectMany(answer => SlurmText.ReadAccounting(answer.Printed))];
}
