namespace ParallelScripts;

/// <summary>That a run has got further, or that it has not.</summary>
/// <param name="Line">The same as a line for a log.</param>
/// <param name="Now">How far it is.</param>
/// <param name="Problem">What is wrong, if a script has failed.</param>
public sealed record ProgressNews(ProgressKind Kind, string Line, RunProgress Now, Problem? Problem = null)
{
    /// <summary>How many scripts are over, as <c>37/120, 1 failed</c>.</summary>
    public string Counts => ProgressText.Counts(Now);

    /// <summary>How long it still takes and what runs, in so many characters: <c>2 m left: fit.py, load.py, +4</c>.</summary>
    public string InBrief(int width) => ProgressText.InBrief(Now, width);
}

/// <summary>What a piece of news about the progress of a run is.</summary>
public enum ProgressKind
{
    /// <summary>One or more scripts have succeeded, or one was ended.</summary>
    Ended,

    /// <summary>A script has failed.</summary>
    Failed,

    /// <summary>Nothing has ended for a while.</summary>
    StillRunning,

    /// <summary>Other scripts run, or the estimate is another one. Only for what shows the present and keeps nothing.</summary>
    Changed,
}
