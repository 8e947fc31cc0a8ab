namespace ParallelScripts.Tests;

/// <summary>A clock that stands still until a test moves it; its timers ring on the thread that does.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly List<HandTimer> _timers = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers there are that may still ring.</summary>
    public int Timers => _timers.Count;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state), period) { Due = _now + dueTime };
        _timers.Add(timer);
        return timer;
    }

    public void Pass(TimeSpan time)
    {
        var end = _now + time;
        while (_timers.MinBy(timer => timer.Due) is { } next && next.Due <= end)
        {
            _now = next.Due;
            next.Ring();
        }

        _now = end;
    }

    private sealed class HandTimer(HandClock clock, Action ring, TimeSpan period) : ITimer
    {
        public TimeSpan Due { get; set; }

        public void Ring()
        {
            Due += period;
            ring();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
