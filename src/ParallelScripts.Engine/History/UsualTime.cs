namespace ParallelScripts;

/// <summary>The limit on a script's time where that is declared as a share of what it usually takes.</summary>
internal static class UsualTime
{
    /// <summary>How many runs it is the median of, at most: what a script took a year ago says little of today.</summary>
    public const int MostRuns = 20;

    /// <summary>How many it takes to speak of a usual time at all.</summary>
    public const int FewestRuns = 3;

    /// <summary>No limit is closer: what takes a moment takes a few moments when the machine is busy.</summary>
    public static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(1);

    /// <summary>The given share of what a script usually takes; null while that is not known.</summary>
    /// <param name="seconds">What its last successes took, in any order.</param>
    /// <param name="percent">The share.</param>
    public static TimeSpan? Limit(IReadOnlyCollection<double> seconds, double percent)
    {
        if (seconds.Count < FewestRuns)
        {
            return null;
        }

        return TimeSpan.FromSeconds(Math.Max(Usual.Median([.. seconds]) * percent / 100, ShortestLimit.TotalSeconds));
    }
}
