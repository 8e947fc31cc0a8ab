using System.ComponentModel;
using System.Diagnostics;

namespace ParallelScripts;

/// <summary>Runs processes by System.Diagnostics.Process, on systems for which we have nothing better. Not tried on Windows and macOS.</summary>
internal sealed class PortableProcessRunner(IReadOnlyDictionary<string, string> environment) : IProcessRunner
{
    /// <summary>How long we go on reading when the process has ended but something it started holds its output open.</summary>
    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(1);

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

        process.StandardInput.Close();
        using var drained = new CancellationTokenSource();
        var gate = new Lock();
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput.BaseStream, output, gate, drained.Token),
            ReadAsync(process.StandardError.BaseStream, output, gate, drained.Token));

        using (stop.UnsafeRegister(static running => Kill((Process)running!), process))
        {
            process.WaitForExit(Timeout.InfiniteTimeSpan);
        }

        drained.CancelAfter(_drain);
        reading.GetAwaiter().GetResult();
        return new ProcessEnd(process.ExitCode, null, null, stop.IsCancellationRequested) { CpuTime = CpuTimeOf(process) };
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

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
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
