using System.Diagnostics;

namespace ParallelScripts;

/// <summary>
/// The report of a run that goes on: what has been recorded so far, written anew every few seconds while there is news, and now and then when there
/// is none, so that the page can tell a long script from a run that was killed. A run that is over before that, or in which nothing has to run, pays nothing.
/// </summary>
/// <param name="recorder">Has heard of everything before this.</param>
/// <param name="resources">Know what scripts usually take.</param>
internal sealed class LiveReport(PreparedRun run, RunRecorder recorder, Resources resources) : IRunListener
{
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(2);

    /// <summary>After 45 seconds without one the page takes the run for dead: see live.js.</summary>
    private static readonly TimeSpan _longestRest = TimeSpan.FromSeconds(10);

    // Written by the loop, and read beside it: each element is written at once, and one that is a moment old does no harm.
    private readonly long[] _startTicks = new long[run.Graph.Count];
    private readonly int[] _slots = new int[run.Graph.Count];
    private readonly bool[] _over = new bool[run.Graph.Count];
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begun;
    private volatile bool _hasNews;
    private volatile Task _writing = Task.CompletedTask;

    public void Started(int script, int slot)
    {
        _slots[script] = slot;
        Volatile.Write(ref _startTicks[script], DateTimeOffset.UtcNow.Ticks);
        _hasNews = true;
    }

    public void Runs(int script, string reason)
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
        {
            _writing = Task.Run(WriteAgainAndAgain);
        }
    }

    public void Output(int script, string line)
    {
    }

    public void OutputTogether(int script, IReadOnlyList<string> lines)
    {
    }

    public void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait)
    {
        Volatile.Write(ref _startTicks[script], 0);
        _hasNews = true;
    }

    public void Ended(int script, ScriptEnd end, int left)
    {
        Volatile.Write(ref _over[script], true);
        _hasNews = true;
    }

    public void Skipped(SkippedScript skipped)
    {
        Volatile.Write(ref _over[skipped.Script], true);
        _hasNews = true;
    }

    public void Noted(string line)
    {
    }

    public void Warned(Problem problem)
    {
    }

    /// <summary>Waits for what is being written: the report of the whole run comes after it.</summary>
    public void Finish()
    {
        _end.TrySetResult();
        _writing.GetAwaiter().GetResult();
    }

    private async Task WriteAgainAndAgain()
    {
        var rest = _rest;
        for (var quiet = TimeSpan.Zero; await Passes(rest).ConfigureAwait(false); quiet += rest)
        {
            if (!_hasNews && quiet < _longestRest)
            {
                continue;
            }

            _hasNews = false;
            quiet = TimeSpan.Zero;
            var begin = Stopwatch.GetTimestamp();
            try
            {
                Reports.Write(ReportData.Of(SoFar()), run.Place.StateDirectory, written: DateTimeOffset.UtcNow);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // Whoever writes the report of the whole run will say so.
            }

            // The cores are for the scripts: this has a fiftieth of one at most.
            var cost = Stopwatch.GetElapsedTime(begin);
            rest = cost * 50 > _rest ? cost * 50 : _rest;
        }
    }

    /// <summary>False when the run has ended meanwhile.</summary>
    private async Task<bool> Passes(TimeSpan time)
    {
        await _end.Task.WaitAsync(time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_end.Task.IsCompleted;
    }

    private ReportedRun SoFar()
    {
        var now = DateTimeOffset.UtcNow;
        var states = new string?[run.Graph.Count];
        for (var number = 0; number < states.Length; number++)
        {
            // Before the record is made: what ends between the two is shown as running for once, and never as skipped.
            states[number] = Volatile.Read(ref _over[number]) ? null : Volatile.Read(ref _startTicks[number]) == 0 ? "Waiting" : "Running";
        }

        var record = recorder.RecordSoFar(canceled: false);
        var scripts = record.Scripts.ToArray();
        for (var number = 0; number < states.Length; number++)
        {
            if (states[number] == "Running" && Volatile.Read(ref _startTicks[number]) is > 0 and var ticks)
            {
                var start = new DateTimeOffset(ticks, TimeSpan.Zero);
                scripts[number] = scripts[number] with { Outcome = Outcome.Succeeded, StartTime = start, Seconds = Math.Max(0, Math.Round((now - start).TotalSeconds, 3)), Slot = _slots[number] };
            }
        }

        return new ReportedRun(record with { Scripts = scripts }, run.Secrets.Mask(Path.GetFileName(run.Place.Project)), new ReportedDetails?[states.Length]) { States = states, Usual = resources.Known };
    }
}
