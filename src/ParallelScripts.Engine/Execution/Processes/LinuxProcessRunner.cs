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
    private const int DescriptorsEach = 6;
    private const int DescriptorsOfTheBuild = 256;

    private readonly NativeStrings _shared = new();
    private readonly InheritedEnvironment _environment;
    private readonly byte* _devNull;
    private readonly byte* _attributes;
    private readonly StopEvents _stops;
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
        _attributes = Attributes(_shared);
        _environment = new InheritedEnvironment(environment, without: marks is null ? null : Marks.Variable, _shared);
        _stops = new StopEvents(() => NewEvent());
    }

    /// <summary>Whether this system has the calls we need; a sandbox may refuse them.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess && HasPidfd() && Has("posix_spawn_file_actions_addchdir_np");

    /// <summary>Whether the C library has a function; older ones lack some.</summary>
    internal static bool Has(string function) => NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), function, out _);

    /// <summary>How long a start that the system has no room for is tried again when nothing of ours will make room.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>In tests: the error number that the next start is refused with, or 0.</summary>
    internal Func<int> Refusal { get; init; } = () => 0;

    /// <summary>Makes a descriptor by which a cancellation is heard; gives −1 where the system has none left.</summary>
    internal Func<int> NewEvent { get; init; } = () => LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);

    public ProcessEnd Run(ProcessStart start, IOutputSink output, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return new ProcessEnd(null, null, null, Stopped: true);
        }

        var family = _descendants?.Begin(start.LeftBehind);
        var error = SpawnWithPatience(start, family, stop, out var child);
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
                family.First = child.Number;
            }

            // Not before: those who wait for room must not take what they wait for.
            var stopped = _stops.Take(stop);
            try
            {
                return new RunningProcess(child, _descendants, family, _grace).Follow(stopped, output);
            }
            finally
            {
                _stops.Give(stopped);
            }
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
        _stops.Dispose();
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
    private int SpawnWithPatience(ProcessStart start, Family? family, CancellationToken stop, out Child child)
    {
        child = default;
        var pause = TimeSpan.FromMilliseconds(10);
        for (var sinceAlone = Stopwatch.GetTimestamp(); ;)
        {
            var others = Interlocked.Increment(ref _running) - 1;
            var error = others >= _mostAtOnce ? LibC.EMFILE
                : Refusal() is var refusal and not 0 ? refusal
                : Spawn(start, family, out child);
            if (error == 0)
            {
                return 0;
            }

            Interlocked.Decrement(ref _running);
            var helped = others > 0 && error != LibC.ETXTBSY;
            sinceAlone = helped ? Stopwatch.GetTimestamp() : sinceAlone;
            if (!IsForLackOfRoom(error) || (!helped && Stopwatch.GetElapsedTime(sinceAlone) >= Patience))
            {
                return error;
            }

            // Until one of ours makes room, or something else may have.
            Interlocked.Increment(ref _waiting);
            WaitHandle.WaitAny([stop.WaitHandle, _room], pause);
            Interlocked.Decrement(ref _waiting);
            if (stop.IsCancellationRequested)
            {
                return error;
            }

            pause = pause < TimeSpan.FromSeconds(1) ? pause * 2 : pause;
        }
    }

    /// <summary>A program that is just being written (ETXTBSY) is one in a moment, too.</summary>
    private static bool IsForLackOfRoom(int error) => error is LibC.EAGAIN or LibC.ENOMEM or LibC.EMFILE or LibC.ENFILE or LibC.ETXTBSY;

    private int Spawn(ProcessStart start, Family? family, out Child child)
    {
        child = default;
        var ends = stackalloc int[2];
        if (LibC.pipe2(ends, LibC.O_CLOEXEC) != 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        using var strings = new NativeStrings();
        var fileActions = stackalloc byte[LibC.FileActionsSize];
        _ = LibC.posix_spawn_file_actions_init(fileActions);
        _ = LibC.posix_spawn_file_actions_addopen(fileActions, 0, _devNull, LibC.O_RDWR, 0);
        _ = LibC.posix_spawn_file_actions_adddup2(fileActions, ends[1], 1);
        _ = LibC.posix_spawn_file_actions_adddup2(fileActions, ends[1], 2);
        foreach (var descriptor in start.Inherits)
        {
            // Onto itself: that only lets it stay open (glibc 2.29, musl 1.1.24).
            _ = LibC.posix_spawn_file_actions_adddup2(fileActions, descriptor, descriptor);
        }

        _ = LibC.posix_spawn_file_actions_addchdir_np(fileActions, strings.String(start.WorkingDirectory));

        var number = 0;
        var arguments = strings.Array(start.Arguments.Count + 1);
        arguments[0] = strings.String(start.Program);
        for (var i = 0; i < start.Arguments.Count; i++)
        {
            arguments[i + 1] = strings.String(start.Arguments[i]);
        }

        var error = LibC.posix_spawn(&number, arguments[0], fileActions, _attributes, arguments, _environment.With(start.Environment, family?.Mark, strings));
        _ = LibC.posix_spawn_file_actions_destroy(fileActions);
        if (error != 0)
        {
            _ = LibC.close(ends[0]);
            _ = LibC.close(ends[1]);
            return error;
        }

        child = new Child(number, ends[0], ends[1]);
        return 0;
    }

    /// <summary>A session of its own, and signals as they are for a program that a shell starts.</summary>
    private static byte* Attributes(NativeStrings room)
    {
        var attributes = room.Zeroed(LibC.AttributesSize);
        var signals = stackalloc byte[LibC.SignalSetSize];
        _ = LibC.posix_spawnattr_init(attributes);
        _ = LibC.posix_spawnattr_setflags(attributes, LibC.POSIX_SPAWN_SETSID | LibC.POSIX_SPAWN_SETSIGDEF | LibC.POSIX_SPAWN_SETSIGMASK);
        _ = LibC.sigemptyset(signals);
        _ = LibC.posix_spawnattr_setsigmask(attributes, signals);

        // .NET ignores SIGPIPE and a child inherits that: `yes | head` would never end.
        foreach (var signal in (ReadOnlySpan<int>)[LibC.SIGPIPE, LibC.SIGINT, LibC.SIGQUIT, LibC.SIGTERM, LibC.SIGCHLD])
        {
            _ = LibC.sigaddset(signals, signal);
        }

        _ = LibC.posix_spawnattr_setsigdefault(attributes, signals);
        return attributes;
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
}
