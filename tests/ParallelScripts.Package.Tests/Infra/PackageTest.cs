namespace ParallelScripts.Package.Tests;

/// <summary>A test of the package: makes projects, and keeps their folders if it fails.</summary>
public abstract class PackageTest(PackageFixture package) : IDisposable
{
    /// <summary>How a project asks for the scripts to run with each build.</summary>
    protected const string OnBuild = """
          <PropertyGroup>
            <RunAnalysesOnBuild>true</RunAnalysesOnBuild>
          </PropertyGroup>
        """;

    /// <summary>Two scripts, declared in the other order than they have to run in.</summary>
    protected const string TwoScripts = """
          <ItemGroup>
            <ScriptItem Include="second.sh" DependsOn="first.sh" />
            <ScriptItem Include="first.sh" />
          </ItemGroup>
        """;

    // Another framework than that of the SDK would have to be downloaded; this one makes do with the reference assemblies that are there.
    protected const string TwoFrameworks = """
          <PropertyGroup>
            <TargetFrameworks>net10.0;net9.0</TargetFrameworks>
            <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="$(NetCoreTargetingPackRoot)/Microsoft.NETCore.App.Ref/$(BundledNETCoreAppPackageVersion)/ref/net10.0/System.Runtime.dll" Private="false" />
          </ItemGroup>
        """;

    protected const string Net10 = """
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
          </PropertyGroup>
        """;

    private static int _count;

    private readonly List<string> _folders = [];

    protected PackageFixture Package => package;

    /// <summary>
    /// A project that imports the two files of the package and compiles nothing: a build of it costs a third of a second.
    /// </summary>
    protected Project Plain(string body) => PlainFile($"""
        <Project>
          <Import Project="$(PackageUnderTest)/build/ParallelScripts.props" />
        {body}
          <Import Project="$(PackageUnderTest)/build/ParallelScripts.targets" />
        </Project>
        """);

    /// <summary>The same, with the whole file written by the test.</summary>
    protected Project PlainFile(string text)
    {
        var project = new Project(NewFolder(package.PlainProjects), "work.proj");
        project.Write(project.FileName, text);
        return project;
    }

    /// <summary>A project that gets the package from NuGet. Restored once for all tests that need the same.</summary>
    /// <param name="head">All that decides what NuGet does: it is restored with nothing else.</param>
    /// <param name="body">The rest.</param>
    protected async Task<Project> NuGetAsync(string head, string body, string sdk = "Microsoft.NET.Sdk")
    {
        var restored = await package.RestoredAsync("work.csproj", File(""));
        var project = new Project(NewFolder(package.NuGetProjects), "work.csproj");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(restored, "obj")))
        {
            var copy = project.PathOf("obj/" + Path.GetFileName(file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            System.IO.File.Copy(file, copy);
        }

        project.Write(project.FileName, File(body));
        return project;

        string File(string rest) => $"""
            <Project Sdk="{sdk}">
            {head}
              <ItemGroup>
                <PackageReference Include="ParallelScripts" Version="$(ParallelScriptsVersion)" PrivateAssets="all" />
              </ItemGroup>
            {rest}
            </Project>
            """;
    }

    protected static Project WithTwoScripts(Project project)
    {
        project.Write("first.sh", "echo first >> ran.txt");
        project.Write("second.sh", "echo second >> ran.txt");
        return project;
    }

    protected static void AssertRanOnce(Project project) => Assert.Equal(["first", "second"], project.ReadLines("ran.txt"));

    /// <summary>A line of a shell script that waits until a file is there; for five minutes at most, so that nothing waits for ever.</summary>
    protected static string WaitFor(string file) => $"i=0; while [ ! -e \"{file}\" ]; do i=$((i+1)); [ $i -lt 15000 ] || exit 99; sleep 0.02; done";

    protected string NewFolder(string below)
    {
        var folder = Path.Combine(below, $"{GetType().Name}-{Interlocked.Increment(ref _count)}");
        Directory.CreateDirectory(folder);
        _folders.Add(folder);
        return folder;
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        var failed = TestContext.Current.TestState?.Result == TestResult.Failed;
        foreach (var folder in _folders)
        {
            if (failed)
            {
                package.Keep(folder);
                TestContext.Current.TestOutputHelper?.WriteLine($"Kept, with the binary log: {folder}");
            }
            else
            {
                PackageFixture.Delete(folder);
            }
        }
    }
}
