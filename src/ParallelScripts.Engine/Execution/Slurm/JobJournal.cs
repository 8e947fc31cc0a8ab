namespace ParallelScripts;

/// <summary>
/// The jobs of a state directory that have not been collected, in its history. An entry is there before its job is submitted, and goes when what
/// the job did is on record: whenever a run is killed, the next one knows every job that there is.
/// </summary>
internal sealed class JobJournal
{
    private readonly HistoryStore? _history;
    private readonly Dictionary<string, JournalEntry> _left = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    private JobJournal(HistoryStore? history)
    {
        _history = history;
        foreach (var entry in history?.Jobs() ?? [])
        {
            _left[entry.Script] = entry;
        }
    }

    /// <summary>The journal; null where no job was ever submitted and none will be.</summary>
    public static JobJournal? Open(PreparedRun run, HistoryStore? history) =>
        run.Placements.Count > 0 || JobFolder.IsIn(run.Place.StateDirectory) ? new JobJournal(history) : null;

    /// <summary>Does what records something; what cannot be recorded is said, and costs a script that runs again.</summary>
    public Action<Action> Record { get; set; } = write => write();

    /// <summary>What earlier runs have left, and nobody has taken over yet.</summary>
    public IReadOnlyList<JournalEntry> Left
    {
        get
        {
            lock (_gate)
            {
                return [.. _left.Values];
            }
        }
    }

    /// <summary>The job of a script that an earlier run has left.</summary>
    public JournalEntry? Find(string script)
    {
        lock (_gate)
        {
            return _left.GetValueOrDefault(script);
        }
    }

    /// <summary>Whether jobs are left that nobody was to wait for.</summary>
    public bool AnyHandedOver
    {
        get
        {
            lock (_gate)
            {
                return _left.Values.Any(entry => entry.IsHandedOver);
            }
        }
    }

    /// <summary>Somebody looks after that job now. False if somebody did already.</summary>
    public bool Take(JournalEntry entry)
    {
        lock (_gate)
        {
            return _left.Remove(entry.Script);
        }
    }

    /// <summary>A job is about to be submitted.</summary>
    public void Begin(JournalEntry entry) => Record(() => _history?.BeginJob(entry));

    /// <summary>Slurm has taken it.</summary>
    public void SetId(string script, string id) => Record(() => _history?.SetJobId(script, id));

    /// <summary>It is to be cancelled, and nobody could.</summary>
    public void SetUnwanted(string script) => Record(() => _history?.SetJobUnwanted(script));

    /// <summary>What it did is on record, or it did nothing.</summary>
    public void End(string script) => Record(() => _history?.EndJob(script));
}

/// <summary>A job on record: of which script, and by what it is found again.</summary>
/// <param name="Fingerprint">What decided the script's result when it was submitted.</param>
/// <param name="Id">Slurm's id; empty as long as it is not known that Slurm has taken it.</param>
/// <param name="IsUnwanted">Whether it was to be cancelled, and nobody knows whether it is.</param>
internal sealed record JournalEntry(string Script, string Key, string Fingerprint, string Id, DateTimeOffset Submitted, bool IsUnwanted)
{
    /// <summary>Whether nobody was to wait for it, and it may wait for other jobs; then the fingerprint is that of <see cref="HandedOverLines"/>.</summary>
    public bool IsHandedOver { get; init; }
}
