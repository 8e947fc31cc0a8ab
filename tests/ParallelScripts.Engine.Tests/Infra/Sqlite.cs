using Microsoft.Data.Sqlite;

namespace ParallelScripts.Tests;

/// <summary>Looks into a history from outside.</summary>
internal static class Sqlite
{
    public static object? Scalar(TestProject project, string sql) => Scalar(Path.Combine(project.Place.StateDirectory, HistoryStore.FileName), sql);

    public static object? Scalar(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    /// <summary>As long as it is not disposed, nobody else can read the history.</summary>
    public static IDisposable Locked(TestProject project)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(project.Place.StateDirectory, HistoryStore.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        return connection;
    }
}
