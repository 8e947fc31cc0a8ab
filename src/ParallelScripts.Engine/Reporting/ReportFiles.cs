using System.Text;

namespace ParallelScripts;

/// <summary>The files that tell of a run beside its page: <c>trace.json</c> and <c>summary.md</c>.</summary>
internal static class ReportFiles
{
    /// <summary>Writes each, whatever becomes of the other. Gives what is wrong first, as a warning: it is mostly wrong with all.</summary>
    /// <param name="written">Hears of each file that is there.</param>
    public static Problem? Write(KeptReport run, RunPlace place, Action<string> written)
    {
        Problem? first = null;
        Write(RunTrace.FileName, stream => RunTrace.Write(run, stream));
        Write(RunSummary.FileName, stream => stream.Write(Encoding.UTF8.GetBytes(RunSummary.Of(run))));
        return first;

        void Write(string name, Action<Stream> write)
        {
            var file = Path.Combine(place.StateDirectory, name);
            try
            {
                WholeFile.Write(file, write);
                written(file);
            }
            catch (Exception why) when (why is IOException or UnauthorizedAccessException)
            {
                first ??= Problems.BesideReportNotWritten(place, file, why.Message);
            }
        }
    }
}
