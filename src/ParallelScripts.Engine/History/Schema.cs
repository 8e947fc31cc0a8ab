using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ParallelScripts;

/// <summary>The tables of the history, and the way from each version to the next. docs/history.md says what they mean.</summary>
internal static class Schema
{
    /// <summary>Kept in the database as <c>PRAGMA user_version</c>.</summary>
    public const int Version = 6;

    /// <summary>What leads from version i to i + 1.</summary>
    private static readonly string[] _migrations =
    [
        """
        CREATE TABLE runs (
            id TEXT PRIMARY KEY, start_time TEXT NOT NULL, outcome TEXT, wall_seconds REAL, work_seconds REAL,
            slots INTEGER NOT NULL, schedule TEXT NOT NULL, scripts INTEGER NOT NULL, up_to_date INTEGER) WITHOUT ROWID;
        CREATE TABLE script_runs (
            run TEXT NOT NULL, script TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, start_time TEXT, seconds REAL,
            exit_code INTEGER, cpu_seconds REAL, peak_memory INTEGER, attempts INTEGER NOT NULL, manifest BLOB,
            PRIMARY KEY (script, run)) WITHOUT ROWID;
        CREATE TABLE results (
            script TEXT NOT NULL, manifest BLOB NOT NULL, outputs BLOB NOT NULL, run TEXT NOT NULL,
            PRIMARY KEY (script, manifest, outputs)) WITHOUT ROWID;
        CREATE TABLE unfinished (
            script TEXT PRIMARY KEY, run TEXT NOT NULL, state TEXT NOT NULL, declared TEXT NOT NULL, outputs_before BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE accepted (
            run TEXT NOT NULL, script TEXT NOT NULL, old_manifest BLOB, new_manifest BLOB NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY (run, script)) WITHOUT ROWID;
        CREATE TABLE manifests (hash BLOB PRIMARY KEY, lines TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE interpreters (key TEXT PRIMARY KEY, identity TEXT NOT NULL, program TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX script_runs_by_run ON script_runs (run);
        """,
        """
        CREATE TABLE failed_attempts (
            run TEXT NOT NULL, script TEXT NOT NULL, attempt INTEGER NOT NULL, outcome TEXT NOT NULL, start_time TEXT NOT NULL, seconds REAL NOT NULL,
            exit_code INTEGER, problem TEXT NOT NULL,
            PRIMARY KEY (run, script, attempt)) WITHOUT ROWID;
        """,
        """
        CREATE TABLE salt (value BLOB NOT NULL);
        """,
        """
        CREATE TABLE reports (run TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
        """,
        """
        CREATE TABLE slurm_jobs (
            script TEXT PRIMARY KEY, key TEXT NOT NULL, fingerprint TEXT NOT NULL, job_id TEXT NOT NULL, submitted TEXT NOT NULL,
            unwanted INTEGER NOT NULL, handed_over INTEGER NOT NULL) WITHOUT ROWID;
        ALTER TABLE script_runs ADD COLUMN node TEXT;
        ALTER TABLE script_runs ADD COLUMN queued_seconds REAL;
        """,
        """
        ALTER TABLE script_runs ADD COLUMN peak_memory_is TEXT;
        """,
    ];

    /// <summary>Brings a database to this version, or leaves it as it is: nobody ever sees it between two versions.</summary>
    /// <exception cref="HistoryUnusableException">It is of a newer version, whose tables we do not know.</exception>
    public static void Migrate(SqliteConnection connection)
    {
        var version = VersionOf(connection);
        if (version == Version)
        {
            return;
        }

        using var transaction = connection.BeginTransaction();
        using var migrate = connection.CreateCommand();
        migrate.Transaction = transaction;
        migrate.CommandText = $"{string.Concat(_migrations[version..])} PRAGMA user_version = {Version};";
        migrate.ExecuteNonQuery();
        transaction.Commit();
    }

    /// <summary>Makes sure that a database is of this version, for one who may not change it. False if there is nothing in it yet.</summary>
    /// <exception cref="HistoryUnusableException">It is of another.</exception>
    public static bool Check(SqliteConnection connection) => VersionOf(connection) switch
    {
        0 => false,
        < Version and var version => throw new HistoryUnusableException($"it is of version {version}, which the next run brings to {Version}"),
        _ => true,
    };

    private static int VersionOf(SqliteConnection connection)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "PRAGMA user_version";
        var version = Convert.ToInt32(read.ExecuteScalar(), CultureInfo.InvariantCulture);
        return version <= Version
            ? version
            : throw new HistoryUnusableException($"it is of version {version}, which a newer ParallelScripts wrote, and this one knows versions up to {Version}");
    }
}

/// <summary>There is a history, and it cannot be read.</summary>
internal sealed class HistoryUnusableException(string message, Exception? inner = null) : Exception(message, inner);
