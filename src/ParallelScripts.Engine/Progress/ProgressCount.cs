namespace ParallelScripts;

/// <summary>
/// Keeps count of a run: what is over, what runs and since when. Whoever calls it sees to it that nobody else does meanwhile. It costs next to nothing
/// as long as nobody asks how far the run is.
/// </summary>
internal sealed class ProgressCount(PreparedRun run, RunStart start, TimeProvider clock)
{
    /// <summary>By so much less time is spent on estimates than passes between two of them.</summary>
    private const int EstimateShare = 50;

    private readonly bool[] _over = new bool[run.Graph.Count];
    private readonly int[] _ended = new int[(int)Outcome.HandedOver + 1];
    private int _done;
    private readonly Dictionary<int, Running> _running = [];

    /// <summary>For each script that has failed before, how often; those of them that rest are in neither of the other two.</summary>
    private readonly Dictionary<int, int> _failedAttempts = [];

    private IReadOnlyList<Usual?> _usual = [];
    private double[] _expected = [];

    /// <summary>How many are not over and have never been timed.</summary>
    private int _unknownLeft;
    private double? _estimate;
    private long _estimatedAt;
    private long _estimateCost = -1;

    /// <summary>What is known of earlier runs; nothing if nobody says so.</summary>
    public void Expect(IReadOnlyList<Usual?> usual)
    {
        _usual = usual;
        if (usual.Count > 0)
        {
            _expected = Usual.Weights(usual);
            for (var script = 0; script < usual.Count; script++)
            {
                _unknownLeft += !_over[script] && usual[script] is null ? 1 : 0;
            }
        }
    }

    public void Start(int script, int slot) => _running[script] = new Running(slot, clock.GetTimestamp(), FailedAttemptsOf(script) + 1);

    /// <summary>An attempt has failed, and there will be another.</summary>
    public void Rest(int script)
    {
        _running.Remove(script);
        _failedAttempts[script] = FailedAttemptsOf(script) + 1;
    }

    public void End(int script, Outcome outcome)
    {
        _over[script] = true;
        _done++;
        _ended[(int)outcome]++;
        if (_running.Count > 0)
        {
            _running.Remove(script);
        }

        if (_usual.Count > 0 && _usual[script] is null)
        {
            _unknownLeft--;
        }
    }

    /// <summary>How far it is now.</summary>
    public RunProgress Look()
    {
        var seconds = clock.GetElapsedTime(start.Timestamp).TotalSeconds;
        return new RunProgress
        {
            Time = start.Time.AddSeconds(seconds),
            Seconds = seconds,
            Total = run.Graph.Count,
            Done = _done,
            Ended = [.. _ended],
            Running = LongestRunningFirst(),
            Resting = _failedAttempts.Count == 0 ? [] : [.. _failedAttempts.Keys.Where(script => !_over[script] && !_running.ContainsKey(script)).Select(NameOf).Order(StringComparer.Ordinal)],
            SecondsLeft = SecondsLeft(),
        };
    }

    public string NameOf(int script)
    {
        var name = run.Graph[script].Name;
        foreach (var c in name)
        {
            if (char.IsControl(c))
            {
                name = TerminalText.Clean(name);
                break;
            }
        }

        return run.Secrets.Mask(name);
    }

    private int FailedAttemptsOf(int script) => _failedAttempts.TryGetValue(script, out var attempts) ? attempts : 0;

    private List<RunningScript> LongestRunningFirst()
    {
        var scripts = new List<RunningScript>(_running.Count);
        foreach (var (script, running) in _running)
        {
            scripts.Add(new RunningScript(NameOf(script), running.Slot, clock.GetElapsedTime(running.Since).TotalSeconds, UsualOf(script), running.Attempt));
        }

        scripts.Sort((a, b) => b.Seconds.CompareTo(a.Seconds) is var longer and not 0 ? longer : string.CompareOrdinal(a.Name, b.Name));
        return scripts;
    }

    private double? UsualOf(int script) => _usual.Count > 0 ? _usual[script]?.Seconds : null;

    /// <summary>Null where it would be a guess: if less than half of what is left has ever been timed, or all that runs takes longer than ever.</summary>
    private double? SecondsLeft()
    {
        var left = run.Graph.Count - _done;
        if (_usual.Count == 0 || _unknownLeft * 2 > left)
        {
            return null;
        }

        var now = clock.GetTimestamp();
        if (_estimateCost < 0 || now - _estimatedAt >= EstimateShare * _estimateCost)
        {
            _estimate = Estimate.SecondsLeft(run, SecondsLeftOfEach());
            _estimatedAt = now;
            _estimateCost = clock.GetTimestamp() - now;
        }

        return _estimate - clock.GetElapsedTime(_estimatedAt, now).TotalSeconds is { } seconds and > 0 ? seconds : null;
    }

    private double[] SecondsLeftOfEach()
    {
        var left = new double[_expected.Length];
        for (var script = 0; script < left.Length; script++)
        {
            left[script] = _over[script] ? 0 : _expected[script];
        }

        foreach (var (script, running) in _running)
        {
            left[script] = Estimate.LeftOf(_expected[script], clock.GetElapsedTime(running.Since).TotalSeconds);
        }

        return left;
    }

    /// <param name="Since">A timestamp.</param>
    private sealed record Running(int Slot, long Since, int Attempt);
}
