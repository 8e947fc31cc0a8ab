namespace ParallelScripts;

/// <summary>How far a run is, at one moment. Its names show no secret, and nothing in them moves a cursor.</summary>
public sealed record RunProgress
{
    /// <summary>When that is.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Since the run began.</summary>
    public required double Seconds { get; init; }

    /// <summary>How many scripts there are.</summary>
    public required int Total { get; init; }

    /// <summary>How many are over.</summary>
    public required int Done { get; init; }

    /// <summary>The same, by the number of their <see cref="Outcome"/>.</summary>
    public required IReadOnlyList<int> Ended { get; init; }

    /// <summary>What runs, the longest-running first.</summary>
    public required IReadOnlyList<RunningScript> Running { get; init; }

    /// <summary>What has failed and waits to be tried again.</summary>
    public required IReadOnlyList<string> Resting { get; init; }

    /// <summary>How long it still takes, by what earlier runs took; null if they do not tell.</summary>
    public required double? SecondsLeft { get; init; }

    /// <summary>How many have failed.</summary>
    public int Failed => With(Outcome.Failed) + With(Outcome.TimedOut);

    /// <summary>How many have ended so.</summary>
    public int With(Outcome outcome) => Ended[(int)outcome];
}

/// <summary>A script that runs.</summary>
/// <param name="Seconds">How long this attempt has been running.</param>
/// <param name="UsualSeconds">What it usually takes, or null if that is not known.</param>
/// <param name="Attempt">Counts from 1.</param>
public sealed record RunningScript(string Name, int Slot, double Seconds, double? UsualSeconds, int Attempt);
