using System.Diagnostics;

namespace ParallelScripts;

/// <summary>
/// The report of a run that goes on: what has been recorded so far, written anew when something happens, and every few seconds at most. The
/// page loads itself again. A run that is over within that time, or in which nothing has to run, pays nothing.
/// </summary>
/// <param name="recorder">Has heard of everything before this.</param>
internal sealed class LiveReport(PreparedRun run, RunRecorder recorder) : IRunListener
{
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(2);

    private readonly DateTimeOffset?[] _started = new DateTimeOffset?[run.Graph.Count];
    private readonly int[] _slots = new int[run.Graph.Count];
    private readonly bool[] _over = new bool[run.Graph.Count];
    private long _next = Stopwatch.GetTimestamp() + (long)(_rest.TotalSeconds * Stopwatch.Frequency);
    private volatile bool _somethingRuns;
    private Task _writing = Task.CompletedTask;

    public void Started(int script, int slot)
    {
        _started[script] = DateTimeOffset.UtcNow;
        _slots[script] = slot;
        WriteIfDue();
    }

    public void Runs(int script, string reason) => _somethingRuns = true;

    public void Output(int script, string line)
    {
    }

    public void OutputTogether(int script, IReadOnlyList<string> lines)
    {
    }

    public void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait)
    {
        _started[script] = null;
        WriteIfDue();
    }

    public void Ended(int script, ScriptEnd end, int left)
    {
        _over[script] = true;
        WriteIfDue();
    }

    public void Skipped(SkippedScript skipped) => _over[skipped.Script] = true;

    public void Noted(string line)
    {
    }

    public void Warned(Problem problem)
    {
    }

    /// <summary>Waits for what is being written: the report of the whole run comes after it.</summary>
    public void Finish() => _writing.GetAwaiter().GetResult();

    /// <summary>On the loop's own thread, so that nothing changes meanwhile; the writing itself is elsewhere.</summary>
    private void WriteIfDue()
    {
        var now = Stopwatch.GetTimestamp();
        if (now < _next || !_somethingRuns || !_writing.IsCompleted)
        {
            return;
        }

        var sofar = SoFar();

        // The loop is for running scripts: it is kept from that for a fiftieth of its time at most.
        _next = now + Math.Max((long)(_rest.TotalSeconds * Stopwatch.Frequency), 50 * (Stopwatch.GetTimestamp() - now));
        _writing = Task.Run(() =>
        {
            try
            {
                Reports.Write(ReportData.Of(sofar), run.Place.StateDirectory, goesOn: true);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // Whoever writes the report of the whole run will say so.
            }
        });
    }

    private ReportedRun SoFar()
    {
        var record = recorder.Finish(canceled: false);
        var now = DateTimeOffset.UtcNow;
        var states = new string?[record.Scripts.Count];
        var scripts = new ScriptRecord[states.Length];
        for (var number = 0; number < states.Length; number++)
        {
            scripts[number] = record.Scripts[number];
            if (_over[number])
            {
                continue;
            }

            states[number] = _started[number] is null ? "Waiting" : "Running";
            if (_started[number] is { } started)
            {
                scripts[number] = scripts[number] with { StartTime = started, Seconds = Math.Max(0, Math.Round((now - started).TotalSeconds, 3)), Slot = _slots[number] };
            }
        }

        return new ReportedRun(record with { Scripts = scripts }, run.Secrets.Mask(Path.GetFileName(run.Place.Project)), new ReportedDetails?[states.Length]) { States = states };
    }
}
