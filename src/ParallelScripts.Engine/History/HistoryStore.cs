using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace ParallelScripts;

/// <summary>
/// What earlier runs did, in a SQLite database in the state directory. Every call is one transaction: a kill at any moment
/// leaves what was committed before, and nothing half.
/// </summary>
internal sealed class HistoryStore : IDisposable
{
    public const string FileName = "history.db";

    /// <summary>How many runs are kept.</summary>
    public const int MostRuns = 100;

    private const string TooOld = "SELECT id FROM runs ORDER BY id DESC LIMIT -1 OFFSET @0";

    /// <summary>How many successes of each script are kept: enough to switch between a few branches.</summary>
    public const int MostResults = 8;

    /// <summary>How many runs can be reported again: each is some hundred bytes a script.</summary>
    public const int MostReports = 20;

    private readonly HistoryDatabase _database;

    private HistoryStore(HistoryDatabase database) => _database = database;

    /// <summary>Opens the history of a state directory, and makes a new one if there is none.</summary>
    /// <exception cref="HistoryUnusableException">It is damaged, or of a newer version.</exception>
    public static HistoryStore Open(string stateDirectory) => new(HistoryDatabase.Open(Path.Combine(stateDirectory, FileName)));

    /// <summary>Opens the history to look at it; null if there is none, or a first run is just making it.</summary>
    /// <exception cref="HistoryUnusableException">It is damaged, or of another version.</exception>
    public static HistoryStore? OpenToRead(string stateDirectory) =>
        HistoryDatabase.OpenToRead(Path.Combine(stateDirectory, FileName)) is { } database ? new(database) : null;

    /// <summary>Moves a history that cannot be used out of the way. Gives its new place.</summary>
    public static string PutAside(string stateDirectory, string runId)
    {
        var file = Path.Combine(stateDirectory, FileName);
        var aside = Path.Combine(stateDirectory, $"history.{runId}.unusable.db");
        File.Move(file, aside, overwrite: true);
        File.Delete(file + "-wal");
        File.Delete(file + "-shm");
        return aside;
    }

    /// <summary>Every kept success of every script.</summary>
    /// <param name="scripts">How many scripts have one, about: a table that is as large as it will be is not copied as it grows.</param>
    public Dictionary<string, Result> Results(int scripts)
    {
        var results = new Dictionary<string, Result>(scripts, StringComparer.Ordinal);
        var (run, runBytes) = ("", Array.Empty<byte>());
        _database.Read("SELECT script, manifest, outputs, run FROM results", [], row =>
        {
            // Most are of one run.
            if (!HistoryDatabase.BytesAt(row, 3).SequenceEqual(runBytes))
            {
                (run, runBytes) = (row.GetString(3), HistoryDatabase.BytesAt(row, 3).ToArray());
            }

            ref var result = ref CollectionsMarshal.GetValueRefOrAddDefault(results, row.GetString(0), out _);
            result = new Result(HistoryDatabase.HashAt(row, 1), HistoryDatabase.HashAt(row, 2), run, result);
        });
        return results;
    }

    public Dictionary<string, Unfinished> Unfinished()
    {
        var unfinished = new Dictionary<string, Unfinished>(StringComparer.Ordinal);
        _database.Read(
            "SELECT script, state, declared, outputs_before FROM unfinished",
            [],
            row => unfinished[row.GetString(0)] = new Unfinished(row.GetString(0), row.GetString(1), row.GetString(2), HistoryDatabase.HashAt(row, 3)));
        return unfinished;
    }

    /// <summary>What may not be written here.</summary>
    public Secrets Secrets { get; set; } = Secrets.None;

    /// <summary>Random bytes, always the same ones in this history: what secrets are hashed with.</summary>
    public byte[] Salt()
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        try
        {
            if (!_database.IsToRead)
            {
                _database.Write(("INSERT INTO salt SELECT @0 WHERE NOT EXISTS (SELECT 1 FROM salt)", [salt]));
            }

            _database.Read("SELECT value FROM salt", [], row => salt = row.GetFieldValue<byte[]>(0));
        }
        catch (SqliteException)
        {
            // Then every secret seems to have changed, and scripts run.
        }

        return salt;
    }

    /// <summary>What is wrong with the database, if something was found to be.</summary>
    public string? Damage { get; private set; }

    /// <summary>Deciding lines by their hash; null if they are not on record, or cannot be read.</summary>
    public Manifest? FindManifest(Hash128 hash)
    {
        Manifest? manifest = null;
        try
        {
            _database.Read("SELECT lines FROM manifests WHERE hash = @0", [HistoryDatabase.Blob(hash)], row => manifest = Manifest.Parse(row.GetString(0)));
        }
        catch (Exception broken) when (broken is SqliteException or FormatException)
        {
            NoteDamage(broken);
        }

        return manifest;
    }

    /// <summary>What an interpreter was found to be, and the program that it really is; null if it has not been asked yet.</summary>
    public ProgramIdentity? FindInterpreter(string key)
    {
        ProgramIdentity? found = null;
        try
        {
            _database.Read("SELECT identity, program FROM interpreters WHERE key = @0", [key], row => found = new ProgramIdentity(row.GetString(0), row.GetString(1)));
        }
        catch (SqliteException broken)
        {
            NoteDamage(broken);
        }

        return found;
    }

    public void AddInterpreter(string key, string identity, string program)
    {
        if (_database.IsToRead)
        {
            return;
        }

        try
        {
            _database.Write(("INSERT OR REPLACE INTO interpreters VALUES (@0, @1, @2)", [key, identity, program]));
        }
        catch (SqliteException broken)
        {
            // Then it is asked again the next time.
            NoteDamage(broken);
        }
    }

    /// <summary>What the last successes of a script took, in seconds.</summary>
    public IReadOnlyList<double> LastDurations(string script, int most)
    {
        var durations = new List<double>();
        try
        {
            _database.Read(
                "SELECT seconds FROM script_runs WHERE script = @0 AND outcome = 'Succeeded' AND seconds IS NOT NULL ORDER BY run DESC LIMIT @1",
                [script, most],
                row => durations.Add(row.GetDouble(0)));
        }
        catch (SqliteException broken)
        {
            NoteDamage(broken);
        }

        return durations;
    }

    /// <summary>A script in the runs before one, the last first.</summary>
    public IReadOnlyList<EarlierRun> EarlierRuns(string script, string before, int most)
    {
        var runs = new List<EarlierRun>();
        _database.Read(
            "SELECT run, outcome, seconds FROM script_runs WHERE script = @0 AND run < @1 AND seconds IS NOT NULL ORDER BY run DESC LIMIT @2",
            [script, before, most],
            row => runs.Add(new EarlierRun(row.GetString(0), row.GetString(1), row.GetDouble(2))));
        return runs;
    }

    /// <summary>Keeps what the report of a run is made of, and drops what is too old.</summary>
    public void AddReport(string run, byte[] data) => _database.Write(
        ("INSERT OR REPLACE INTO reports VALUES (@0, @1)", [run, data]),
        ("DELETE FROM reports WHERE run NOT IN (SELECT run FROM reports ORDER BY run DESC LIMIT @0)", [MostReports]));

    /// <summary>What the report of a run is made of; an empty id means the last there is. Null if there is none.</summary>
    public byte[]? FindReport(string run)
    {
        byte[]? data = null;
        _database.Read(
            run == "" ? "SELECT data FROM reports ORDER BY run DESC LIMIT 1" : "SELECT data FROM reports WHERE run = @0",
            run == "" ? [] : [run],
            row => data = row.GetFieldValue<byte[]>(0));
        return data;
    }

    /// <summary>The last runs that can be reported, the last first.</summary>
    public IReadOnlyList<string> LastReports(int most)
    {
        var runs = new List<string>();
        _database.Read("SELECT run FROM reports ORDER BY run DESC LIMIT @0", [most], row => runs.Add(row.GetString(0)));
        return runs;
    }

    /// <summary>What each script usually takes, by its last successes.</summary>
    public Dictionary<string, Usual> UsualOfEach()
    {
        var usual = new Dictionary<string, Usual>(StringComparer.Ordinal);
        var script = "";
        var last = new LastRuns();
        try
        {
            // Script after script along the primary key: a run on record costs nothing unless it is one of the last.
            _database.Read(
                """
                WITH RECURSIVE names(script) AS (
                    SELECT min(script) FROM script_runs
                    UNION ALL SELECT (SELECT min(script) FROM script_runs WHERE script > names.script) FROM names WHERE names.script IS NOT NULL)
                SELECT names.script, last.seconds, last.cpu_seconds, last.peak_memory
                FROM names JOIN script_runs AS last ON last.script = names.script AND last.run IN (
                    SELECT run FROM script_runs WHERE script = names.script AND outcome = 'Succeeded' AND seconds IS NOT NULL ORDER BY run DESC LIMIT @0)
                """,
                [Usual.MostRuns],
                row =>
                {
                    if (row.GetString(0) is var name && name != script)
                    {
                        Keep();
                        script = name;
                    }

                    last.Add(row.GetDouble(1), row.IsDBNull(2) ? null : row.GetDouble(2), row.IsDBNull(3) ? null : row.GetInt64(3));
                });
            Keep();
        }
        catch (SqliteException damaged)
        {
            Damage = damaged.Message.TrimEnd('.');
        }

        return usual;

        void Keep()
        {
            if (!last.AreNone)
            {
                usual[script] = last.ToUsual();
            }
        }
    }

    /// <summary>
    /// The id of a run that begins now: this one, or if somebody has set the clock back since the last run, one that sorts after that run's all
    /// the same. What is older would be pruned first.
    /// </summary>
    public string IdAfterAll(string id)
    {
        var last = "";
        _database.Read("SELECT id FROM runs ORDER BY id DESC LIMIT 1", [], row => last = row.GetString(0));
        return string.CompareOrdinal(last, id) < 0 ? id : RunStart.IdAfter(last) ?? id;
    }

    /// <summary>A run begins.</summary>
    public void BeginRun(RunStart start, RunOptions options, int scripts) => _database.Write((
        "INSERT INTO runs (id, start_time, slots, schedule, scripts) VALUES (@0, @1, @2, @3, @4)",
        [start.RunId, HistoryDatabase.Text(start.Time), options.Slots, options.Schedule.ToString(), scripts]));

    /// <summary>Whether a run before this one never came to its end; from now on it counts as killed.</summary>
    public bool WasKilled()
    {
        var killed = 0L;
        _database.Read("SELECT count(*) FROM runs WHERE outcome IS NULL", [], row => killed = row.GetInt64(0));
        if (killed > 0)
        {
            _database.Write(("UPDATE runs SET outcome = 'Killed' WHERE outcome IS NULL", []));
        }

        return killed > 0;
    }

    /// <summary>A script is about to start: from now on, and until it succeeds, it is not up to date.</summary>
    public void Begin(string script, string run, string declared, Manifest outputsBefore) => _database.Write(
        Keep(outputsBefore),
        ("INSERT OR REPLACE INTO unfinished VALUES (@0, @1, 'started', @2, @3)", [script, run, declared, HistoryDatabase.Blob(outputsBefore.Hash)]));

    /// <summary>A script has succeeded.</summary>
    public void Succeed(string script, string run, Manifest manifest, IEnumerable<Manifest> groups, Manifest outputs) => _database.Write(
    [
        .. groups.Select(Keep),
        Keep(manifest),
        Keep(outputs),
        ("INSERT OR REPLACE INTO results VALUES (@0, @1, @2, @3)", [script, HistoryDatabase.Blob(manifest.Hash), HistoryDatabase.Blob(outputs.Hash), run]),
        ("DELETE FROM unfinished WHERE script = @0", [script]),
    ]);

    /// <summary>
    /// A person has said that what a script wrote is still right. It is on record before any script starts after this; a hundred thousand that
    /// are accepted are not as many transactions.
    /// </summary>
    public void Accept(string script, string run, Hash128? oldManifest, Manifest manifest, IEnumerable<Manifest> groups, Manifest outputs, string reason) => _database.WriteWithNext(
    [
        .. groups.Select(Keep),
        Keep(manifest),
        Keep(outputs),
        ("INSERT OR REPLACE INTO results VALUES (@0, @1, @2, @3)", [script, HistoryDatabase.Blob(manifest.Hash), HistoryDatabase.Blob(outputs.Hash), run]),
        ("INSERT OR REPLACE INTO accepted VALUES (@0, @1, @2, @3, @4)", [run, script, oldManifest is { } old ? HistoryDatabase.Blob(old) : DBNull.Value, HistoryDatabase.Blob(manifest.Hash), reason]),
        ("DELETE FROM unfinished WHERE script = @0", [script]),
    ]);

    /// <summary>A started script has not succeeded.</summary>
    public void SetUnfinished(string script, string state) => _database.Write(("UPDATE unfinished SET state = @1 WHERE script = @0", [script, state]));

    /// <summary>A run has ended: what became of each script, and what is too old is dropped.</summary>
    /// <param name="record">The run.</param>
    /// <param name="manifestOf">The deciding lines of a script that ran, by its number in the record.</param>
    public void EndRun(RunRecord record, Func<int, Hash128?> manifestOf)
    {
        var statements = new List<(string, object[])>
        {
            ("UPDATE runs SET outcome = @1, wall_seconds = @2, work_seconds = @3, up_to_date = @4 WHERE id = @0",
                [record.RunId, record.Outcome.ToString(), record.WallSeconds, record.WorkSeconds, record.Scripts.Count(script => script.Outcome == Outcome.UpToDate)]),
        };
        for (var number = 0; number < record.Scripts.Count; number++)
        {
            var script = record.Scripts[number];
            if (script.StartTime is { } startTime)
            {
                statements.Add((
                    "INSERT OR REPLACE INTO script_runs VALUES (@0, @1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13)",
                    [
                        record.RunId, script.Name, script.Outcome.ToString(), script.Reason, HistoryDatabase.Text(startTime), script.Seconds!, (object?)script.ExitCode ?? DBNull.Value,
                        (object?)script.CpuSeconds ?? DBNull.Value, (object?)script.PeakMemoryBytes ?? DBNull.Value, script.Attempts,
                        manifestOf(number) is { } manifest ? HistoryDatabase.Blob(manifest) : DBNull.Value, (object?)script.Node ?? DBNull.Value, (object?)script.QueuedSeconds ?? DBNull.Value,
                        (object?)script.PeakMemoryIs ?? DBNull.Value,
                    ]));
            }
        }

        foreach (var script in record.Scripts)
        {
            for (var attempt = 0; attempt < script.FailedAttempts.Count; attempt++)
            {
                var failed = script.FailedAttempts[attempt];
                statements.Add((
                    "INSERT OR REPLACE INTO failed_attempts VALUES (@0, @1, @2, @3, @4, @5, @6, @7)",
                    [record.RunId, script.Name, attempt + 1, failed.Outcome.ToString(), HistoryDatabase.Text(failed.StartTime), failed.Seconds, (object?)failed.ExitCode ?? DBNull.Value, failed.Problem]));
            }
        }

        _database.Write([.. statements]);
        if (record.Scripts.Any(script => script.StartTime is not null))
        {
            Prune();
        }
    }

    /// <summary>A script that declares no outputs has run; what depends on it is stale from now on.</summary>
    public void RanWithoutOutputs(IEnumerable<string> scripts, string run) => _database.Write([.. scripts.Select(script =>
        ("INSERT OR REPLACE INTO results VALUES (@0, x'', x'', @1)", new object[] { script, run }))]);

    /// <summary>Jobs on a cluster that have not been collected.</summary>
    public IReadOnlyList<JournalEntry> Jobs()
    {
        var jobs = new List<JournalEntry>();
        _database.Read("SELECT script, key, fingerprint, job_id, submitted, unwanted, handed_over FROM slurm_jobs", [], row => jobs.Add(new JournalEntry(
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            DateTimeOffset.Parse(row.GetString(4), CultureInfo.InvariantCulture),
            row.GetInt64(5) != 0)
        {
            IsHandedOver = row.GetInt64(6) != 0,
        }));
        return jobs;
    }

    public void BeginJob(JournalEntry job) => _database.Write(
        ("INSERT OR REPLACE INTO slurm_jobs VALUES (@0, @1, @2, @3, @4, @5, @6)", [job.Script, job.Key, job.Fingerprint, job.Id, HistoryDatabase.Text(job.Submitted), job.IsUnwanted ? 1 : 0, job.IsHandedOver ? 1 : 0]));

    public void SetJobId(string script, string id) => _database.Write(("UPDATE slurm_jobs SET job_id = @1 WHERE script = @0", [script, id]));

    public void SetJobUnwanted(string script) => _database.Write(("UPDATE slurm_jobs SET unwanted = 1 WHERE script = @0", [script]));

    public void EndJob(string script) => _database.Write(("DELETE FROM slurm_jobs WHERE script = @0", [script]));

    /// <inheritdoc cref="HistoryDatabase.WriteWaiting"/>
    public void WriteWaiting() => _database.WriteWaiting();

    public void Dispose() => _database.Dispose();

    private void NoteDamage(Exception broken)
    {
        if (broken is not SqliteException sqlite || HistoryDatabase.IsDamage(sqlite))
        {
            Damage = broken.Message.TrimEnd('.');
        }
    }

    private void Prune()
    {
        _database.Write(
            // By the index of each table: all that earlier runs left is not looked through after every run.
            ($"DELETE FROM script_runs WHERE run IN ({TooOld})", [MostRuns]),
            ($"DELETE FROM failed_attempts WHERE run IN ({TooOld})", [MostRuns]),
            ($"DELETE FROM accepted WHERE run IN ({TooOld})", [MostRuns]),
            ($"DELETE FROM runs WHERE id IN ({TooOld})", [MostRuns]),
            ("""
             DELETE FROM results WHERE (script, manifest, outputs) IN (
                 SELECT script, manifest, outputs FROM (
                     SELECT script, manifest, outputs, row_number() OVER (PARTITION BY script ORDER BY run DESC) AS age FROM results) WHERE age > @0)
             """, [MostResults]));
        PruneManifests();
    }

    /// <summary>Drops manifests that nothing refers to, by a result, a run, or as a group within another.</summary>
    private void PruneManifests()
    {
        // Looking through groups means reading all lines, so only once there are clearly more than are in use.
        var (kept, used) = (0L, 0L);
        _database.Read("SELECT (SELECT count(*) FROM manifests), (SELECT count(*) FROM results) * 2 + (SELECT count(*) FROM script_runs)", [], row => (kept, used) = (row.GetInt64(0), row.GetInt64(1)));
        if (kept < 1000 + (used * 2))
        {
            return;
        }

        _database.Write(("""
            DELETE FROM manifests WHERE hash NOT IN (
                SELECT manifest FROM results UNION SELECT outputs FROM results UNION SELECT manifest FROM script_runs WHERE manifest IS NOT NULL
                UNION SELECT outputs_before FROM unfinished
                UNION SELECT old_manifest FROM accepted WHERE old_manifest IS NOT NULL UNION SELECT new_manifest FROM accepted)
              AND lower(hex(hash)) NOT IN (
                WITH RECURSIVE line(rest, text) AS (
                    SELECT lines, '' FROM manifests WHERE instr(lines, char(9) || '&') > 0
                    UNION ALL
                    SELECT substr(rest, instr(rest, char(9) || '&') + 2), substr(rest, instr(rest, char(9) || '&') + 2, 32) FROM line WHERE instr(rest, char(9) || '&') > 0)
                SELECT text FROM line WHERE text <> '')
            """, []));
    }

    private (string, object[]) Keep(Manifest manifest) =>
        ("INSERT OR IGNORE INTO manifests VALUES (@0, @1)", [HistoryDatabase.Blob(manifest.Hash), Secrets.Mask(manifest).ToString()]);
}

/// <summary>A success: from these deciding lines, these outputs.</summary>
/// <param name="Other">Another success of the same script, or null.</param>
internal sealed record Result(Hash128 Manifest, Hash128 Outputs, string Run, Result? Other);

/// <summary>A script that was started and has not succeeded since.</summary>
/// <param name="State">How that ended: <c>started</c> if nobody lived to say.</param>
/// <param name="Declared">The outputs it declared then, a line each.</param>
/// <param name="OutputsBefore">The manifest of its outputs before it was started.</param>
internal sealed record Unfinished(string Script, string State, string Declared, Hash128 OutputsBefore);
