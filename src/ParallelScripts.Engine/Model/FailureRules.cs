namespace ParallelScripts;

/// <summary>What is done about a script that fails or takes too long.</summary>
public sealed record FailureRules
{
    /// <summary>Those of a script that says nothing.</summary>
    public static readonly FailureRules Default = new();

    /// <summary>How long one attempt may take; null for any time.</summary>
    public TimeLimit? Timeout { get; init; }

    /// <summary>How often it is tried again.</summary>
    public int Retries { get; init; }

    /// <summary>The wait before it is tried again, the first time; it doubles with each (see <see cref="Backoff"/>).</summary>
    public TimeSpan RetryDelay { get; init; } = Backoff.DefaultDelay;

    public ContinueOnError ContinueOnError { get; init; }

    /// <summary>Whether what depends on a script that ended so may start.</summary>
    public bool LetDependentsStart(Outcome outcome) =>
        outcome is Outcome.Succeeded or Outcome.UpToDate or Outcome.HandedOver || (outcome.IsFailure() && ContinueOnError != ContinueOnError.ErrorAndStop);

    /// <summary>Whether a script that ended so stops the run, as far as <see cref="OnFailure"/> says that a failure does.</summary>
    public bool Stops(Outcome outcome) => outcome.IsFailure() && ContinueOnError == ContinueOnError.ErrorAndStop;

    /// <summary>Whether a run with a script that ended so has failed.</summary>
    public bool FailsTheRun(Outcome outcome) => outcome.IsFailure() && ContinueOnError != ContinueOnError.WarnAndContinue;
}

/// <summary>What a script's failure means for the rest, in MSBuild's own words.</summary>
public enum ContinueOnError
{
    /// <summary>It is an error: what depends on the script is skipped, and <see cref="OnFailure"/> says what becomes of the rest.</summary>
    ErrorAndStop,

    /// <summary>It is a warning: everything goes on, what depends on the script too, and the run can succeed.</summary>
    WarnAndContinue,

    /// <summary>It is an error and the run has failed, but everything goes on, what depends on the script too.</summary>
    ErrorAndContinue,
}

/// <summary>How long a script may take: a time, or a share of what it usually takes.</summary>
/// <param name="Time">The time, or null.</param>
/// <param name="Percent">The share, in percent of the median of its recorded durations; or null.</param>
public sealed record TimeLimit(TimeSpan? Time, double? Percent);
