using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace ParallelScripts;

/// <summary>
/// Builds single-file C# programs, each file once, and remembers what it was built from, so that an unchanged one starts as
/// the program it is: in 0.04 s, where <c>dotnet run</c> takes 0.2 s to find out that there is nothing to build.
/// </summary>
/// <remarks>
/// Two <c>dotnet run --file</c> of one file at the same time get into each other's way, so whoever comes second waits: in
/// this run for a lock of ours, across runs for a lock file, which the system releases when its process dies.
/// </remarks>
internal sealed class CSharpPrograms(IProcessRunner processes, string stateDirectory)
{
    /// <summary>Files in this folder or any above it that the SDK reads by itself when it builds a single file.</summary>
    private static readonly string[] _implicitBuildFiles =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "Directory.Build.rsp", "global.json", "nuget.config", "NuGet.config", "NuGet.Config"];

    private readonly ConcurrentDictionary<string, Lock> _locks = new();

    /// <summary>The files that the SDK reads by itself when it builds a single file, nearest first.</summary>
    public static IEnumerable<string> ImplicitBuildFiles(string file)
    {
        for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            foreach (var name in _implicitBuildFiles.Select(name => Path.Combine(folder, name)).Where(File.Exists))
            {
                yield return name;
            }
        }
    }

    /// <summary>The program that a C# file was built to, absolute; null if it does not compile, and then the output says why.</summary>
    public string? Build(Launch launch, IOutputSink output, CancellationToken stop)
    {
        var file = launch.CSharpFile!;
        var folder = Path.Combine(stateDirectory, "csharp", $"{Path.GetFileNameWithoutExtension(file)}-{Hash(file)[..8]}");
        lock (_locks.GetOrAdd(file, _ => new Lock()))
        {
            Directory.CreateDirectory(folder);
            using var acrossRuns = WaitForLock(Path.Combine(folder, ".lock"), stop);
            if (acrossRuns is null)
            {
                return null;
            }

            var program = Path.Combine(folder, Path.GetFileNameWithoutExtension(file) + (OperatingSystem.IsWindows() ? ".exe" : ""));
            var stamp = Path.Combine(folder, ".built-from");
            var builtFrom = BuiltFrom(file, launch.Program);
            if (builtFrom is not null && File.Exists(program) && File.Exists(stamp) && File.ReadAllText(stamp) == builtFrom)
            {
                return program;
            }

            File.Delete(stamp);
            var compiler = new AllOutput();
            var build = new ProcessStart(
                launch.Program,
                ["build", file, "--output", folder, "--nologo", "--verbosity", "quiet", "-consoleLoggerParameters:NoSummary"],
                Path.GetDirectoryName(file)!,
                new Dictionary<string, string> { ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0", ["MSBUILDDISABLENODEREUSE"] = "1", ["MSBUILDTERMINALLOGGER"] = "off" });
            var end = processes.Run(build, compiler, stop);
            if (end.ExitCode == 0 && File.Exists(program))
            {
                // What a good build says (a restore, a warning of the SDK) is not what the script prints.
                File.WriteAllText(stamp, builtFrom);
                return program;
            }

            // What the compiler says, now that somebody needs it.
            compiler.CopyTo(output);
            return null;
        }
    }

    /// <summary>Everything that decides what comes out of a build, hashed; null if the file takes in others that we do not follow.</summary>
    private static string? BuiltFrom(string file, string dotnet)
    {
        var source = File.ReadAllText(file);
        if (source.Split('\n').Any(line => line.StartsWith("#:project", StringComparison.Ordinal) || line.StartsWith("#:include", StringComparison.Ordinal)))
        {
            return null;
        }

        var decides = new StringBuilder().Append(dotnet).Append('\n').Append(Environment.Version).Append('\n').Append(source);
        foreach (var name in ImplicitBuildFiles(file))
        {
            decides.Append('\n').Append(name).Append('\n').Append(File.ReadAllText(name));
        }

        return Hash(decides.ToString());
    }

    /// <summary>Null if it is to stop waiting.</summary>
    private static FileStream? WaitForLock(string file, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                // Another build of the same project compiles this file; nothing tells when it is done.
                stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(50));
            }
        }

        return null;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
