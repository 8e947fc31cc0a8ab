using System.Collections.Concurrent;
using System.IO.Compression;
using ParallelScripts.Package.Tests;

[assembly: AssemblyFixture(typeof(PackageFixture))]

namespace ParallelScripts.Package.Tests;

/// <summary>
/// The package, packed once from the sources of this repository, in a feed and a package folder of its own: whatever
/// version of it a machine has elsewhere is neither used nor replaced.
/// </summary>
public sealed class PackageFixture : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _restored = new();
    private readonly ConcurrentBag<string> _keep = [];
    private int _restores;

    /// <summary>Everything these tests write is below this folder.</summary>
    public string Root { get; } = Path.Combine(Path.GetTempPath(), $"parallelscripts-tests-{Guid.CreateVersion7():N}");

    /// <summary>The sources.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A version that no other build has.</summary>
    public string Version { get; } = $"1.0.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}.{Environment.ProcessId}";

    /// <summary>The package's files.</summary>
    public string Unpacked => Path.Combine(Root, "unpacked");

    public string Package => Path.Combine(Root, "feed", $"ParallelScripts.{Version}.nupkg");

    /// <summary>Below here, projects import the package's files.</summary>
    internal string PlainProjects => Path.Combine(Root, "plain");

    /// <summary>Below here, projects get the package from NuGet.</summary>
    internal string NuGetProjects => Path.Combine(Root, "nuget");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Root);

        // An artifacts folder, because the usual bin and obj belong to whoever builds the repository right now. What analyzers say
        // and documentation comments do not go into the package, and take half of the time.
        var pack = await Dotnet.RunAsync(
            Repository,
            [
                "pack", "src/ParallelScripts", "--configuration", "Release", "--nologo",
                "--output", Path.Combine(Root, "feed"), "--artifacts-path", Path.Combine(Root, "artifacts"), $"-p:Version={Version}",
                "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:GenerateDocumentationFile=false",
            ],
            timeout: TimeSpan.FromMinutes(15));
        Assert.True(pack.ExitCode == 0, pack.Output);
        await ZipFile.ExtractToDirectoryAsync(Package, Unpacked);

        // By these files, a folder that was kept can be built again by hand, as it was built here.
        Write("plain/Directory.Build.rsp", $"-p:PackageUnderTest={Unpacked}");
        Write("plain/Directory.Build.props", "<Project />");
        Write("plain/Directory.Build.targets", "<Project />");
        Write("plain/Directory.Packages.props", "<Project />");
        Write("nuget/Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <ParallelScriptsVersion>{Version}</ParallelScriptsVersion>
                <RestoreAdditionalProjectSources>{Path.Combine(Root, "feed")}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{Path.Combine(Root, "packages")}</RestorePackagesPath>
              </PropertyGroup>
            </Project>
            """);
        Write("nuget/Directory.Build.targets", "<Project />");
        Write("nuget/Directory.Packages.props", "<Project />");
    }

    public ValueTask DisposeAsync()
    {
        if (_keep.IsEmpty)
        {
            Delete(Root);
        }
        else
        {
            Delete(Path.Combine(Root, "artifacts"));
        }

        return default;
    }

    /// <summary>A failed test's folder stays, and with it all that it needs.</summary>
    internal void Keep(string folder) => _keep.Add(folder);

    internal static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Something still writes there: what is wrong with that, its test has said, and the system empties its temporary folder.
        }
    }

    /// <summary>A folder with what NuGet makes of this project, restored once however many tests use it.</summary>
    internal Task<string> RestoredAsync(string fileName, string project) =>
        _restored.GetOrAdd(project, _ => new Lazy<Task<string>>(async () =>
        {
            var folder = Path.Combine(NuGetProjects, $"restored-{Interlocked.Increment(ref _restores)}");
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, fileName), project);
            var restore = await Dotnet.RunAsync(folder, ["restore", fileName]);
            if (restore.ExitCode != 0)
            {
                Keep(folder);
                Assert.Fail(restore.Output);
            }

            return folder;
        })).Value;

    private void Write(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static string FindRepository()
    {
        // From the built tests upwards: a path that the compiler wrote down is another one in a deterministic build.
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ParallelScripts.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("These tests are not in their repository.");
    }
}
