using System.IO.Compression;
using Microsoft.Data.Sqlite;

namespace ParallelScripts;

/// <summary><c>report.html</c>, and the files beside it: written after each run that did something, and again, byte for byte, whenever somebody asks.</summary>
public static class Reports
{
    public const string FileName = "report.html";

    /// <summary>The report of a run that has just ended, as data. They are what the history keeps of it.</summary>
    internal static byte[] DataOf(PreparedRun run, RunRecord record, HistoryStore? history) => ReportData.Of(ReportDetails.Of(run, record, history));

    /// <summary>Puts the page into the state directory in one step.</summary>
    internal static void Write(byte[] data, string stateDirectory, bool goesOn = false) =>
        WholeFile.Write(FileOf(stateDirectory), stream => ReportPage.Write(data, stream, goesOn));

    public static string FileOf(string stateDirectory) => Path.Combine(stateDirectory, FileName);

    /// <summary>
    /// Where the report of this run is, as an address: terminals make one of it that can be clicked, also if there are spaces in the path, and browsers
    /// take it. Null if it has none.
    /// </summary>
    public static string? AddressOf(RunRecord run, string stateDirectory) => ReportedRun.IsWorthIt(run) ? new Uri(FileOf(stateDirectory)).AbsoluteUri : null;

    /// <summary>Writes the report of an earlier run again.</summary>
    /// <param name="run">The id of the run; empty means the last one that did something.</param>
    /// <returns>What is wrong, or null when the report has been written.</returns>
    public static Problem? WriteAgain(RunPlace place, Setting run)
    {
        try
        {
            using var history = HistoryStore.OpenToRead(place.StateDirectory);
            var id = run.Value.Trim();
            if (history?.FindReport(id) is { } kept)
            {
                var data = Unpack(kept);
                Write(data, place.StateDirectory);
                return ReportFiles.Write(KeptReport.Read(data), place, written: _ => { }) is { } problem ? problem with { IsWarning = false } : null;
            }

            return id == "" ? Problems.NothingToReport(place) : Problems.NoSuchRun(run, history?.LastReports(Most) ?? []);
        }
        catch (Exception unusable) when (unusable is HistoryUnusableException or SqliteException or InvalidDataException)
        {
            return Problems.NothingToReport(place, unusable.Message.TrimEnd('.'));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return Problems.ReportNotWritten(place, refused.Message) with { IsWarning = false };
        }
    }

    /// <summary>So many runs are named to somebody who asked for one that is not there.</summary>
    private const int Most = 3;

    internal static byte[] Pack(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest))
        {
            deflate.Write(data);
        }

        return packed.ToArray();
    }

    internal static byte[] Unpack(byte[] packed)
    {
        using var deflate = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var data = new MemoryStream();
        deflate.CopyTo(data);
        return data.ToArray();
    }
}
