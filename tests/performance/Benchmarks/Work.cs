using System.Diagnostics;

namespace ParallelScripts.Benchmarks;

/// <summary>What is measured, for the benchmarks and for <see cref="Scaling"/>: all of the engine, without processes.</summary>
internal static class Work
{
    private static readonly RunPlace _nowhere = new("/somewhere/work.csproj", "/somewhere", "/somewhere/obj/scripts");

    /// <summary>Builds and validates a graph; counts the problems if there are some.</summary>
    public static (ScriptGraph? Graph, int Problems) Build(IReadOnlyList<Script> scripts)
    {
        var problems = new List<Problem>();
        return (ScriptGraph.TryBuild(scripts, new NameIndex(scripts), new ProjectFiles(_nowhere.ProjectDirectory, _nowhere.StateDirectory), problems), problems.Count);
    }

    /// <summary>Everything that is to be started is started and has ended, two at once.</summary>
    public static int RunThrough(ScriptGraph graph)
    {
        var plan = new Plan(graph);
        var running = new Queue<int>();
        while (plan.Left > 0)
        {
            while (running.Count < 2 && plan.TryTake(out var next))
            {
                running.Enqueue(next);
            }

            plan.End(running.Dequeue(), dependentsMayStart: true);
        }

        return plan.Left;
    }

    /// <summary>The whole loop with its listeners, and scripts that have ended when they are asked to start.</summary>
    public static RunRecord Run(ScriptGraph graph)
    {
        var run = Prepared(graph);
        var recorder = new RunRecorder(run, new RunStart("run", DateTimeOffset.UnixEpoch, Stopwatch.GetTimestamp()));
        new Scheduler(new Idle(), recorder, run.Options, run.FailureRules).RunAsync(graph, CancellationToken.None).GetAwaiter().GetResult();
        return recorder.RecordSoFar(canceled: false);
    }

    private static PreparedRun Prepared(ScriptGraph graph)
    {
        var launch = new Launch { Program = "/bin/sh", Arguments = ["s.sh"], WorkingDirectory = "/" };
        return new PreparedRun
        {
            Graph = graph,
            Project = graph,
            NumbersInProject = [.. Enumerable.Range(0, graph.Count)],
            Launches = [.. Enumerable.Repeat(launch, graph.Count)],
            FailureRules = [.. Enumerable.Repeat(FailureRules.Default, graph.Count)],
            Forced = new HashSet<int>(),
            Accepted = new HashSet<int>(),
            Options = new RunOptions { Slots = 2 },
            Place = _nowhere,
            Ahead = ReadAhead.From(_nowhere),
        };
    }

    private sealed class Idle : IExecutor
    {
        private static readonly Task<ScriptEnd> _end = Task.FromResult(new ScriptEnd(Outcome.Succeeded) { StartTime = DateTimeOffset.UnixEpoch, ExitCode = 0 });

        public Task<ScriptEnd> RunAsync(int script, int attempt, CancellationToken stop) => _end;
    }
}
