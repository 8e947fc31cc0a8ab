namespace ParallelScripts;

/// <summary>
/// Hears a run and tells how it gets on: <see cref="ProgressNews"/> for whoever shows them, and <see cref="ProgressFile"/>. From the first script that
/// starts until <see cref="Finish"/> it looks twice a second; a run in which nothing has to run pays nothing.
/// </summary>
/// <param name="resources">What earlier runs have shown.</param>
/// <param name="told">Hears the news, in order; also from a thread of this.</param>
internal sealed class LiveProgress(PreparedRun run, RunStart start, Resources resources, IRunListener told, TimeProvider clock) : IRunListener, IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private readonly Lock _oneLook = new();
    private readonly ProgressCount _count = new(run, start, clock);
    private ProgressPace? _pace;
    private ITimer? _timer;
    private bool _isFileWritable = true;
    private string _shown = "";

    /// <summary>Scripts that have succeeded and were not told of; the last of them is.</summary>
    private int _untold;
    private int _lastUntold;
    private ScriptEnd? _lastEnd;

    /// <summary>Whether anything has started.</summary>
    private bool HasBegun => _pace is not null;

    public void Started(int script, int slot)
    {
        lock (_lock)
        {
            var isFirst = !HasBegun;
            if (isFirst)
            {
                _pace = new ProgressPace(clock);
                _count.Expect(resources.Known);
            }

            _count.Start(script, slot);
            if (isFirst)
            {
                TellChange();
                _timer = clock.CreateTimer(_ => Look(), null, Interval, Interval);
            }
        }
    }

    public void Runs(int script, string reason)
    {
    }

    public void Output(int script, string line)
    {
    }

    public void OutputTogether(int script, IReadOnlyList<string> lines)
    {
    }

    public void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait)
    {
        lock (_lock)
        {
            _count.Rest(script);
            _pace!.Happened();
        }
    }

    public void Ended(int script, ScriptEnd end, int left)
    {
        if (!HasBegun)
        {
            // Nobody looks yet.
            _count.End(script, end.Outcome);
            return;
        }

        lock (_lock)
        {
            _count.End(script, end.Outcome);
            _pace!.Happened();
            switch (end.Outcome)
            {
                case Outcome.UpToDate:
                    break;

                case Outcome.Succeeded:
                    _untold++;
                    (_lastUntold, _lastEnd) = (script, end);
                    TellEndsIfMay();
                    break;

                default:
                    // In the order in which it happened.
                    TellEnds();
                    _pace.MayTell();
                    var now = _count.Look();
                    Tell(new ProgressNews(end.Outcome.IsFailure() ? ProgressKind.Failed : ProgressKind.Ended, LineOf(now, script, end), now, end.Problem));
                    break;
            }
        }
    }

    public void Skipped(SkippedScript skipped)
    {
        lock (_lock)
        {
            _count.End(skipped.Script, Outcome.Skipped);
        }
    }

    public void Noted(string line)
    {
    }

    public void Warned(Problem problem)
    {
    }

    /// <summary>Everything has ended. Says what has not been said; after this nothing is.</summary>
    public void Finish()
    {
        _timer?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        lock (_lock)
        {
            TellEnds();
        }
    }

    /// <summary>Marks the file of this run as finished; a run in which nothing had to run has none.</summary>
    public void WriteEnd(Outcome outcome)
    {
        if (HasBegun)
        {
            WriteFile(_count.Look(), outcome);
        }
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>What is to be done now and then, on a thread of its own.</summary>
    private void Look()
    {
        // The last look may be slow, where the disk or the log is. Then this one has nothing to add.
        if (!_oneLook.TryEnter())
        {
            return;
        }

        try
        {
            RunProgress now;
            lock (_lock)
            {
                TellEndsIfMay();
                if (_pace!.IsSilentForLong())
                {
                    now = _count.Look();
                    Tell(new ProgressNews(ProgressKind.StillRunning, ProgressText.StillRunning(now), now));
                }

                now = TellChange();
            }

            WriteFile(now, outcome: null);
        }
        finally
        {
            _oneLook.Exit();
        }
    }

    private void TellEndsIfMay()
    {
        if (_untold > 0 && _pace!.MayTell())
        {
            TellEnds();
        }
    }

    private void TellEnds()
    {
        if (_untold == 0)
        {
            return;
        }

        var now = _count.Look();
        var line = _untold == 1 ? LineOf(now, _lastUntold, _lastEnd!) : ProgressText.Succeeded(now, _untold, _count.NameOf(_lastUntold), _lastEnd!);
        _untold = 0;
        Tell(new ProgressNews(ProgressKind.Ended, line, now));
    }

    private string LineOf(RunProgress now, int script, ScriptEnd end) => ProgressText.Ended(now, _count.NameOf(script), end, run.FailureRules[script].Retries + 1);

    private RunProgress TellChange()
    {
        var now = _count.Look();
        var news = new ProgressNews(ProgressKind.Changed, ProgressText.Running(now), now);
        if (Shown(news) != _shown)
        {
            Tell(news);
        }

        return now;
    }

    private void Tell(ProgressNews news)
    {
        // A failure is printed, and the line that changes stays as it was: so the next look has something to change.
        _shown = news.Kind == ProgressKind.Failed ? "" : Shown(news);
        told.Progressed(news);
    }

    private static string Shown(ProgressNews news) => $"{news.Counts} {news.InBrief(int.MaxValue)}";

    private void WriteFile(RunProgress now, Outcome? outcome)
    {
        if (!_isFileWritable)
        {
            return;
        }

        try
        {
            ProgressFile.Write(now, run, start, outcome);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            _isFileWritable = false;
            told.Warned(Problems.ProgressNotWritten(run.Place, refused.Message));
        }
    }
}
