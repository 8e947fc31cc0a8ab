using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ParallelScripts;

/// <summary>
/// The SQLite database of a history as a file with transactions: opening it, reading rows, and writing so that a kill at any moment leaves what
/// was committed before, and nothing half. What is in it, <see cref="HistoryStore"/> knows.
/// </summary>
internal sealed class HistoryDatabase : IDisposable
{
    /// <summary>So many statements do not wait for others.</summary>
    private const int MostWaiting = 10_000;

    private readonly SqliteConnection _connection;

    /// <summary>Slots record their scripts at the same time; a connection is for one thread.</summary>
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    /// <summary>What is written with whatever is written next, in the same transaction and before it.</summary>
    private readonly List<(string Sql, object[] Values)> _waiting = [];

    private HistoryDatabase(SqliteConnection connection, bool toRead)
    {
        _connection = connection;
        IsToRead = toRead;
    }

    /// <summary>Whether nothing may be written to it.</summary>
    public bool IsToRead { get; }

    /// <summary>Opens a database, and makes a new one if there is none.</summary>
    /// <exception cref="HistoryUnusableException">It is damaged, or of a newer version.</exception>
    public static HistoryDatabase Open(string file) => Open(file, SqliteOpenMode.ReadWriteCreate, connection =>
    {
        // A commit goes to the log and is safe from a kill at once; only a power failure can take the last ones back, and then
        // what is on disk is older, not wrong.
        using var pragmas = connection.CreateCommand();
        pragmas.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;";
        pragmas.ExecuteNonQuery();
        Schema.Migrate(connection);
        return true;
    })!;

    /// <summary>Opens a database to look at it; null if there is none, or somebody is just making it.</summary>
    /// <exception cref="HistoryUnusableException">It is damaged, or of another version.</exception>
    public static HistoryDatabase? OpenToRead(string file) => File.Exists(file) ? Open(file, SqliteOpenMode.ReadOnly, Schema.Check) : null;

    private static HistoryDatabase? Open(string file, SqliteOpenMode mode, Predicate<SqliteConnection> prepare)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Pooling = false,
            Mode = mode,

            // Somebody may look at the history with a tool of their own; who locks it for longer is told of.
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            connection.Open();
            if (prepare(connection))
            {
                return new HistoryDatabase(connection, toRead: mode == SqliteOpenMode.ReadOnly);
            }

            connection.Dispose();
            return null;
        }
        catch (SqliteException broken)
        {
            connection.Dispose();
            throw Unusable(broken);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What cannot be used: the history, which is put aside then; or, where the disk is full, read-only or broken, or somebody keeps the
    /// database locked, the state directory, and the history is as good as before.
    /// </summary>
    public static Exception Unusable(SqliteException broken) =>
        IsDamage(broken) ? new HistoryUnusableException(broken.Message.TrimEnd('.'), broken) : new IOException(broken.Message.TrimEnd('.'), broken);

    public static bool IsDamage(SqliteException broken) => broken.SqliteErrorCode is not (
        raw.SQLITE_PERM or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM or raw.SQLITE_READONLY or raw.SQLITE_IOERR or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN);

    /// <summary>Loads SQLite, with a database that is nowhere.</summary>
    public static void WarmUp()
    {
        using var nowhere = new SqliteConnection("Data Source=:memory:;Pooling=False");
        nowhere.Open();
        using var nothing = nowhere.CreateCommand();
        nothing.CommandText = "SELECT 1";
        nothing.ExecuteScalar();
    }

    /// <summary>Writes in one transaction, what waits for it first.</summary>
    public void Write(params (string Sql, object[] Values)[] statements)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var (sql, values) in _waiting)
            {
                Execute(sql, values, transaction);
            }

            foreach (var (sql, values) in statements)
            {
                Execute(sql, values, transaction);
            }

            transaction.Commit();
            _waiting.Clear();
        }
    }

    private void Execute(string sql, object[] values, SqliteTransaction transaction)
    {
        var command = Prepare(sql, values);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    /// <summary>Leaves it to whatever is written next to write this before, in the same transaction.</summary>
    public void WriteWithNext(params (string Sql, object[] Values)[] statements)
    {
        lock (_gate)
        {
            _waiting.AddRange(statements);
            if (_waiting.Count >= MostWaiting)
            {
                Write();
            }
        }
    }

    /// <summary>Reads rows, one after the other.</summary>
    public void Read(string sql, object[] values, Action<SqliteDataReader> row)
    {
        lock (_gate)
        {
            using var reader = Prepare(sql, values).ExecuteReader();
            while (reader.Read())
            {
                row(reader);
            }
        }
    }

    private SqliteCommand Prepare(string sql, object[] values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every text is one of our own; what varies is a parameter.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"@{i}") });
            }

            _commands[sql] = command;
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.Transaction = null;
        return command;
    }

    /// <summary>Puts on record what waits for a next write. Said before something starts that has none of its own.</summary>
    public void WriteWaiting()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0)
            {
                Write();
            }
        }
    }

    public static byte[] Blob(Hash128 hash)
    {
        var bytes = new byte[Hash128.Size];
        hash.Write(bytes);
        return bytes;
    }

    public static Hash128 HashAt(SqliteDataReader row, int column)
    {
        var bytes = BytesAt(row, column);
        return bytes.Length == Hash128.Size ? Hash128.Read(bytes) : default;
    }

    /// <summary>What is in a column, a text as UTF-8, without a copy; gone with the next row.</summary>
    public static ReadOnlySpan<byte> BytesAt(SqliteDataReader row, int column) => raw.sqlite3_column_blob(row.Handle, column);

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }
}
