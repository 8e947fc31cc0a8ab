using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ParallelScripts;

/// <summary>
/// Starts processes on Linux by <c>posix_spawn</c>: each in a session of its own, so that ending its process group reaches
/// every child that did not leave it; its output in one pipe, in the order it was printed; its usage from <c>wait4</c>.
/// </summary>
/// <remarks>What that costs stands in docs/performance.md.</remarks>
internal sealed unsafe class LinuxProcessRunner : IProcessRunner
{
    /// <summary>Descriptors that a running script takes, its log included, and what the build needs for itself.</summary>
    private const int DescriptorsEach = 5;
    private const int DescriptorsOfTheBuild = 256;

    private readonly NativeStrings _shared = new();
    private readonly List<(string Name, nint Entry)> _environment = [];
    private readonly byte* _devNull;
    private readonly TimeSpan _grace;
    private readonly Descendants? _descendants;
    private readonly int _mostAtOnce = MostAtOnce();
    private readonly AutoResetEvent _room = new(initialState: false);
    private int _running;
    private int _waiting;

    /// <param name="environment">What every process inherits.</param>
    /// <param name="grace">How long a process that is asked to end may take.</param>
    /// <param name="marks">How all that it starts is recognised wherever it goes; null where nothing needs to be.</param>
    /// <param name="foundOrphans">Told, before the first process starts, what an earlier run with this state directory had left, and what has been ended.</param>
    public LinuxProcessRunner(
        IReadOnlyDictionary<string, string> environment,
        TimeSpan grace,
        Marks? marks = null,
        Action<IReadOnlyList<LeftProcess>>? foundOrphans = null)
    {
        _grace = grace;
        _descendants = marks is null ? null : new Descendants(marks, grace, foundOrphans ?? (_ => { }));
        _devNull = _shared.String("/dev/null");
        foreach (var (name, value) in environment)
        {
            if (marks is null || name != Marks.Variable)
            {
                _environment.Add((name, (nint)_shared.String($"{name}={value}")));
            }
        }
    }

    /// <summary>Whether this system has the calls we need; a sandbox may refuse them.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess && HasPidfd();

    /// <summary>How long a start that the system has no room for is tried again when nothing of ours will make room.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>In tests: the error number that the next start is refused with, or 0.</summary>
    internal Func<int> Refusal { get; init; } = () => 0;

    public ProcessEnd Run(ProcessStart start, IOutputSink output, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return new ProcessEnd(null, null, null, Stopped: true);
        }

        var family = _descendants?.Begin(start.LeftBehind);
        var (error, number, pipe) = SpawnWithPatience(start, family, stop);
        if (error != 0)
        {
            if (family is not null)
            {
                _descendants!.Forget(family);
            }

            return stop.IsCancellationRequested ? new ProcessEnd(null, null, null, Stopped: true) : ProcessEnd.NotStarted(Explain(error, start));
        }

        try
        {
            if (family is not null)
            {
                family.First = number;
            }

            // Not before: those who wait for room must not take what they wait for.
            using var stopped = new StopEvent(stop);
            return new RunningProcess(number, pipe, _descendants, family, _grace).Follow(stopped.Descriptor, output);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            if (Volatile.Read(ref _waiting) > 0)
            {
                _room.Set();
            }
        }
    }

    public void EndTheRest() => _descendants?.EndTheRest();

    public void Dispose()
    {
        _descendants?.Dispose();
        _room.Dispose();
        _shared.Dispose();
    }

    private static bool HasPidfd()
    {
        try
        {
            var self = (int)LibC.syscall(LibC.SYS_pidfd_open, Environment.ProcessId, 0);
            return self >= 0 && LibC.close(self) == 0;
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static int MostAtOnce()
    {
        LibC.ResourceLimit limit;
        return LibC.getrlimit(LibC.RLIMIT_NOFILE, &limit) != 0 || limit.Soft > int.MaxValue
            ? int.MaxValue
            : Math.Max(1, ((int)limit.Soft - DescriptorsOfTheBuild) / DescriptorsEach);
    }

    /// <summary>
    /// Starts it, and where the system has no room for one more process or file now, tries again until it has, as long as others of ours
    /// run, whose end makes room; else for a bounded time.
    /// </summary>
    private (int Error, int Number, int Pipe) SpawnWithPatience(ProcessStart start, Family? family, CancellationToken stop)
    {
        var pause = TimeSpan.FromMilliseconds(10);
        for (var sinceAlone = Stopwatch.GetTimestamp(); ;)
        {
            var others = Interlocked.Increment(ref _running) - 1;
            var (error, number, pipe) = others >= _mostAtOnce ? (LibC.EMFILE, 0, 0)
                : Refusal() is var refusal and not 0 ? (refusal, 0, 0)
                : Spawn(start, family);
            if (error == 0)
            {
                return (0, number, pipe);
            }

            Interlocked.Decrement(ref _running);
            var helped = others > 0 && error != LibC.ETXTBSY;
            sinceAlone = helped ? Stopwatch.GetTimestamp() : sinceAlone;
            if (!IsForLackOfRoom(error) || (!helped && Stopwatch.GetElapsedTime(sinceAlone) >= Patience))
            {
                return (error, 0, 0);
            }

            // Until one of ours makes room, or something else may have.
            Interlocked.Increment(ref _waiting);
            WaitHandle.WaitAny([stop.WaitHandle, _room], pause);
            Interlocked.Decrement(ref _waiting);
            if (stop.IsCancellationRequested)
            {
                return (error, 0, 0);
            }

            pause = pause < TimeSpan.FromSeconds(1) ? pause * 2 : pause;
        }
    }

    /// <summary>A program that is just being written (ETXTBSY) is one in a moment, too.</summary>
    private static bool IsForLackOfRoom(int error) => error is LibC.EAGAIN or LibC.ENOMEM or LibC.EMFILE or LibC.ENFILE or LibC.ETXTBSY;

    private (int Error, int Number, int Pipe) Spawn(ProcessStart start, Family? family)
    {
        var pipe = stackalloc int[2];
        if (LibC.pipe2(pipe, LibC.O_CLOEXEC) != 0)
        {
            return (Marshal.GetLastPInvokeError(), 0, 0);
        }

        using var strings = new NativeStrings();
        var fileActions = stackalloc byte[LibC.FileActionsSize];
        var attributes = stackalloc byte[LibC.AttributesSize];
        var signals = stackalloc byte[LibC.SignalSetSize];

        _ = LibC.posix_spawn_file_actions_init(fileActions);
        _ = LibC.posix_spawn_file_actions_addopen(fileActions, 0, _devNull, LibC.O_RDWR, 0);
        _ = LibC.posix_spawn_file_actions_adddup2(fileActions, pipe[1], 1);
        _ = LibC.posix_spawn_file_actions_adddup2(fileActions, pipe[1], 2);
        foreach (var descriptor in start.Inherits)
        {
            // Onto itself: that only lets it stay open (glibc 2.29, musl 1.1.24).
            _ = LibC.posix_spawn_file_actions_adddup2(fileActions, descriptor, descriptor);
        }

        _ = LibC.posix_spawn_file_actions_addchdir_np(fileActions, strings.String(start.WorkingDirectory));

        // .NET ignores SIGPIPE and a child inherits that: `yes | head` would never end.
        _ = LibC.posix_spawnattr_init(attributes);
        _ = LibC.posix_spawnattr_setflags(attributes, LibC.POSIX_SPAWN_SETSID | LibC.POSIX_SPAWN_SETSIGDEF | LibC.POSIX_SPAWN_SETSIGMASK);
        _ = LibC.sigemptyset(signals);
        _ = LibC.posix_spawnattr_setsigmask(attributes, signals);
        foreach (var signal in (ReadOnlySpan<int>)[LibC.SIGPIPE, LibC.SIGINT, LibC.SIGQUIT, LibC.SIGTERM, LibC.SIGCHLD])
        {
            _ = LibC.sigaddset(signals, signal);
        }

        _ = LibC.posix_spawnattr_setsigdefault(attributes, signals);

        var number = 0;
        var program = strings.String(start.Program);
        var arguments = strings.Array([(nint)program, .. start.Arguments.Select(argument => (nint)strings.String(argument))]);
        var error = LibC.posix_spawn(&number, program, fileActions, attributes, arguments, EnvironmentOf(start, family, strings));
        _ = LibC.posix_spawn_file_actions_destroy(fileActions);
        _ = LibC.close(pipe[1]);
        if (error != 0)
        {
            _ = LibC.close(pipe[0]);
        }

        return (error, number, pipe[0]);
    }

    private byte** EnvironmentOf(ProcessStart start, Family? family, NativeStrings strings)
    {
        var entries = new List<nint>(_environment.Count + start.Environment.Count + 1);
        foreach (var (name, entry) in _environment)
        {
            if (!start.Environment.ContainsKey(name))
            {
                entries.Add(entry);
            }
        }

        foreach (var (name, value) in start.Environment)
        {
            entries.Add((nint)strings.String($"{name}={value}"));
        }

        if (family is not null)
        {
            entries.Add((nint)strings.String($"{Marks.Variable}={family.Mark}"));
        }

        return strings.Array(entries);
    }

    private static string Explain(int error, ProcessStart start) => error switch
    {
        2 => $"'{start.Program}', the interpreter it names, or the folder '{start.WorkingDirectory}' does not exist any more",
        7 => "its arguments and environment are longer than the system takes",
        8 => $"'{start.Program}' is not a program for this machine and has no #! line",
        13 => $"the system does not let us execute '{start.Program}'",
        LibC.EAGAIN => "the system starts no more processes (a limit such as ulimit -u or a control group's pids.max is reached), and did not while we waited",
        LibC.ENOMEM => "the system has no memory for one more process, and had none while we waited",
        LibC.EMFILE or LibC.ENFILE => "no more files can be opened (a limit such as ulimit -n is reached), and could not while we waited",
        LibC.ETXTBSY => $"'{start.Program}' is open for writing, and was while we waited",
        _ => Marshal.GetPInvokeErrorMessage(error),
    };

    /// <summary>A cancellation that <c>poll</c> can hear.</summary>
    private readonly ref struct StopEvent
    {
        private readonly CancellationTokenRegistration _registration;

        public StopEvent(CancellationToken stop)
        {
            var descriptor = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
            Descriptor = descriptor;
            _registration = stop.UnsafeRegister(
                _ =>
                {
                    var one = 1UL;
                    _ = LibC.write(descriptor, (byte*)&one, sizeof(ulong));
                },
                null);
        }

        public int Descriptor { get; }

        public void Dispose()
        {
            // In this order: Dispose waits for a registration that is just being called.
            _registration.Dispose();
            _ = LibC.close(Descriptor);
        }
    }
}
