using System.ComponentModel;
using System.Diagnostics;

namespace ParallelScripts;

/// <summary>What one process used, by looking at it ten times a second; for systems that tell no more. What it started itself is not in it.</summary>
internal sealed class SampledUsage : IDisposable
{
    private const int FirstLook = 10;
    private const int BetweenLooks = 100;

    private readonly Lock _gate = new();
    private readonly Process? _process;
    private readonly Timer? _timer;
    private bool _isOver;

    public SampledUsage(int process)
    {
        try
        {
            // One of our own: who waits for the end of the process has another.
            _process = Process.GetProcessById(process);
            _timer = new Timer(_ => Look(), null, FirstLook, BetweenLooks);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It was that quick.
        }
    }

    /// <summary>The most memory it was seen to hold, in bytes; null if it was not seen.</summary>
    public long? PeakMemory { get; private set; }

    /// <summary>Processor time up to the last look; null if it was not seen.</summary>
    public TimeSpan? CpuTime { get; private set; }

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _timer?.Dispose();
            _process?.Dispose();
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            try
            {
                _process!.Refresh();
                if (Math.Max(_process.PeakWorkingSet64, _process.WorkingSet64) is > 0 and var held)
                {
                    PeakMemory = Math.Max(PeakMemory ?? 0, held);
                }

                CpuTime = _process.TotalProcessorTime;
            }
            catch (Exception untold) when (untold is InvalidOperationException or NotSupportedException or Win32Exception)
            {
                // It has ended, or the system does not tell.
            }
        }
    }
}
