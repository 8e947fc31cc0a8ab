using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ParallelScripts.Package.Tests;

/// <summary>A <c>dotnet</c> command that runs, in an environment as it would be on a fresh terminal.</summary>
internal sealed partial class Dotnet : IDisposable
{
    private static readonly Dictionary<string, int> _signals = new() { ["HUP"] = 1, ["INT"] = 2, ["KILL"] = 9, ["TERM"] = 15 };

    /// <summary>What the host of these tests, itself a <c>dotnet</c>, put into the environment for itself: beginnings of names.</summary>
    private static readonly string[] _hosts = ["MSBUILD", "_MSBUILD", "VSTEST", "XUNIT", "TESTINGPLATFORM", "DOTNET_HOST_PATH", "DOTNET_CLI_", "COVERLET", "CORECLR_"];

    private readonly Process _process;
    private readonly Task _output;
    private readonly StringBuilder _printed = new();
    private readonly StringBuilder _errorPrinted = new();
    private readonly List<(string Text, int Times, TaskCompletionSource Seen)> _awaited = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    private Dotnet(Process process)
    {
        _process = process;
        _output = Task.WhenAll(ReadAsync(process.StandardOutput, _printed), ReadAsync(process.StandardError, _errorPrinted));
    }

    /// <summary>The dotnet that runs these tests, and only else the one on the path.</summary>
    public static string Program { get; } = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <summary>What every command here inherits.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = CleanEnvironment();

    /// <summary>What it has printed until now.</summary>
    public string Printed
    {
        get
        {
            lock (_printed)
            {
                return _printed.ToString();
            }
        }
    }

    public static Dotnet Start(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? ignoredSignal = null)
    {
        // A session of its own: what a terminal or a hanging build sends to a process group must not reach these tests, nor theirs the build.
        // SIGINT as it usually is: tests that a shell runs in its background inherit it ignored, and so would the build.
        var start = OperatingSystem.IsLinux() ? new ProcessStartInfo("setsid", ["env", "--default-signal=INT,HUP,TERM", .. ignoredSignal is null ? [] : new[] { $"--ignore-signal={ignoredSignal}" }, Program, .. arguments]) : new ProcessStartInfo(Program, arguments);
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;

        // Open as long as the build runs: a script that reads what the build could read would not come to its end.
        start.RedirectStandardInput = true;
        start.Environment.Clear();
        foreach (var (name, value) in Environment.Concat(environment ?? new Dictionary<string, string>()))
        {
            start.Environment[name] = value;
        }

        return new Dotnet(Process.Start(start)!);
    }

    public static async Task<Ran> RunAsync(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? timeout = null)
    {
        using var dotnet = Start(folder, arguments, environment);
        return await dotnet.EndAsync(timeout);
    }

    public void KillIfRunning() => _ = Kill(_process.Id, _signals["KILL"]);

    public void Send(string signal) => Assert.Equal(0, Kill(_process.Id, _signals[signal]));

    /// <summary>Waits until the build has printed this, so many times in all, to either stream.</summary>
    public async Task PrintedAsync(string text, int times = 1)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_printed)
        {
            _awaited.Add((text, times, seen));
            Notice();
        }

        if (await Task.WhenAny(seen.Task, _output, Task.Delay(TimeSpan.FromMinutes(3), CancellationToken.None)) != seen.Task && !seen.Task.IsCompleted)
        {
            Assert.Fail($"'{text}' was never printed:\n{_printed}{_errorPrinted}");
        }
    }

    /// <summary>Waits for the end. A build that does not come to one is ended and fails the test: a hang must not last.</summary>
    public async Task<Ran> EndAsync(TimeSpan? timeout = null)
    {
        var limit = timeout ?? TimeSpan.FromMinutes(5);
        using var giveUp = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(giveUp.Token);
            await _output.WaitAsync(giveUp.Token);
            return new Ran(_process.ExitCode, _printed.ToString(), _errorPrinted.ToString(), _watch.Elapsed);
        }
        catch (OperationCanceledException)
        {
            KillAll();
            throw new TimeoutException($"Not done after {limit.TotalSeconds} s: {string.Join(' ', _process.StartInfo.ArgumentList)}\n{_printed}");
        }
    }

    public void Dispose()
    {
        KillAll();
        _process.Dispose();
    }

    private static Dictionary<string, string> CleanEnvironment()
    {
        var environment = new ProcessStartInfo().Environment
            .Where(variable => variable.Key != "CI" && !_hosts.Any(host => variable.Key.StartsWith(host, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(variable => variable.Key, variable => variable.Value ?? "");
        environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        environment["DOTNET_NOLOGO"] = "1";

        // Nothing may stay behind that another test's build would find, or wait for.
        environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["UseSharedCompilation"] = "false";
        return environment;
    }

    private async Task ReadAsync(StreamReader stream, StringBuilder printed)
    {
        var buffer = new char[4096];
        while (await stream.ReadAsync(buffer) is var count and > 0)
        {
            lock (_printed)
            {
                printed.Append(buffer, 0, count);
                Notice();
            }
        }
    }

    private void Notice()
    {
        if (_awaited.Count > 0)
        {
            string[] printed = [_printed.ToString(), _errorPrinted.ToString()];
            foreach (var (_, _, seen) in _awaited.Where(awaited => printed.Any(stream => stream.Split(awaited.Text).Length > awaited.Times)))
            {
                seen.TrySetResult();
            }
        }
    }

    private void KillAll()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            if (OperatingSystem.IsLinux())
            {
                _ = Kill(-_process.Id, _signals["KILL"]);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

/// <summary>How a command ended.</summary>
internal sealed record Ran(int ExitCode, string Output, string ErrorOutput, TimeSpan Duration);
