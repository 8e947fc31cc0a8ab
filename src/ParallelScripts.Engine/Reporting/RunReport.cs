namespace ParallelScripts;

/// <summary>
/// The report of a run that has just ended, with what belongs to it, put where people look for it and into the history. A run whose report cannot be written
/// has run all the same.
/// </summary>
/// <param name="step">The file that summaries of a job's step are appended to; null if there is none.</param>
internal sealed class RunReport(PreparedRun run, RunState state, string? step, MaskedListener listener)
{
    private readonly string _folder = run.Place.StateDirectory;

    /// <summary>Beside all else that is done when a run ends; nothing, where there is nothing to tell.</summary>
    public Task WriteAsync(RunRecord record)
    {
        var isWorthIt = ReportedRun.IsWorthIt(record);
        return isWorthIt || step is not null ? Task.Run(() => Write(record, isWorthIt), CancellationToken.None) : Task.CompletedTask;
    }

    private void Write(RunRecord record, bool isWorthIt)
    {
        var data = Reports.DataOf(run, record, state.History);
        var kept = KeptReport.Read(data);
        if (isWorthIt)
        {
            WriteFiles(data, kept);
            state.Record(run, listener, () => state.History?.AddReport(record.RunId, Reports.Pack(data)));
        }

        if (step is not null)
        {
            AppendTo(Path.Combine(run.Place.ProjectDirectory, step), kept);
        }
    }

    private void WriteFiles(byte[] data, KeptReport kept)
    {
        Problem? wrong = null;
        try
        {
            Reports.Write(data, _folder);
            listener.Written(Reports.FileOf(_folder));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            wrong = Problems.ReportNotWritten(run.Place, refused.Message);
        }

        // One of these is enough: what writes one file again writes all.
        var wrongBeside = ReportFiles.Write(kept, run.Place, listener.Written);
        if ((wrong ?? wrongBeside) is { } problem)
        {
            listener.Warned(problem);
        }
    }

    private void AppendTo(string file, KeptReport kept)
    {
        try
        {
            StepSummary.Append(file, RunSummary.Of(kept), RunSummary.Head(kept));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            listener.Warned(Problems.StepSummaryNotWritten(run.Place, file, refused.Message));
        }
    }
}
