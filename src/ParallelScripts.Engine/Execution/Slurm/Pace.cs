using System.Diagnostics;

namespace ParallelScripts;

/// <summary>
/// How often to look and to ask. Often while something happens, seldom while nothing does: what is noticed late by a hundredth of the time that
/// it took is noticed early enough.
/// </summary>
internal sealed class Pace
{
    private static readonly TimeSpan _shortestTick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _longestTick = TimeSpan.FromSeconds(1);

    /// <summary>A controller that serves thousands of people answers once a second gladly, and not more often.</summary>
    private static readonly TimeSpan _shortestPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestPoll = TimeSpan.FromSeconds(30);

    private long _happened = Stopwatch.GetTimestamp();
    private long _asked = Stopwatch.GetTimestamp();
    private TimeSpan _poll = _shortestPoll;

    /// <summary>Until the next look at the results folder.</summary>
    public TimeSpan Tick => Clamp(Stopwatch.GetElapsedTime(_happened) / 100, _shortestTick, _longestTick);

    /// <summary>Whether the queue is to be asked now.</summary>
    public bool IsTimeToAsk => Stopwatch.GetElapsedTime(_asked) >= _poll;

    /// <summary>Something happened, or is about to.</summary>
    public void Hurry()
    {
        _happened = Stopwatch.GetTimestamp();
        _poll = _shortestPoll;
    }

    /// <summary>The queue has answered.</summary>
    /// <param name="changed">Whether anything was otherwise than before.</param>
    public void Asked(bool changed)
    {
        _asked = Stopwatch.GetTimestamp();
        _poll = changed ? _shortestPoll : Clamp(_poll * 1.5, _shortestPoll, _longestPoll);
    }

    /// <summary>The queue did not answer.</summary>
    public void AskedInVain()
    {
        _asked = Stopwatch.GetTimestamp();
        _poll = Clamp(_poll * 2, _shortestPoll, _longestPoll);
    }

    private static TimeSpan Clamp(TimeSpan time, TimeSpan least, TimeSpan most) => time < least ? least : time > most ? most : time;
}
