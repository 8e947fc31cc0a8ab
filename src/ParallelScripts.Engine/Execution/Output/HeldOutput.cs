namespace ParallelScripts;

/// <summary>
/// Shows what a script printed once it is known how it ended, where that is what was asked for. Outermost, because what comes after a script,
/// such as looking for its outputs, may still make a failure of it.
/// </summary>
internal sealed class HeldOutput(IExecutor inner, RunOptions options, IRunListener listener) : IExecutor
{
    public ScriptEnd? TryEndAtOnce(int script) => inner.TryEndAtOnce(script);

    public async Task<ScriptEnd> RunAsync(int script, int attempt, CancellationToken stop)
    {
        var end = await inner.RunAsync(script, attempt, stop).ConfigureAwait(false);
        if (end.Held is not { } held)
        {
            return end;
        }

        if (options.Output == ShownOutput.All || end.Outcome.IsFailure())
        {
            // Not on the thread that brought the news: it has said that it is free for the next process.
            var lines = await Task.Run(held.Read, CancellationToken.None).ConfigureAwait(false);
            if (lines.Count > 0)
            {
                listener.OutputTogether(script, lines);
            }
        }

        return end with { Held = null };
    }
}
