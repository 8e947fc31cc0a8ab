using System.Diagnostics;

namespace ParallelScripts;

/// <summary>Runs scripts on this machine.</summary>
public sealed class LocalExecutor : IExecutor, IDisposable
{
    private readonly PreparedRun _run;
    private readonly IRunListener _listener;
    private readonly Func<int, TimeSpan?> _timeLimitOf;
    private readonly Func<Script, Launch, Launch> _seeThrough;
    private readonly LogFiles _logs;
    private readonly CSharpPrograms _programs;
    private readonly IProcessRunner _processes;
    private readonly SlotThreads _threads = new();
    private readonly IReadOnlyDictionary<string, string> _inherited;
    private IReadOnlyDictionary<string, string>? _usual;
    private readonly bool _hasOldLogs;
    private int _toldOfLogs;

    /// <param name="run">What to run.</param>
    /// <param name="environment">What every script inherits.</param>
    /// <param name="timeLimitOf">How long one attempt at a script may take; null for any time.</param>
    /// <param name="listener">Hears each line that is printed.</param>
    /// <param name="seeThrough">How to start a script really, by how it was found to be started: see <see cref="RealInterpreters"/>.</param>
    public LocalExecutor(
        PreparedRun run,
        IReadOnlyDictionary<string, string> environment,
        Func<int, TimeSpan?> timeLimitOf,
        IRunListener listener,
        Func<Script, Launch, Launch>? seeThrough = null)
    {
        _seeThrough = seeThrough ?? ((_, launch) => launch);
        _run = run;
        _timeLimitOf = timeLimitOf;
        _listener = listener;
        _logs = new LogFiles(run.Place.StateDirectory, NamesIn(run.Graph));
        _hasOldLogs = Directory.Exists(_logs.Folder);
        _processes = ProcessRunners.ForScripts(run, BuildServers.Without(environment), found => listener.Warned(Problems.OrphansEnded(run.Place, found)));
        _programs = new CSharpPrograms(_processes, run.Place.StateDirectory);
        _inherited = environment;
        JobServer = run.Options.JobServer == JobServerStyle.None || !JobServer.IsSupported ? null : new JobServer(run.Options.JobServer, run.Options.Slots, () => MakeVersion.Ask(environment, run.Place.ProjectDirectory));
    }

    /// <summary>What lends free slots to a make inside a script; null if nobody asked for it.</summary>
    internal JobServer? JobServer { get; }

    public Task<ScriptEnd> RunAsync(int script, int attempt, CancellationToken stop)
    {
        var ended = new TaskCompletionSource<ScriptEnd>();
        _threads.Run(() =>
        {
            ScriptEnd? end = null;
            Exception? broken = null;
            try
            {
                end = Run(script, attempt, stop);
            }
            catch (Exception unforeseen)
            {
                // Also when there is no memory: who waits for this script must hear of it.
                broken = unforeseen;
            }

            _threads.Free();
            if (broken is null)
            {
                ended.SetResult(end!);
            }
            else
            {
                ended.SetException(broken);
            }
        });
        return ended.Task;
    }

    /// <summary>Ends whatever is left of all scripts; none is started after this.</summary>
    public void EndTheRest() => _processes.EndTheRest();

    public void Dispose()
    {
        _threads.Dispose();
        _processes.Dispose();
        JobServer?.Dispose();
    }

    /// <summary>The program that a single-file C# script was built to, absolute; null if it does not compile, and then the output says why.</summary>
    internal string? Build(Launch launch, IOutputSink output, CancellationToken stop) => _programs.Build(launch, output, stop);

    /// <summary>A built C# program looks for its runtime beside the dotnet that built it, before it looks where runtimes usually are.</summary>
    internal static string RootOf(Launch launch) =>
        Path.GetDirectoryName(File.ResolveLinkTarget(launch.Program, returnFinalTarget: true)?.FullName ?? launch.Program)!;

    private static IEnumerable<string> NamesIn(ScriptGraph graph)
    {
        for (var script = 0; script < graph.Count; script++)
        {
            yield return graph[script].Name;
        }
    }

    private ScriptEnd Run(int number, int attempt, CancellationToken stop)
    {
        var script = _run.Graph[number];

        // By hand it is started as it was found: whoever types that has the shim's ways too.
        var found = _run.Launches[number];
        var launch = _seeThrough(script, found);
        if (_hasOldLogs && attempt == 1)
        {
            _logs.Forget(script.Name);
        }

        var limit = _timeLimitOf(number);
        using var timeout = TimeLimitSource.Start(limit, stop);
        using var output = new AttemptOutput(_run, number, attempt, _logs, _listener);
        var startTime = DateTimeOffset.UtcNow;
        var started = Stopwatch.GetTimestamp();

        var program = launch.CSharpFile is null ? launch.Program : _programs.Build(launch, output, timeout.Token);
        var end = program is null ? new ProcessEnd(null, null, null, timeout.Token.IsCancellationRequested) : Run(number, launch, program, output, timeout.Token);
        var duration = Stopwatch.GetElapsedTime(started);
        var log = output.Close();
        Tell(script, end, log);

        var outcome = OutcomeOf(end, program, timeout, stop);
        return output.Conclude(new ScriptEnd(outcome)
        {
            ExitCode = end.ExitCode,
            Problem = outcome switch
            {
                Outcome.TimedOut => Problems.TimedOut(script, found, limit!.Value, _run.FailureRules[number].Timeout!.Percent, log),
                Outcome.Failed => Explain(script, found, program, end, log),
                _ => null,
            },
            Program = launch.Program == found.Program ? null : launch.Program,
            StartTime = startTime,
            IsNotStarted = program is null || end is { Trouble: not null, WasStarted: false },
            Duration = duration,
            CpuTime = end.CpuTime,
            PeakMemory = end.PeakMemory,
            IsPeakMemorySampled = end.IsPeakMemorySampled,
        });
    }

    private ProcessEnd Run(int number, Launch launch, string program, IOutputSink output, CancellationToken stop)
    {
        var script = _run.Graph[number];

        // It was there when the run began. What an interpreter says of a missing file need not make clear which file it means.
        var file = Path.Combine(_run.Place.ProjectDirectory, script.Include);
        if (script.Command == "" && !File.Exists(file))
        {
            return ProcessEnd.NotStarted($"'{file}' does not exist any more");
        }

        var tokens = JobServer?.Open(_run.CoresOf(number));
        try
        {
            var start = new ProcessStart(program, launch.Arguments, launch.WorkingDirectory, EnvironmentOf(number, launch, tokens))
            {
                LeftBehind = left => WarnOf(script, left),
                Inherits = tokens?.Descriptors ?? [],
            };
            return _processes.Run(start, output, stop);
        }
        finally
        {
            if (tokens is not null)
            {
                JobServer!.Close(tokens);
            }
        }
    }

    private static Outcome OutcomeOf(ProcessEnd end, string? program, TimeLimitSource timeout, CancellationToken stop) =>
        end.Stopped ? timeout.IsOver && !stop.IsCancellationRequested ? Outcome.TimedOut : Outcome.Canceled
        : program is not null && end.ExitCode == 0 ? Outcome.Succeeded
        : Outcome.Failed;

    /// <summary>What a script is told beside what it inherits. Ten thousand scripts that declare nothing are told the same.</summary>
    private IReadOnlyDictionary<string, string> EnvironmentOf(int number, Launch launch, TokenChannel? tokens)
    {
        var isUsual = tokens is null && launch.CSharpFile is null && launch.Environment.Count == 0 && _run.CoresOf(number) == 1;
        if (isUsual && _usual is not null)
        {
            return _usual;
        }

        var environment = new Dictionary<string, string>(launch.Environment);
        if (launch.CSharpFile is not null && !environment.ContainsKey("DOTNET_ROOT"))
        {
            environment["DOTNET_ROOT"] = RootOf(launch);
        }

        if (_run.Options.SetsThreadVariables)
        {
            ThreadVariables.Add(environment, _inherited, _run.CoresOf(number));
        }

        if (tokens is not null)
        {
            JobServer!.Add(environment, _inherited, tokens);
        }

        if (isUsual)
        {
            _usual = environment;
        }

        return environment;
    }

    private static Problem Explain(Script script, Launch launch, string? program, ProcessEnd end, LogReference log) =>
        program is null ? Problems.NotCompiled(script, launch, log)
        : end is { Trouble: not null, WasStarted: true } ? Problems.NotRun(script, end.Trouble)
        : end.Trouble is not null ? Problems.NotStarted(script, launch, end.Trouble)
        : end.Signal is not null ? Problems.KilledBySignal(script, launch, end, log)
        : Problems.ExitedNonZero(script, launch, end, log);

    /// <summary>Says what a person should know although it makes no failure of the script.</summary>
    private void Tell(Script script, ProcessEnd end, LogReference log)
    {
        if (log.Trouble is not null && Interlocked.Exchange(ref _toldOfLogs, 1) == 0)
        {
            _listener.Warned(Problems.OutputNotLogged(script, _logs.Of(script.Name), log.Trouble));
        }

        if (end.LeftBehind.Count > 0 && end.ExitCode == 0)
        {
            WarnOf(script, end.LeftBehind);
        }

        if (end.Undying.Count > 0)
        {
            _listener.Warned(Problems.Undying(script, end.Undying));
        }
    }

    /// <summary>A script that fails seldom gets to end what it started; one that succeeds has forgotten it.</summary>
    private void WarnOf(Script script, IReadOnlyList<LeftProcess> left)
    {
        if (left.Where(process => !BuildServers.IsOne(process.Command)).ToArray() is { Length: > 0 } forgotten)
        {
            _listener.Warned(Problems.LeftRunning(script, forgotten));
        }
    }
}
