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
        Files = new ProjectFiles(run.Place.ProjectDirectory, run.Place.StateDirectory);
        Hashes = new FileHashes(Files, run.Place.StateDirectory);
        Outputs = new OutputFiles(run.Project, Files, Hashes);
        _processes = ProcessRunners.ForQuestions(environment);
        Interpreters = new InterpreterIdentity(Files, Hashes, history, _processes, run.Place, environment);
        var taking = run.NumbersInProject.ToHashSet();
        Deciding = new Deciding(run, environment, Files, Hashes, Outputs, Interpreters, dependency => taking.Contains(dependency) ? runId : Freshness!.LastResult(run.Project[dependency].Name)?.Run ?? "never");
        Freshness = new Freshness(run, history, Deciding, Outputs, [], []);
        Quarantine = new Quarantine(Files, Hashes, run.Place.StateDirectory);
    }

    public HistoryStore? History { get; }

    public Dictionary<string, Unfinished> Unfinished { get; private set; } = [];

    public ProjectFiles Files { get; }

    public FileHashes Hashes { get; }

    public OutputFiles Outputs { get; }

    public InterpreterIdentity Interpreters { get; }

    public Deciding Deciding { get; }

    public Freshness Freshness { get; private set; }

    public Quarantine Quarantine { get; }

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
            // The next run puts it aside; until then everything would run.
        }

        return new RunState(run, "none", null, environment);
    }

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

        if (Orphans.End(Marks.Of(run.Place, environment), run.Options.KillGrace) is { Count: > 0 } left)
        {
            warn(Problems.OrphansEnded(run.Place, left));
        }

        foreach (var unfinished in Unfinished.Values.Where(unfinished => unfinished.State == "started"))
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

    /// <summary>
    /// Looks on another core at the files of the scripts that wait for nobody, from the last to the first, while the scheduler asks for
    /// them from the first to the last. What others read may be written by then, even by a script that does not say so.
    /// </summary>
    public Task LookAhead(PreparedRun run) => Task.Run(() =>
    {
        for (var script = run.Graph.Count - 1; script >= 0; script--)
        {
            var declared = run.Graph[script];
            if (declared.Outputs.Count > 0 && run.Graph.TierOf(script) == 0)
            {
                Hashes.LookAhead(declared.Inputs.Concat(declared.Outputs).Append(declared.Include).Where(name => !Glob.IsGlob(name)).Select(Files.NameOf), IncrementalExecutor.QuickBytes);
            }
        }
    });

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

    private static RunState Read(PreparedRun run, string runId, HistoryStore history, IReadOnlyDictionary<string, string> environment)
    {
        try
        {
            // Two files, two cores.
            var results = Task.Run(history.Results);
            var state = new RunState(run, runId, history, environment);
            state.Hashes.Load();
            state.Freshness = new Freshness(run, history, state.Deciding, state.Outputs, results.GetAwaiter().GetResult(), state.Unfinished = history.Unfinished());
            return state;
        }
        catch (SqliteException damaged)
        {
            history.Dispose();
            throw new HistoryUnusableException(damaged.Message.TrimEnd('.'), damaged);
        }
    }
}
