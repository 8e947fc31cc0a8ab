using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace ParallelScripts;

/// <summary>
/// What a run has open in its state directory, put together: the history, the hashes, and the parts that decide by them. When
/// the history cannot be used, all goes on without one.
/// </summary>
internal sealed class RunState : IDisposable
{
    private readonly IProcessRunner _processes;
    private int _told;

    private RunState(PreparedRun run, string runId, HistoryStore? history, IReadOnlyDictionary<string, string> environment)
    {
        History = history;
        Jobs = JobJournal.Open(run, history);
        RunId = runId;
        Files = run.Ahead.Files;
        Hashes = run.Ahead.Hashes;

        // Seen while the run was prepared; by the time these are asked about, a script before them may have written them.
        Hashes.Forget(FilesOfScriptsAfterOthers(run.Graph));
        Outputs = new OutputFiles(run.Project, Files, Hashes);
        _processes = ProcessRunners.ForQuestions(environment);
        Interpreters = new InterpreterIdentity(Files, Hashes, history, _processes, run.Place, environment);
        var taking = new HashSet<int>(run.NumbersInProject);
        var salt = new Lazy<byte[]>(() => history?.Salt() ?? RandomNumberGenerator.GetBytes(16));
        Deciding = new Deciding(run, environment, Files, Hashes, Outputs, Interpreters, salt, dependency => taking.Contains(dependency) ? runId : Freshness!.LastResult(run.Project[dependency].Name)?.Run ?? "never");
        Freshness = new Freshness(run, history, Deciding, Outputs, [], []);
        Quarantine = new Quarantine(Files, Hashes, run.Place.StateDirectory, run.Secrets);
    }

    public HistoryStore? History { get; }

    /// <summary>The run's id: sorts after that of every run on record.</summary>
    public string RunId { get; }

    public Dictionary<string, Unfinished> Unfinished { get; private set; } = [];

    /// <summary>Jobs on a cluster; null if there never were any.</summary>
    public JobJournal? Jobs { get; }

    /// <summary>Why nothing is known of earlier runs although there is a history; null if it could be read, or there is none to be read.</summary>
    public string? WhyUnread { get; private init; }

    public ProjectFiles Files { get; }

    public FileHashes Hashes { get; }

    public OutputFiles Outputs { get; }

    public InterpreterIdentity Interpreters { get; }

    public Deciding Deciding { get; }

    public Freshness Freshness { get; private set; }

    public Quarantine Quarantine { get; }

    /// <summary>Whether the run before this one was killed; known once <see cref="Recover"/> has been asked. Its report tells of a run that goes on.</summary>
    public bool FollowsAKilledRun { get; private set; }

    /// <summary>Opens the state for a run, which will write to it.</summary>
    public static RunState Open(PreparedRun run, string runId, IReadOnlyDictionary<string, string> environment, Action<Problem> warn)
    {
        try
        {
            return Read(run, runId, HistoryStore.Open(run.Place.StateDirectory), environment);
        }
        catch (HistoryUnusableException unusable)
        {
            var aside = HistoryStore.PutAside(run.Place.StateDirectory, runId);
            warn(Problems.HistoryPutAside(run.Place, aside, unusable.Message));
            return Read(run, runId, HistoryStore.Open(run.Place.StateDirectory), environment);
        }
    }

    /// <summary>Opens the state to look at it; writes nothing.</summary>
    public static RunState OpenToRead(PreparedRun run, IReadOnlyDictionary<string, string> environment)
    {
        try
        {
            if (HistoryStore.OpenToRead(run.Place.StateDirectory) is { } history)
            {
                return Read(run, "none", history, environment);
            }
        }
        catch (HistoryUnusableException)
        {
            // The next run puts it aside, and then everything runs.
        }
        catch (IOException refused)
        {
            return new RunState(run, "none", null, environment) { WhyUnread = refused.Message };
        }

        return new RunState(run, "none", null, environment);
    }

    /// <summary>How long one attempt at a script may take; null for any time, also where that depends on how long it usually takes and this is not known yet.</summary>
    public TimeSpan? TimeLimitOf(PreparedRun run, int script) => run.FailureRules[script].Timeout switch
    {
        null => null,
        { Time: { } time } => time,
        { Percent: var percent } => UsualTime.Limit(History?.LastDurations(run.Graph[script].Name, UsualTime.MostRuns) ?? [], percent!.Value),
    };

    /// <summary>
    /// If a run before this one was killed: what it left running is ended, which is told of as a warning, and what its scripts had begun to
    /// write goes out of the way. Gives a line for each of these.
    /// </summary>
    public IEnumerable<string> Recover(PreparedRun run, IReadOnlyDictionary<string, string> environment, Action<Problem> warn)
    {
        if (History is null || !History.WasKilled())
        {
            yield break;
        }

        FollowsAKilledRun = true;
        if (Orphans.End(Marks.Of(run.Place, environment), run.Options.KillGrace) is { Count: > 0 } left)
        {
            warn(Problems.OrphansEnded(run.Place, left));
        }

        // What a job on a cluster is writing, it goes on writing.
        foreach (var unfinished in Unfinished.Values.Where(unfinished => unfinished.State == "started" && Jobs?.Find(unfinished.Script) is null))
        {
            var before = History.FindManifest(unfinished.OutputsBefore) ?? new Manifest();
            var now = Outputs.Read(unfinished.Declared.Split('\n'), "");
            if (Quarantine.Move(unfinished.Script, before, now) is { } folder)
            {
                yield return $"[{unfinished.Script}] did not finish last time; what it had begun to write is in {folder}";
            }

            History.SetUnfinished(unfinished.Script, "interrupted");
        }
    }

    /// <summary>If the history was found damaged on the way: puts it aside, so that the next run has a new one.</summary>
    public Problem? PutAsideIfDamaged(PreparedRun run, string runId)
    {
        if (History?.Damage is not { } damage)
        {
            return null;
        }

        History.Dispose();
        return Problems.HistoryPutAside(run.Place, HistoryStore.PutAside(run.Place.StateDirectory, runId), damage);
    }

    /// <summary>Does what records something. What cannot be recorded costs a script that runs again, never the run; it is said once.</summary>
    public void Record(PreparedRun run, IRunListener listener, Action write)
    {
        try
        {
            write();
        }
        catch (Exception refused) when (refused is SqliteException or IOException or UnauthorizedAccessException)
        {
            if (Interlocked.Exchange(ref _told, 1) == 0)
            {
                listener.Warned(Problems.StateNotRecorded(run.Place, refused.Message));
            }
        }
    }

    public void Dispose()
    {
        History?.Dispose();
        _processes.Dispose();
    }

    private IEnumerable<string> FilesOfScriptsAfterOthers(ScriptGraph graph)
    {
        for (var script = 0; script < graph.Count; script++)
        {
            if (graph.TierOf(script) > 0)
            {
                yield return Files.NameOf(graph[script].Include);
            }
        }
    }

    private static RunState Read(PreparedRun run, string runId, HistoryStore history, IReadOnlyDictionary<string, string> environment)
    {
        history.Secrets = run.Secrets;
        try
        {
            var results = history.Results(run.Project.Count);
            var state = new RunState(run, history.IdAfterAll(runId), history, environment);
            state.Freshness = new Freshness(run, history, state.Deciding, state.Outputs, results, state.Unfinished = history.Unfinished());
            return state;
        }
        catch (SqliteException broken)
        {
            history.Dispose();
            throw HistoryDatabase.Unusable(broken);
        }
    }
}
