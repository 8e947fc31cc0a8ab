namespace ParallelScripts;

/// <summary>
/// When there is something to say: of the first scripts at once, then once a second at most, however many end; and now and then while none does.
/// </summary>
internal sealed class ProgressPace(TimeProvider clock)
{
    /// <summary>So many lines come without waiting; after that a place gets free each <see cref="Second"/>. A run of a few scripts is told of whole.</summary>
    public const int AtOnce = 20;

    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>So long nothing may end before that is said; each time twice as long, until <see cref="MostPatience"/>.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Some services end a job that is silent for ten minutes.</summary>
    public static readonly TimeSpan MostPatience = TimeSpan.FromMinutes(5);

    private double _level;
    private long _leveled = clock.GetTimestamp();
    private long _lastNews = clock.GetTimestamp();
    private TimeSpan _patience = Patience;

    /// <summary>A script has ended, an attempt has, or the first has started.</summary>
    public void Happened()
    {
        _lastNews = clock.GetTimestamp();
        _patience = Patience;
    }

    /// <summary>Whether a line may be shown now; then it is counted.</summary>
    public bool MayTell()
    {
        var now = clock.GetTimestamp();
        _level = Math.Max(0, _level - (clock.GetElapsedTime(_leveled, now) / Second));
        _leveled = now;
        if (_level > AtOnce - 1)
        {
            return false;
        }

        _level++;
        return true;
    }

    /// <summary>Whether to say that nothing has ended for a while; then that is said.</summary>
    public bool IsSilentForLong()
    {
        var now = clock.GetTimestamp();
        if (clock.GetElapsedTime(_lastNews, now) < _patience)
        {
            return false;
        }

        _lastNews = now;
        _patience = _patience * 2 < MostPatience ? _patience * 2 : MostPatience;
        return true;
    }
}
