using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ParallelScripts;

/// <summary>
/// One process of a script from its start to its end: reads what it prints, ends it when asked, and waits until nothing of what it started
/// is left. The thread that started it is the only one that signals its group and reaps it; whatever left the group is for
/// <see cref="Descendants"/> to find.
/// </summary>
/// <param name="child">Just started; its pipe is closed by this, as all else that it opens.</param>
/// <param name="descendants">Null where what runs starts nothing that it leaves behind.</param>
/// <param name="family">All that it will have started.</param>
/// <param name="grace">How long what is asked to end may take.</param>
internal sealed unsafe class RunningProcess(Child child, Descendants? descendants, Family? family, TimeSpan grace)
{
    private const int BufferSize = 64 * 1024;

    /// <summary>
    /// How long the end of what it printed is waited for once it has ended. A process that is being started at this moment has a copy of the
    /// pipe, until it becomes another program.
    /// </summary>
    private const int MillisecondsUntilRead = 2;

    /// <summary>The most memory the build was seen to have held.</summary>
    private static long _ownPeakKibibytes;

    /// <summary>Longer than <see cref="Descendants"/> takes to give up, which then tells what did not die: for the case that it cannot look.</summary>
    private static readonly TimeSpan _patience = Descendants.Undying + TimeSpan.FromSeconds(2);

    [ThreadStatic]
    private static byte[]? _buffer;

    /// <summary>Tells of its end; −1 if there was nothing left to hold when we came, or no descriptor to hold it by.</summary>
    private readonly int _handle = (int)LibC.syscall(LibC.SYS_pidfd_open, child.Number, 0);

    /// <summary>
    /// Our own copy of the end it writes to, kept until it has ended. Without it the pipe would be at its end a moment before the process is, and
    /// this thread would wake twice, the first time for nothing, where a thousand scripts a second end.
    /// </summary>
    private int _outputEnd = child.OutputEnd;

    private int _gone = -1;
    private bool _isStopped;
    private bool _hasEnded;
    private bool _isRead;
    private bool _isReaped;
    private bool _isGone;
    private bool _isOver;
    private long? _killAt;
    private long? _giveUpAt;
    private ProcessEnd _end = new(null, null, null, Stopped: true);

    /// <summary>Returns when it has ended, its output has been read, and nothing of it is left; or when what is left does not die.</summary>
    /// <param name="stop">Tells when it is to end.</param>
    public ProcessEnd Follow(StopEvent stop, IOutputSink output)
    {
        var buffer = _buffer ??= new byte[BufferSize];
        var descriptors = stackalloc LibC.PollDescriptor[4];
        ref var pipeEvents = ref descriptors[0];
        ref var endEvents = ref descriptors[1];
        ref var stopEvents = ref descriptors[2];
        ref var goneEvents = ref descriptors[3];
        pipeEvents = new() { Descriptor = child.Output, Events = LibC.POLLIN };
        endEvents = new() { Descriptor = _handle, Events = LibC.POLLIN };
        stopEvents = new() { Descriptor = stop.Descriptor, Events = LibC.POLLIN };
        goneEvents = new() { Descriptor = -1, Events = LibC.POLLIN };
        var isStopHeard = false;
        try
        {
            // A descriptor of −1 is one that poll passes over: what it could say has been heard.
            while (!_isOver)
            {
                if (LibC.poll(descriptors, 4, MillisecondsToWait(isBlind: (_handle < 0 && !_hasEnded) || (stop.Descriptor < 0 && !isStopHeard))) < 0 && Marshal.GetLastPInvokeError() != LibC.EINTR)
                {
                    throw new InvalidOperationException($"poll failed: {Marshal.GetLastPInvokeErrorMessage()}");
                }

                if (pipeEvents.Happened != 0)
                {
                    ReadSome(pipeEvents.Happened, buffer, output);
                }

                if (stopEvents.Happened != 0 || (stop.Descriptor < 0 && !isStopHeard && stop.Token.IsCancellationRequested))
                {
                    isStopHeard = true;
                    stopEvents.Descriptor = -1;
                    Stop();
                }

                if (endEvents.Happened != 0 || (_handle < 0 && !_hasEnded && Reap(LibC.WNOHANG)))
                {
                    endEvents.Descriptor = -1;
                    CloseOutputEnd();
                    ReadWhatIsThere(buffer, output, MillisecondsUntilRead);
                    HearItsEnd();
                }

                pipeEvents.Descriptor = _isRead ? -1 : child.Output;
                _isGone |= goneEvents.Happened != 0;
                goneEvents.Descriptor = _isGone ? -1 : _gone;
                goneEvents.Happened = 0;
                _isOver |= family is null ? _hasEnded && _isRead : _isGone && (_hasEnded || family.Undying.Count > 0);
                DoWhatIsDue();
            }

            ReadWhatIsThere(buffer, output, milliseconds: 0);
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
        var isAlone = _isReaped && LibC.kill(-child.Number, 0) != 0;
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

        family.OpenOutput = _isRead ? null : ProcessTable.LinkOf($"/proc/self/fd/{child.Output}");
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

    /// <param name="isBlind">Whether there is something that no descriptor tells.</param>
    private int MillisecondsToWait(bool isBlind)
    {
        const int UntilLookedAt = 20;
        var next = Math.Min(_killAt ?? long.MaxValue, _giveUpAt ?? long.MaxValue);
        var wait = next == long.MaxValue ? -1 : Clock.MillisecondsUntil(next);
        return isBlind && (wait < 0 || wait > UntilLookedAt) ? UntilLookedAt : wait;
    }

    /// <summary>As long as it is not reaped its number is its own and its group's. After that only the descriptor still means this group, on Linux 6.9.</summary>
    private void SignalGroup(int signal)
    {
        if (!_isReaped)
        {
            _ = LibC.kill(-child.Number, signal);
        }
        else if (_handle >= 0)
        {
            _ = LibC.syscall(LibC.SYS_pidfd_send_signal, _handle, signal, 0, LibC.PIDFD_SIGNAL_PROCESS_GROUP);
        }
    }

    private void ReadWhatIsThere(byte[] buffer, IOutputSink output, int milliseconds)
    {
        // More than a pipe holds, and not for ever: something that was left may write faster than we read.
        const int Most = 32;
        var events = new LibC.PollDescriptor { Descriptor = child.Output, Events = LibC.POLLIN };
        for (var i = 0; i < Most && !_isRead && LibC.poll(&events, 1, milliseconds) > 0; i++)
        {
            ReadSome(events.Happened, buffer, output);
        }
    }

    private void ReadSome(short happened, byte[] buffer, IOutputSink output)
    {
        // Nobody has the other end any more, and nothing is in it.
        if (happened == LibC.POLLHUP)
        {
            HearEndOfOutput();
            return;
        }

        fixed (byte* start = buffer)
        {
            var count = LibC.read(child.Output, start, buffer.Length);
            if (count > 0)
            {
                output.Write(buffer.AsSpan(0, (int)count));
            }
            else if (count == 0 || Marshal.GetLastPInvokeError() != LibC.EINTR)
            {
                HearEndOfOutput();
            }
        }
    }

    private void HearEndOfOutput()
    {
        _isRead = true;
        if (family is not null)
        {
            family.OpenOutput = null;
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
        while ((reaped = LibC.wait4(child.Number, &status, options, &usage)) < 0)
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
            PeakMemory = IsAboveOwnPeak(usage.MaxResidentKibibytes) ? usage.MaxResidentKibibytes * 1024 : null,
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
    /// Whether that is more than the build itself ever held. A new process begins with that as its own peak (exec_mmap in linux/fs/exec.c
    /// hands it on), so a child's peak that is not above it says nothing about the child.
    /// </summary>
    private static bool IsAboveOwnPeak(long kibibytes)
    {
        // Ours only grows: what is not above what it once was need not be compared with what it is.
        if (kibibytes <= Interlocked.Read(ref _ownPeakKibibytes))
        {
            return false;
        }

        LibC.ResourceUsage own;
        _ = LibC.getrusage(LibC.RUSAGE_SELF, &own);
        Interlocked.Exchange(ref _ownPeakKibibytes, own.MaxResidentKibibytes);
        return kibibytes > own.MaxResidentKibibytes;
    }

    private void CloseOutputEnd()
    {
        if (_outputEnd >= 0)
        {
            _ = LibC.close(_outputEnd);
            _outputEnd = -1;
        }
    }

    private void Close()
    {
        family?.StopWaiting();
        CloseOutputEnd();
        if (_gone >= 0)
        {
            _ = LibC.close(_gone);
        }

        if (_handle >= 0)
        {
            _ = LibC.close(_handle);
        }

        _ = LibC.close(child.Output);
    }
}

/// <summary>A process that was just started.</summary>
/// <param name="Number">Its number, and that of its group and session.</param>
/// <param name="Output">Where both its output streams can be read.</param>
/// <param name="OutputEnd">The other end of that, which it has too.</param>
internal readonly record struct Child(int Number, int Output, int OutputEnd);
