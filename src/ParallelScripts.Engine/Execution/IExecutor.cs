namespace ParallelScripts;

/// <summary>Somewhere scripts can run.</summary>
public interface IExecutor
{
    /// <summary>
    /// Ends a script that need not run, if that can be told at once; null if it has to run, or more has to be read to know. Called
    /// by the loop that owns the plan, which waits.
    /// </summary>
    ScriptEnd? TryEndAtOnce(int script) => null;

    /// <summary>
    /// Runs a script and completes when it has ended, however it ended. When <paramref name="stop"/> is cancelled it ends the
    /// script, and still completes only when nothing of it is left.
    /// </summary>
    /// <param name="attempt">Which attempt this is, counted from 1.</param>
    Task<ScriptEnd> RunAsync(int script, int attempt, CancellationToken stop);

    /// <summary>How an attempt at a script ended is on record: whatever was kept for the case that this run is killed may go.</summary>
    void Recorded(int script)
    {
    }
}
