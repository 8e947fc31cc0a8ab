using System.Globalization;
using System.Runtime.InteropServices;

namespace ParallelScripts;

/// <summary>
/// Hears that the whole build is told to end: SIGTERM from a shutdown, a container or a continuous integration that is cancelled, SIGHUP from
/// a terminal that is closed. The dotnet command answers the first with <c>Environment.Exit(0)</c>, nobody the second, and scripts would go
/// on. So the signal is held until the runs of this process have ended their scripts and recorded it; then the process ends.
/// </summary>
/// <remarks>
/// A process can have several runs (<c>-m</c>, <c>-mt</c>, a build server): all hear, and the last one to end lets the process go, after
/// a moment in which the build may fail by itself, with our error in its log. .NET calls handlers on a thread made for each signal, the last
/// one registered first, so waiting in ours holds those of others. Between runs nothing of ours is registered.
/// </remarks>
internal sealed class Interruption : IDisposable
{
    /// <summary>How long a build that has our error may take to end by itself.</summary>
    private static readonly TimeSpan _moment = TimeSpan.FromSeconds(1);

    private static readonly Lock _gate = new();
    private static readonly List<Interruption> _watching = [];
    private static readonly List<PosixSignalRegistration> _registrations = [];
    private static readonly ManualResetEventSlim _noneWatches = new(initialState: true);
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
            _noneWatches.Reset();
            if (_heard is not null)
            {
                watch._interrupted.Cancel();
            }
            else if (_registrations.Count == 0 && !OperatingSystem.IsWindows())
            {
                var ignored = Ignored();
                Listen(PosixSignal.SIGTERM, LibC.SIGTERM, ignored);
                Listen(PosixSignal.SIGHUP, LibC.SIGHUP, ignored);
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
                _noneWatches.Set();
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

        Array.ForEach(watching, watch => watch.Cancel());
        do
        {
            _noneWatches.Wait();
            Thread.Sleep(_moment);
        }
        while (!_noneWatches.IsSet);

        Environment.Exit(Signals.OfShell + (context.Signal == PosixSignal.SIGHUP ? LibC.SIGHUP : LibC.SIGTERM));
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

    /// <summary>A signal that is ignored stays so: who starts a build with <c>nohup</c> means it.</summary>
    private static void Listen(PosixSignal signal, int number, ulong ignored)
    {
        if ((ignored & (1UL << (number - 1))) == 0)
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, Hear));
        }
    }

    /// <summary>The signals that this process ignores, a bit for each.</summary>
    private static ulong Ignored()
    {
        var ignored = 0UL;
        if (OperatingSystem.IsLinux())
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
            _ = ulong.TryParse(line?["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ignored);
        }

        return ignored;
    }
}
