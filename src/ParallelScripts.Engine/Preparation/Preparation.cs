namespace ParallelScripts;

/// <summary>A run that can start: nothing about it is unknown any more.</summary>
/// <param name="Graph">Which script waits for which.</param>
/// <param name="Launches">How to start each script, by its number in the graph.</param>
/// <param name="Options">How the run behaves.</param>
public sealed record PreparedRun(ScriptGraph Graph, IReadOnlyList<Launch> Launches, RunOptions Options);

/// <summary>Checks a request whole, so that either everything that is wrong with it is said at once, or it can run.</summary>
public static class Preparation
{
    /// <summary>Prepares, or adds every problem to <paramref name="problems"/> and gives null.</summary>
    public static PreparedRun? TryPrepare(RunRequest request, ICollection<Problem> problems)
    {
        var before = problems.Count;
        var options = OptionReader.Read(request, problems);
        var graph = ScriptGraph.TryBuild(request.Scripts, problems);
        var launches = new LaunchResolver(request, problems).Resolve();
        return problems.Count == before ? new PreparedRun(graph!, launches, options) : null;
    }
}
