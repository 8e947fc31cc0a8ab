using System.Globalization;
using System.Runtime.InteropServices;

namespace ParallelScripts;

/// <summary>
/// Hears that the whole build is told to end: SIGTERM from a shutdown, a container or a continuous integration that is cancelled, SIGHUP from
/// a terminal that is closed. MSBuild lets both end it at once, and its scripts would go on; so the signal waits until the runs of this
/// process have ended theirs and recorded it, and is then sent again.
/// </summary>
/// <remarks>
/// A process can have several runs (<c>-m</c>, <c>-mt</c>, a build server): all hear, and the last one to end sends the signal on. Before that it
/// gives the build a moment to fail by the error that we log, with that error in its own log. Between runs nothing of ours is registered.
/// </remarks>
internal sealed class Interruption : IDisposable
{
    /// <summary>How long a build that has our error may take to end by itself.</summary>
    private static readonly TimeSpan _moment = TimeSpan.FromSeconds(1);

    private static readonly Lock _gate = new();
    private static readonly List<Interruption> _watching = [];
    private static readonly List<PosixSignalRegistration> _registrations = [];
    private static PosixSignal? _heard;

    private readonly CancellationTokenSource _interrupted = new();

    private Interruption()
    {
    }

    /// <summary>Cancelled by the signal.</summary>
    public CancellationToken Token => _interrupted.Token;

    /// <summary>By its name; null if none came.</summary>
    public string? Signal => _interrupted.IsCancellationRequested && _heard is { } signal ? signal.ToString() : null;

    /// <summary>Begins to listen. Where a signal has come already, it is heard at once.</summary>
    public static Interruption Watch()
    {
        var watch = new Interruption();
        lock (_gate)
        {
            _watching.Add(watch);
            if (_heard is not null)
            {
                watch._interrupted.Cancel();
            }
            else if (_registrations.Count == 0 && !OperatingSystem.IsWindows())
            {
                _registrations.AddRange(Wanted().Select(signal => PosixSignalRegistration.Create(signal, Hear)));
            }
        }

        return watch;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _watching.Remove(this);
            if (_watching.Count == 0)
            {
                _registrations.ForEach(registration => registration.Dispose());
                _registrations.Clear();
                if (_heard is { } signal)
                {
                    _ = SendAgain(signal);
                }
            }
        }

        _interrupted.Dispose();
    }

    private static void Hear(PosixSignalContext context)
    {
        context.Cancel = true;
        Interruption[] watching;
        lock (_gate)
        {
            _heard ??= context.Signal;
            watching = [.. _watching];
        }

        // Not here: this thread is the one that hears signals.
        foreach (var watch in watching)
        {
            _ = Task.Run(watch.Cancel);
        }
    }

    private void Cancel()
    {
        try
        {
            _interrupted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run ended by itself at this moment.
        }
    }

    private static async Task SendAgain(PosixSignal signal)
    {
        await Task.Delay(_moment).ConfigureAwait(false);
        var number = signal == PosixSignal.SIGHUP ? LibC.SIGHUP : LibC.SIGTERM;

        // .NET ends by SIGTERM with the exit code that is set, which is 0 as long as nobody set one.
        Environment.ExitCode = Signals.OfShell + number;
        _ = LibC.kill(Environment.ProcessId, number);
    }

    /// <summary>A signal that is ignored stays so: who starts a build with <c>nohup</c> means it.</summary>
    private static IEnumerable<PosixSignal> Wanted()
    {
        var ignored = 0UL;
        if (OperatingSystem.IsLinux())
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
            _ = ulong.TryParse(line?["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ignored);
        }

        return new[] { (PosixSignal.SIGTERM, LibC.SIGTERM), (PosixSignal.SIGHUP, LibC.SIGHUP) }
            .Where(signal => (ignored & (1UL << (signal.Item2 - 1))) == 0)
            .Select(signal => signal.Item1);
    }
}
