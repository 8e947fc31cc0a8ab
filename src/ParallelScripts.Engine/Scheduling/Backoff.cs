namespace ParallelScripts;

/// <summary>
/// How long to wait before a script is tried again: twice as long each time, and never quite so long as anybody else who failed at
/// the same moment, so that they do not all come back to a busy server together.
/// </summary>
internal static class Backoff
{
    public static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(1);

    /// <summary>Doubling goes no further; a longer first delay stays as it is.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>What a timer of .NET can wait for, in whole days.</summary>
    private static readonly TimeSpan _longestTimer = TimeSpan.FromDays(49);

    /// <summary>The wait after an attempt, or null if it is not tried again.</summary>
    /// <param name="attempt">The attempt that has ended, counted from 1.</param>
    /// <param name="end">How it ended. What did not start will not start the next time either.</param>
    /// <param name="chance">From 0 up to 1: where in the quarter below and above the wait is.</param>
    public static TimeSpan? WaitAfter(int attempt, ScriptEnd end, FailureRules rules, double chance)
    {
        if (!end.Outcome.IsFailure() || end.StartTime is null || end.IsNotStarted || attempt > rules.Retries)
        {
            return null;
        }

        var doubled = rules.RetryDelay.TotalSeconds * Math.Pow(2, attempt - 1);
        var seconds = Math.Min(doubled, Math.Max(LongestDelay.TotalSeconds, rules.RetryDelay.TotalSeconds));
        return TimeSpan.FromSeconds(Math.Min(seconds * (0.75 + (chance / 2)), _longestTimer.TotalSeconds));
    }
}
