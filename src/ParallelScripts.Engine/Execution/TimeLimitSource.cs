namespace ParallelScripts;

/// <summary>Ends a script when the run is stopped or its time is over, and knows which it was. By a clock that nobody sets.</summary>
internal sealed class TimeLimitSource : IDisposable
{
    private readonly CancellationTokenSource? _time;
    private readonly CancellationTokenSource? _either;

    private TimeLimitSource(CancellationToken stop) => Token = stop;

    private TimeLimitSource(TimeSpan limit, CancellationToken stop)
    {
        _time = new CancellationTokenSource(limit);
        _either = CancellationTokenSource.CreateLinkedTokenSource(stop, _time.Token);
        Token = _either.Token;
    }

    /// <summary>Cancelled when the script has to end.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the time is over.</summary>
    public bool IsOver => _time?.IsCancellationRequested == true;

    /// <param name="limit">How long, from now; null for any time.</param>
    public static TimeLimitSource Start(TimeSpan? limit, CancellationToken stop) => limit is { } time ? new(time, stop) : new(stop);

    public void Dispose()
    {
        _either?.Dispose();
        _time?.Dispose();
    }
}
