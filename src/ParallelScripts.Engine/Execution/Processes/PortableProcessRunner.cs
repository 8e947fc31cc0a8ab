using System.ComponentModel;
using System.Diagnostics;

namespace ParallelScripts;

/// <summary>
/// Runs processes by System.Diagnostics.Process, on systems for which we have nothing better. On Windows each runs in a job, which ends all
/// that it started; elsewhere what leaves the tree of its children escapes. Not tried on Windows and macOS.
/// </summary>
internal sealed class PortableProcessRunner(IReadOnlyDictionary<string, string> environment) : IProcessRunner
{
    /// <summary>How long we go on reading when the process has ended but something it started holds its output open.</summary>
    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(1);

    /// <summary>How long we wait for the death of what has been killed.</summary>
    private static readonly TimeSpan _undying = TimeSpan.FromMilliseconds(600);

    public ProcessEnd Run(ProcessStart start, IOutputSink output, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return new ProcessEnd(null, null, null, Stopped: true);
        }

        using var process = new Process { StartInfo = ToStartInfo(start) };
        try
        {
            process.Start();
        }
        catch (Win32Exception refused)
        {
            return ProcessEnd.NotStarted(refused.Message);
        }

        using var usage = new SampledUsage(process.Id);
        process.StandardInput.Close();
        using var job = OperatingSystem.IsWindows() ? WindowsJob.Of(process) : null;
        using var drained = new CancellationTokenSource();
        var gate = new Lock();
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput.BaseStream, output, gate, drained.Token),
            ReadAsync(process.StandardError.BaseStream, output, gate, drained.Token));

        var (isStopped, isOver) = WaitForEnd(process, job, stop);
        drained.CancelAfter(_drain);
        reading.GetAwaiter().GetResult();
        usage.Dispose();
        return new ProcessEnd(isOver ? process.ExitCode : null, null, null, isStopped)
        {
            WasStarted = true,
            CpuTime = (isOver ? CpuTimeOf(process) : null) ?? usage.CpuTime,
            PeakMemory = usage.PeakMemory,
            IsPeakMemorySampled = usage.PeakMemory is not null,
        };
    }

    public void Dispose()
    {
    }

    private ProcessStartInfo ToStartInfo(ProcessStart start)
    {
        var info = new ProcessStartInfo(start.Program, start.Arguments)
        {
            WorkingDirectory = start.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        info.Environment.Clear();
        foreach (var (name, value) in environment.Concat(start.Environment))
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private static async Task ReadAsync(Stream stream, IOutputSink output, Lock gate, CancellationToken drained)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, drained).ConfigureAwait(false)) > 0)
            {
                lock (gate)
                {
                    output.Write(buffer.AsSpan(0, count));
                }
            }
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            // What is not read by now belongs to something that outlives the script.
        }
    }

    /// <summary>Waits, and ends it when asked. Tells whether it was asked, and whether the process has ended.</summary>
    private static (bool IsStopped, bool IsOver) WaitForEnd(Process process, WindowsJob? job, CancellationToken stop)
    {
        try
        {
            process.WaitForExitAsync(stop).GetAwaiter().GetResult();
            return (false, true);
        }
        catch (OperationCanceledException)
        {
            // At once, without asking: one that ends politely leaves its children behind, where nothing tells any more whose they were.
            Kill(process, job);
            return (true, process.WaitForExit(_undying));
        }
    }

    private static void Kill(Process process, WindowsJob? job)
    {
        try
        {
            if (OperatingSystem.IsWindows() && job is not null)
            {
                job.Kill();
            }
            else
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself meanwhile.
        }
    }

    private static TimeSpan? CpuTimeOf(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception untold) when (untold is InvalidOperationException or NotSupportedException or Win32Exception)
        {
            return null;
        }
    }
}
