namespace ParallelScripts;

/// <summary>Somewhere scripts can run.</summary>
public interface IExecutor
{
    /// <summary>
    /// Runs a script and completes when it has ended, however it ended. When <paramref name="stop"/> is cancelled it ends the
    /// script, and still completes only when nothing of it is left.
    /// </summary>
    Task<ScriptEnd> RunAsync(int script, CancellationToken stop);
}
