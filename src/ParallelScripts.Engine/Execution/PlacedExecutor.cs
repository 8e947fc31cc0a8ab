namespace ParallelScripts;

/// <summary>Sends each script where it is to run.</summary>
internal sealed class PlacedExecutor(PreparedRun run, IExecutor here, IExecutor slurm) : IExecutor
{
    public Task<ScriptEnd> RunAsync(int script, int attempt, CancellationToken stop) => Of(script).RunAsync(script, attempt, stop);

    public void Recorded(int script) => Of(script).Recorded(script);

    private IExecutor Of(int script) => run.IsOnSlurm(script) ? slurm : here;
}
