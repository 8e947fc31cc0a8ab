namespace ParallelScripts;

/// <summary>A prepared run from its start to its record: the one place where plan, executor and listeners are put together.</summary>
public static class Runner
{
    /// <summary>Runs everything; the record is in the state directory when this returns, whatever the scripts did.</summary>
    /// <param name="run">What to run.</param>
    /// <param name="place">Where.</param>
    /// <param name="start">When the run began, preparation included.</param>
    /// <param name="environment">What scripts inherit.</param>
    /// <param name="listener">Hears what happens while it happens.</param>
    /// <param name="cancellation">Ends the running scripts and starts no more.</param>
    /// <exception cref="StateException">Nothing can be written to the state directory.</exception>
    public static RunRecord Run(
        PreparedRun run,
        RunPlace place,
        RunStart start,
        IReadOnlyDictionary<string, string> environment,
        IRunListener listener,
        CancellationToken cancellation)
    {
        StateException.Watch(place, () => Directory.CreateDirectory(place.StateDirectory));
        var recorder = new RunRecorder(run, place, start);
        var everybody = new Listeners(recorder, listener);
        using (var executor = new LocalExecutor(run, environment, place.StateDirectory, everybody))
        {
            new Scheduler(executor, everybody, run.Options).RunAsync(run.Graph, cancellation).GetAwaiter().GetResult();
        }

        var record = recorder.Finish(cancellation.IsCancellationRequested);
        StateException.Watch(place, () => RunJson.Write(record, place.StateDirectory));
        return record;
    }

    /// <summary>One listener that is several, told in this order.</summary>
    private sealed class Listeners(IRunListener first, IRunListener second) : IRunListener
    {
        public void Started(int script, int slot)
        {
            first.Started(script, slot);
            second.Started(script, slot);
        }

        public void Output(int script, string line)
        {
            first.Output(script, line);
            second.Output(script, line);
        }

        public void Ended(int script, ScriptEnd end, int left)
        {
            first.Ended(script, end, left);
            second.Ended(script, end, left);
        }

        public void Skipped(SkippedScript skipped)
        {
            first.Skipped(skipped);
            second.Skipped(skipped);
        }
    }
}

/// <summary>The state directory cannot be used.</summary>
public sealed class StateException(Problem problem, Exception inner) : Exception(problem.ToString(), inner)
{
    public Problem Problem { get; } = problem;

    internal static void Watch(RunPlace place, Action write)
    {
        try
        {
            write();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StateException(Problems.StateNotWritable(new Place(place.Project), place.StateDirectory, refused.Message), refused);
        }
    }
}
