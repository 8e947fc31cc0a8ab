namespace ParallelScripts;

/// <summary>How a script ended. Every script of a run ends in exactly one of these.</summary>
public enum Outcome
{
    /// <summary>Ran and exited with code 0.</summary>
    Succeeded,

    /// <summary>Did not need to run: what it wrote last is what it would write now.</summary>
    UpToDate,

    /// <summary>Ran and did not exit with code 0, or could not be started.</summary>
    Failed,

    /// <summary>Was ended because it ran longer than it may.</summary>
    TimedOut,

    /// <summary>Was ended while it ran, because the run was cancelled or another script's failure stops everything.</summary>
    Canceled,

    /// <summary>Was never started: something it depends on did not succeed, or the run had stopped by then.</summary>
    Skipped,

    /// <summary>A cluster has it, which starts it when what it depends on has succeeded; nobody waits for that, and a later run collects what became of it.</summary>
    HandedOver,
}

public static class Outcomes
{
    /// <summary>Whether a script that ended so has failed by itself. What is canceled or skipped is so because of something else.</summary>
    public static bool IsFailure(this Outcome outcome) => outcome is Outcome.Failed or Outcome.TimedOut;
}
