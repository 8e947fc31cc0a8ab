using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ParallelScripts;

/// <summary>
/// Runs processes on Linux by <c>posix_spawn</c>: each in a session of its own, so that ending its process group reaches
/// every child that did not leave it; its output in one pipe, in the order it was printed; its usage from <c>wait4</c>.
/// </summary>
/// <remarks>
/// What that costs stands in docs/performance.md. The thread that starts a
/// process is the only one that reads, signals and reaps it, so a process id is never used after it was given back.
/// </remarks>
internal sealed unsafe class LinuxProcessRunner : IProcessRunner
{
    /// <summary>How long a process that was asked politely to end may take.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(5);

    /// <summary>How long we go on reading when the process has ended but something that left its group holds the pipe open.</summary>
    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(1);

    private const int BufferSize = 64 * 1024;

    [ThreadStatic]
    private static byte[]? _buffer;

    private readonly NativeStrings _shared = new();
    private readonly List<(string Name, nint Entry)> _environment = [];
    private readonly byte* _devNull;

    /// <param name="environment">What every process inherits.</param>
    public LinuxProcessRunner(IReadOnlyDictionary<string, string> environment)
    {
        _devNull = _shared.String("/dev/null");
        foreach (var (name, value) in environment)
        {
            _environment.Add((name, (nint)_shared.String($"{name}={value}")));
        }
    }

    /// <summary>Whether this system has the calls we need; a sandbox may refuse them.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess && HasPidfd();

    public ProcessEnd Run(ProcessStart start, IOutputSink output, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return new ProcessEnd(null, null, null, Stopped: true);
        }

        using var stopped = new StopEvent(stop);
        var (error, process, pipe) = Spawn(start);
        if (error != 0)
        {
            return ProcessEnd.NotStarted(Explain(error, start));
        }

        var exited = (int)LibC.syscall(LibC.SYS_pidfd_open, process, 0);
        try
        {
            var wasStopped = ReadUntilEnd(process, pipe, exited, stopped.Descriptor, output);
            return Reap(process, wasStopped);
        }
        finally
        {
            _ = LibC.close(pipe);
            _ = LibC.close(exited);
        }
    }

    public void Dispose() => _shared.Dispose();

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

    private (int Error, int Process, int Pipe) Spawn(ProcessStart start)
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
        _ = LibC.posix_spawn_file_actions_addchdir_np(fileActions, strings.String(start.WorkingDirectory));

        // .NET ignores SIGPIPE and a child inherits that: `yes | head` would never end.
        _ = LibC.posix_spawnattr_init(attributes);
        _ = LibC.posix_spawnattr_setflags(attributes, LibC.POSIX_SPAWN_SETSID | LibC.POSIX_SPAWN_SETSIGDEF | LibC.POSIX_SPAWN_SETSIGMASK);
        _ = LibC.sigemptyset(signals);
        _ = LibC.posix_spawnattr_setsigmask(attributes, signals);
        foreach (var signal in (ReadOnlySpan<int>)[LibC.SIGPIPE, LibC.SIGINT, LibC.SIGQUIT, LibC.SIGTERM])
        {
            _ = LibC.sigaddset(signals, signal);
        }

        _ = LibC.posix_spawnattr_setsigdefault(attributes, signals);

        var process = 0;
        var program = strings.String(start.Program);
        var arguments = strings.Array([(nint)program, .. start.Arguments.Select(argument => (nint)strings.String(argument))]);
        var error = LibC.posix_spawn(&process, program, fileActions, attributes, arguments, EnvironmentOf(start, strings));
        _ = LibC.posix_spawn_file_actions_destroy(fileActions);
        _ = LibC.close(pipe[1]);
        if (error != 0)
        {
            _ = LibC.close(pipe[0]);
        }

        return (error, process, pipe[0]);
    }

    private byte** EnvironmentOf(ProcessStart start, NativeStrings strings)
    {
        var entries = new List<nint>(_environment.Count + start.Environment.Count);
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

        return strings.Array(entries);
    }

    /// <summary>Reads until the process has ended and its output too, ending it when asked. Tells whether it was asked.</summary>
    private static bool ReadUntilEnd(int process, int pipe, int exited, int stop, IOutputSink output)
    {
        var buffer = _buffer ??= new byte[BufferSize];
        var descriptors = stackalloc LibC.PollDescriptor[3];
        ref var pipeEvents = ref descriptors[0];
        ref var exitEvents = ref descriptors[1];
        ref var stopEvents = ref descriptors[2];
        pipeEvents = new() { Descriptor = pipe, Events = LibC.POLLIN };
        exitEvents = new() { Descriptor = exited, Events = LibC.POLLIN };
        stopEvents = new() { Descriptor = stop, Events = LibC.POLLIN };

        // A descriptor of −1 is one that poll passes over: what it could say has been heard.
        var wasStopped = false;
        long? deadline = null;
        while (exitEvents.Descriptor >= 0 || pipeEvents.Descriptor >= 0)
        {
            var wait = deadline is { } at ? (int)Math.Max(0, Math.Ceiling((at - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency)) : -1;
            if (LibC.poll(descriptors, 3, wait) < 0 && Marshal.GetLastPInvokeError() != LibC.EINTR)
            {
                throw new InvalidOperationException($"poll failed: {Marshal.GetLastPInvokeErrorMessage()}");
            }

            if (pipeEvents.Happened != 0 && !ReadSome(pipe, buffer, output))
            {
                pipeEvents.Descriptor = -1;
            }

            if (stopEvents.Happened != 0)
            {
                wasStopped = true;
                stopEvents.Descriptor = -1;
                _ = LibC.kill(-process, LibC.SIGTERM);
                deadline ??= At(_grace);
            }

            if (exitEvents.Happened != 0)
            {
                // Whatever the script left behind in its group ends with it. The process itself is not reaped yet,
                // so its id, which is the group's, cannot have become anybody else's.
                exitEvents.Descriptor = -1;
                _ = LibC.kill(-process, LibC.SIGKILL);
                deadline = At(_drain);
            }

            if (deadline is { } now && Stopwatch.GetTimestamp() >= now)
            {
                if (exitEvents.Descriptor < 0)
                {
                    break;
                }

                _ = LibC.kill(-process, LibC.SIGKILL);
                deadline = At(_grace);
            }
        }

        return wasStopped;
    }

    private static bool ReadSome(int pipe, byte[] buffer, IOutputSink output)
    {
        fixed (byte* start = buffer)
        {
            var count = LibC.read(pipe, start, buffer.Length);
            if (count > 0)
            {
                output.Write(buffer.AsSpan(0, (int)count));
            }

            return count > 0 || (count < 0 && Marshal.GetLastPInvokeError() == LibC.EINTR);
        }
    }

    private static ProcessEnd Reap(int process, bool wasStopped)
    {
        int status;
        LibC.ResourceUsage usage;
        while (LibC.wait4(process, &status, 0, &usage) < 0)
        {
            if (Marshal.GetLastPInvokeError() == LibC.ECHILD)
            {
                // SIGCHLD was ignored when this .NET began, so the runtime reaps every child before we can.
                return ProcessEnd.NotStarted("its exit code is lost, because the build was started with SIGCHLD ignored");
            }
        }

        // The encoding of wait(2): the low seven bits are the signal, else the next byte is the exit code.
        var signal = status & 0x7f;
        return new ProcessEnd(signal == 0 ? (status >> 8) & 0xff : null, signal == 0 ? null : signal, null, wasStopped)
        {
            CpuTime = TimeSpan.FromMicroseconds(((usage.UserSeconds + usage.SystemSeconds) * 1_000_000) + usage.UserMicroseconds + usage.SystemMicroseconds),
            PeakMemory = usage.MaxResidentKibibytes > OwnPeakKibibytes() ? usage.MaxResidentKibibytes * 1024 : null,
        };
    }

    /// <summary>
    /// The most memory the build itself ever held. A new process begins with that as its own peak (exec_mmap in linux/fs/exec.c
    /// hands it on), so a child's peak that is not above it says nothing about the child.
    /// </summary>
    private static long OwnPeakKibibytes()
    {
        LibC.ResourceUsage own;
        _ = LibC.getrusage(0, &own);
        return own.MaxResidentKibibytes;
    }

    private static long At(TimeSpan fromNow) => Stopwatch.GetTimestamp() + (long)(fromNow.TotalSeconds * Stopwatch.Frequency);

    private static string Explain(int error, ProcessStart start) => error switch
    {
        2 => $"'{start.Program}', the interpreter it names, or the folder '{start.WorkingDirectory}' does not exist any more",
        7 => "its arguments and environment are longer than the system takes",
        8 => $"'{start.Program}' is not a program for this machine and has no #! line",
        13 => $"the system does not let us execute '{start.Program}'",
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
