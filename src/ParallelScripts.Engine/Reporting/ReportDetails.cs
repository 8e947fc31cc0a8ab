using Microsoft.Data.Sqlite;

namespace ParallelScripts;

/// <summary>Gathers for a report what the record of a run does not hold: ends of logs, sizes of files, and the same scripts in earlier runs.</summary>
internal static class ReportDetails
{
    /// <summary>So many earlier runs tell whether a script became slower.</summary>
    public const int MostEarlier = 20;

    /// <summary>Longer lists of files are for the project to look up.</summary>
    private const int MostFiles = 50;

    /// <summary>What ends of logs of scripts that did not fail may take together, so that a page stays one that opens at once.</summary>
    private const int MostLogBytes = 2 * 1024 * 1024;

    /// <summary>The same for those that failed.</summary>
    private const int MostFailedLogBytes = 4 * 1024 * 1024;

    public static ReportedRun Of(PreparedRun run, RunRecord record, HistoryStore? history)
    {
        var (others, failed) = (MostLogBytes, MostFailedLogBytes);
        var details = new ReportedDetails?[record.Scripts.Count];
        for (var number = 0; number < details.Length; number++)
        {
            var script = record.Scripts[number];
            if (script.StartTime is null)
            {
                continue;
            }

            var declared = run.Graph[number];
            ref var left = ref script.Outcome.IsFailure() ? ref failed : ref others;
            var log = left > 0 ? LogOf(run.Place, script) : null;
            left -= log?.Text.Length ?? 0;
            details[number] = new ReportedDetails
            {
                Environment = [.. declared.EnvironmentVariables.Select(NameOf).Concat(declared.SecretVariables).Distinct(StringComparer.Ordinal).Select(run.Secrets.Mask)],
                Inputs = FilesOf(run, declared.Inputs),
                Outputs = FilesOf(run, declared.Outputs),
                Log = log,
                Earlier = EarlierOf(history, script.Name, record.RunId),
            };
        }

        return new ReportedRun(record, run.Secrets.Mask(Path.GetFileName(run.Place.Project)), details);
    }

    private static LogEnd? LogOf(RunPlace place, ScriptRecord script) => script.LogFile is not { } log ? null
        : script.Outcome.IsFailure() ? LogEnd.Of(Path.Combine(place.StateDirectory, log), LogEnd.LinesOfFailed, LogEnd.BytesOfFailed)
        : LogEnd.Of(Path.Combine(place.StateDirectory, log), LogEnd.LinesOfOthers, LogEnd.BytesOfOthers);

    private static string NameOf(string variable) => variable.Split('=', 2)[0].Trim();

    private static ReportedFile[] FilesOf(PreparedRun run, IReadOnlyList<string> declared)
    {
        var files = new ReportedFile[Math.Min(declared.Count, MostFiles)];
        for (var i = 0; i < files.Length; i++)
        {
            files[i] = new ReportedFile(run.Secrets.Mask(declared[i]), SizeOf(Path.Combine(run.Place.ProjectDirectory, declared[i])));
        }

        return files;
    }

    private static long? SizeOf(string file)
    {
        try
        {
            return new FileInfo(file) is { Exists: true } found ? found.Length : null;
        }
        catch (Exception nowhere) when (nowhere is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static IReadOnlyList<EarlierRun> EarlierOf(HistoryStore? history, string script, string run)
    {
        try
        {
            return history?.EarlierRuns(script, run, MostEarlier) ?? [];
        }
        catch (SqliteException)
        {
            // Whoever records the run says what is wrong with the history.
            return [];
        }
    }
}
