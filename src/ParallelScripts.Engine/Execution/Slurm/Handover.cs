namespace ParallelScripts;

/// <summary>
/// What of a run Slurm has been given to do by itself: which job is whose, what a new one has to wait for, and whether what an old one did is
/// still what the script would do now. See docs/decisions/0120-a-pipeline-without-the-build.md.
/// </summary>
/// <param name="run">What runs.</param>
/// <param name="lines">What decides a script's result beside what others write.</param>
/// <param name="folder">Where jobs leave their results.</param>
internal sealed class Handover(PreparedRun run, HandedOverLines lines, JobFolder folder)
{
    private readonly SlurmJob?[] _jobs = new SlurmJob?[run.Graph.Count];

    /// <summary>Whether this run hands over what has to run.</summary>
    public bool IsWanted => run.Slurm.Submit == SlurmSubmit.Whole;

    /// <summary>What has been handed over, or had been before and has not ended.</summary>
    public IEnumerable<SlurmJob> Jobs => _jobs.OfType<SlurmJob>();

    /// <summary>Slurm has the job of a script.</summary>
    public void Add(int number, SlurmJob job) => _jobs[number] = job;

    /// <summary>What the job of a script has to wait for. What is up to date, or has ended, is nothing to wait for.</summary>
    public IReadOnlyList<Predecessor> Before(int number) =>
    [
        .. run.Graph.DependenciesOf(number)
            .Where(dependency => _jobs[dependency] is not null)
            .Order()
            .Select(dependency => new Predecessor(_jobs[dependency]!.Key, _jobs[dependency]!.Id!, _jobs[dependency]!.ArraySize, run.FailureRules[dependency].LetDependentsStart(Outcome.Failed))),
    ];

    public string FingerprintOf(int number) => lines.FingerprintOf(number).ToString();

    /// <summary>
    /// Whether the end of a job says nothing about its script: it never began, because of a job before it that a later run may have
    /// repeated since.
    /// </summary>
    public static bool SaysNothing(JobEnd end) =>
        end.Kind == JobEndKind.NeverBegan
        || end.Result is { Kind: ResultKind.Skipped }
        || (end.Kind is JobEndKind.CanceledByOthers or JobEndKind.Stuck && end.Result is null && end.Row is { } row && NativeOrder.IsBecauseOfOrder(row));

    /// <summary>A file that is not as the job of a script found or left it; null if there is none, or the job has not begun.</summary>
    public string? ChangedSince(int number, string key) =>
        folder.FindBegin(key) is { } began && lines.FindNewer(number, began, folder.FindEnd(key)) is { } file ? file : null;
}
