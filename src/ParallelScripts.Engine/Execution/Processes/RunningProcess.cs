using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ParallelScripts;

/// <summary>
/// One process of a script from its start to its end: reads what it prints, ends it when asked, and waits until nothing of what it started
/// is left. The thread that started it is the only one that signals its group and reaps it; whatever left the group is for
/// <see cref="Descendants"/> to find.
/// </summary>
/// <param name="number">Just started.</param>
/// <param name="pipe">Both its output streams; closed by this, as all else that it opens.</param>
/// <param name="descendants">Null where what runs starts nothing that it leaves behind.</param>
/// <param name="family">All that it will have started.</param>
/// <param name="grace">How long what is asked to end may take.</param>
internal sealed unsafe class RunningProcess(int number, int pipe, Descendants? descendants, Family? family, TimeSpan grace)
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Longer than <see cref="Descendants"/> takes to give up, which then tells what did not die.</summary>
    private static readonly TimeSpan _patience = Descendants.Undying + TimeSpan.FromMilliseconds(200);

    [ThreadStatic]
    private static byte[]? _buffer;

    /// <summary>Tells of its end; −1 if there was nothing left to hold when we came, or no descriptor to hold it by.</summary>
    private readonly int _handle = (int)LibC.syscall(LibC.SYS_pidfd_open, number, 0);

    private int _gone = -1;
    private bool _isStopped;
    private bool _hasEnded;
    private bool _isRead;
    private bool _isReaped;
    private bool _isOver;
    private long? _killAt;
    private long? _giveUpAt;
    private ProcessEnd _end = new(null, null, null, Stopped: true);

    /// <summary>Returns when it has ended, its output has been read, and nothing of it is left; or when what is left does not die.</summary>
    /// <param name="stop">A descriptor that becomes readable when it is to end.</param>
    public ProcessEnd Follow(int stop, IOutputSink output)
    {
        var buffer = _buffer ??= new byte[BufferSize];
        var descriptors = stackalloc LibC.PollDescriptor[4];
        ref var pipeEvents = ref descriptors[0];
        ref var endEvents = ref descriptors[1];
        ref var stopEvents = ref descriptors[2];
        ref var goneEvents = ref descriptors[3];
        pipeEvents = new() { Descriptor = pipe, Events = LibC.POLLIN };
        endEvents = new() { Descriptor = _handle, Events = LibC.POLLIN };
        stopEvents = new() { Descriptor = stop, Events = LibC.POLLIN };
        goneEvents = new() { Descriptor = -1, Events = LibC.POLLIN };
        try
        {
            // A descriptor of −1 is one that poll passes over: what it could say has been heard.
            while (!_isOver)
            {
                if (LibC.poll(descriptors, 4, MillisecondsToWait()) < 0 && Marshal.GetLastPInvokeError() != LibC.EINTR)
                {
                    throw new InvalidOperationException($"poll failed: {Marshal.GetLastPInvokeErrorMessage()}");
                }

                if (pipeEvents.Happened != 0)
                {
                    ReadSome(buffer, output);
                }

                if (stopEvents.Happened != 0)
                {
                    stopEvents.Descriptor = -1;
                    Stop();
                }

                if (endEvents.Happened != 0 || (_handle < 0 && !_hasEnded && Reap(LibC.WNOHANG)))
                {
                    endEvents.Descriptor = -1;
                    ReadWhatIsThere(buffer, output);
                    HearItsEnd();
                }

                pipeEvents.Descriptor = _isRead ? -1 : pipe;
                _isOver |= _hasEnded && (goneEvents.Happened != 0 || (family is null && _isRead));
                goneEvents.Descriptor = _hasEnded ? _gone : -1;
                goneEvents.Happened = 0;
                DoWhatIsDue();
            }

            ReadWhatIsThere(buffer, output);
            Reap(LibC.WNOHANG);
        }
        catch
        {
            Abandon();
            throw;
        }
        finally
        {
            Close();
        }

        return WithWhatTheFamilyKnows(_end with { Stopped = _isStopped });
    }

    private void HearItsEnd()
    {
        _hasEnded = true;
        if (!_isStopped)
        {
            Reap(0);
        }

        // Its number is its group's; given back, it can only be found there if another member is left. Until then the group may be signalled by it.
        var isAlone = _isReaped && LibC.kill(-number, 0) != 0;
        if (family is null)
        {
            SignalGroup(LibC.SIGKILL);
            _giveUpAt = Stopwatch.GetTimestamp() + Clock.Ticks(Descendants.Leave);
        }
        else if (isAlone && _isRead && _end.ExitCode == 0)
        {
            // What has left its group and closed its output is found soon enough by the next look that is due anyway.
            family.End(Descendants.Leave, grace, stopped: false, groupIsAsked: false, waiting: 0);
            _isOver = true;
        }
        else if (!_isStopped)
        {
            EndTheRest(Descendants.Leave, groupIsAsked: false);
        }
    }

    private void Stop()
    {
        if (_hasEnded)
        {
            EndTheRest(TimeSpan.Zero, groupIsAsked: false);
            return;
        }

        // One that is suspended could not hear it.
        _isStopped = true;
        SignalGroup(LibC.SIGTERM);
        SignalGroup(LibC.SIGCONT);
        EndTheRest(TimeSpan.Zero, groupIsAsked: true);
    }

    /// <summary>Nobody follows it any more, because whoever takes its output broke: it must not go on alone.</summary>
    private void Abandon()
    {
        SignalGroup(LibC.SIGKILL);
        family?.End(TimeSpan.Zero, grace, stopped: true, groupIsAsked: false, waiting: 0);
        descendants?.Hurry();
        var killed = new LibC.PollDescriptor { Descriptor = _handle, Events = LibC.POLLIN };
        _ = LibC.poll(&killed, 1, (int)Descendants.Undying.TotalMilliseconds);
        Reap(LibC.WNOHANG);
    }

    private void EndTheRest(TimeSpan leave, bool groupIsAsked)
    {
        var killAt = Stopwatch.GetTimestamp() + Clock.Ticks(leave + grace);
        _killAt = Math.Min(_killAt ?? killAt, killAt);
        _giveUpAt = _killAt + Clock.Ticks(_patience);
        if (family is null)
        {
            return;
        }

        if (_gone < 0)
        {
            _gone = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        }

        family.OpenOutput = _isRead ? null : ProcessTable.LinkOf($"/proc/self/fd/{pipe}");
        family.End(leave, grace, _isStopped, groupIsAsked, _gone);
        descendants!.Hurry();
    }

    private void DoWhatIsDue()
    {
        var now = Stopwatch.GetTimestamp();
        if (now >= _killAt)
        {
            SignalGroup(LibC.SIGKILL);
            _killAt = null;
        }

        _isOver |= now >= _giveUpAt;
    }

    private int MillisecondsToWait()
    {
        const int UntilLookedAt = 20;
        var next = Math.Min(_killAt ?? long.MaxValue, _giveUpAt ?? long.MaxValue);
        var wait = next == long.MaxValue ? -1 : Clock.MillisecondsUntil(next);
        return _handle < 0 && !_hasEnded && (wait < 0 || wait > UntilLookedAt) ? UntilLookedAt : wait;
    }

    /// <summary>As long as it is not reaped its number is its own and its group's. After that only the descriptor still means this group, on Linux 6.9.</summary>
    private void SignalGroup(int signal)
    {
        if (!_isReaped)
        {
            _ = LibC.kill(-number, signal);
        }
        else if (_handle >= 0)
        {
            _ = LibC.syscall(LibC.SYS_pidfd_send_signal, _handle, signal, 0, LibC.PIDFD_SIGNAL_PROCESS_GROUP);
        }
    }

    private void ReadWhatIsThere(byte[] buffer, IOutputSink output)
    {
        // More than a pipe holds, and not for ever: something that was left may write faster than we read.
        const int Most = 32;
        var events = new LibC.PollDescriptor { Descriptor = pipe, Events = LibC.POLLIN };
        for (var i = 0; i < Most && !_isRead && LibC.poll(&events, 1, 0) > 0; i++)
        {
            ReadSome(buffer, output);
        }
    }

    private void ReadSome(byte[] buffer, IOutputSink output)
    {
        fixed (byte* start = buffer)
        {
            var count = LibC.read(pipe, start, buffer.Length);
            if (count > 0)
            {
                output.Write(buffer.AsSpan(0, (int)count));
            }
            else if (count == 0 || Marshal.GetLastPInvokeError() != LibC.EINTR)
            {
                _isRead = true;
                if (family is not null)
                {
                    family.OpenOutput = null;
                }
            }
        }
    }

    /// <summary>Takes its exit code and gives its number back. False if it has not ended.</summary>
    private bool Reap(int options)
    {
        if (_isReaped)
        {
            return true;
        }

        int status, reaped;
        LibC.ResourceUsage usage;
        while ((reaped = LibC.wait4(number, &status, options, &usage)) < 0)
        {
            if (Marshal.GetLastPInvokeError() == LibC.ECHILD)
            {
                // SIGCHLD was ignored when this .NET began, so the runtime reaps every child before we can.
                _isReaped = true;
                _end = new ProcessEnd(null, null, "its exit code is lost, because the build was started with SIGCHLD ignored", Stopped: false) { WasStarted = true };
                return true;
            }
        }

        if (reaped == 0)
        {
            return false;
        }

        // The encoding of wait(2): the low seven bits are the signal, else the next byte is the exit code.
        _isReaped = true;
        var signal = status & 0x7f;
        _end = new ProcessEnd(signal == 0 ? (status >> 8) & 0xff : null, signal == 0 ? null : signal, null, Stopped: false)
        {
            WasStarted = true,
            CpuTime = usage.Time,
            PeakMemory = usage.MaxResidentKibibytes > OwnPeakKibibytes() ? usage.MaxResidentKibibytes * 1024 : null,
        };
        return true;
    }

    private ProcessEnd WithWhatTheFamilyKnows(ProcessEnd end)
    {
        if (family is null)
        {
            return end;
        }

        // The kernel's own number is exact and only there above the build's peak; seen is what was there when we looked.
        var seen = Interlocked.Read(ref family.PeakMemory);
        return end with
        {
            PeakMemory = seen > (end.PeakMemory ?? 0) ? seen : end.PeakMemory,
            IsPeakMemorySampled = seen > (end.PeakMemory ?? 0),
            WasMemoryShort = !end.Stopped && (end.Signal == LibC.SIGKILL || end.ExitCode == Signals.OfShell + LibC.SIGKILL) && Descendants.WasMemoryShort(family),
            LeftBehind = _gone >= 0 ? family.TakeLeft() : [],
            Undying = family.Undying,
        };
    }

    /// <summary>
    /// The most memory the build itself ever held. A new process begins with that as its own peak (exec_mmap in linux/fs/exec.c
    /// hands it on), so a child's peak that is not above it says nothing about the child.
    /// </summary>
    private static long OwnPeakKibibytes()
    {
        LibC.ResourceUsage own;
        _ = LibC.getrusage(LibC.RUSAGE_SELF, &own);
        return own.MaxResidentKibibytes;
    }

    private void Close()
    {
        family?.StopWaiting();
        foreach (var descriptor in (ReadOnlySpan<int>)[_gone, _handle, pipe])
        {
            if (descriptor >= 0)
            {
                _ = LibC.close(descriptor);
            }
        }
    }
}
