using System.Text.Json.Nodes;

namespace ParallelScripts.Package.Tests;

/// <summary>A folder of a test's own with a project in it, and the commands a person would give there.</summary>
public sealed class Project(string folder, string fileName)
{
    private int _builds;

    public string Folder { get; } = folder;

    public string FileName { get; } = fileName;

    /// <summary>Writes a file, and gives its path.</summary>
    public string Write(string path, string text)
    {
        var file = PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public string PathOf(string path) => Path.Combine(Folder, path);

    public bool Has(string path) => Path.Exists(PathOf(path));

    public string Read(string path) => File.ReadAllText(PathOf(path));

    public string[] ReadLines(string path) => File.ReadAllLines(PathOf(path));

    /// <summary>The record of the last run.</summary>
    public JsonNode RunJson(string stateDirectory = "obj/scripts") => JsonNode.Parse(Read($"{stateDirectory}/run.json"))!;

    /// <summary><c>a Succeeded, b Failed</c>: what became of the scripts in the last run, as declared.</summary>
    public string Outcomes(string stateDirectory = "obj/scripts") =>
        string.Join(", ", RunJson(stateDirectory)["scripts"]!.AsArray().Select(script => $"{script!["name"]} {script["outcome"]}"));

    /// <summary><c>dotnet msbuild -t:RunAnalyses</c> and what else is given.</summary>
    internal Task<Build> RunAnalysesAsync(params string[] arguments) => MSBuildAsync(["-t:RunAnalyses", .. arguments]);

    internal Task<Build> MSBuildAsync(params string[] arguments) => DotnetAsync("msbuild", arguments);

    /// <summary>Any command that builds this project.</summary>
    internal async Task<Build> DotnetAsync(string command, params string[] arguments)
    {
        using var build = Start(command, arguments);
        return await build.EndAsync();
    }

    /// <summary>Starts a build, and leaves it to the test when to wait for it.</summary>
    internal RunningBuild Start(string command, params string[] arguments) => Start(command, arguments, environment: null);

    internal RunningBuild Start(string command, string[] arguments, IReadOnlyDictionary<string, string>? environment, string? ignoredSignal = null)
    {
        var binlog = PathOf($"build{++_builds}.binlog");
        return new RunningBuild(Dotnet.Start(Folder, [command, FileName, $"-bl:{binlog}", .. arguments], environment, ignoredSignal), Folder, binlog);
    }
}

/// <summary>A build that has not ended.</summary>
internal sealed class RunningBuild(Dotnet dotnet, string folder, string binlog) : IDisposable
{
    /// <summary>Sends a signal to the build, and to nothing that it started. <c>INT</c> is what Ctrl+C sends.</summary>
    public void Send(string signal) => dotnet.Send(signal);

    /// <summary>Kills the build, if it has not ended by itself at this very moment.</summary>
    public void KillIfRunning() => dotnet.KillIfRunning();

    public Task PrintedAsync(string text) => dotnet.PrintedAsync(text);

    public async Task<Build> EndAsync(TimeSpan? timeout = null) => new(await dotnet.EndAsync(timeout), folder, binlog);

    public void Dispose() => dotnet.Dispose();
}
