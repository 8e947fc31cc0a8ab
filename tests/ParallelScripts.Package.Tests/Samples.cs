using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace ParallelScripts.Package.Tests;

public sealed class Samples(Samples.Clone clone) : IClassFixture<Samples.Clone>, IDisposable
{
    private const string Maestro = "dotnet build samples/Maestro -t:RunAnalyses";
    private const string Scenario2 = "dotnet build samples/Maestro -t:RunAnalyses -p:Scenario=2";
    private const string ApiDocs = "dotnet build samples/ApiDocs -t:RunAnalyses";
    private const string GeneratedCode = "dotnet build samples/GeneratedCode";
    private const string OnSlurm = "dotnet build samples/Slurm -t:RunAnalyses";
    private const string SingleFileCSharp = "dotnet build samples/SingleFileCSharp -t:RunAnalyses";

    /// <summary>What is run here, word for word as it stands in what people read.</summary>
    public static IReadOnlyList<string> Commands { get; } = [Maestro, Scenario2, ApiDocs, SingleFileCSharp, GeneratedCode, OnSlurm];

    [Fact]
    public async Task Maestro_takes_as_long_as_its_longest_script_and_ends_fastest_first()
    {
        await clone.RunAsync(Maestro);

        // All have begun before the first ends: so the run takes as long as the longest of them.
        var scripts = clone.RunJson("samples/Maestro")["scripts"]!.AsArray();
        Assert.Equal(["process2.py", "process3.py", "process1.py"], scripts.OrderBy(script => EndOf(script!)).Select(script => (string)script!["name"]!));
        Assert.All(scripts, script => Assert.True(StartOf(script!) < scripts.Min(other => EndOf(other!))));
    }

    [Fact]
    public async Task Maestro_in_its_second_scenario_starts_the_third_after_both_others()
    {
        await clone.RunAsync(Scenario2);

        var scripts = clone.RunJson("samples/Maestro")["scripts"]!.AsArray();
        Assert.Equal(["process1.py", "process2.py"], scripts[2]!["dependsOn"]!.AsArray().Select(name => (string)name!));

        // What is written is rounded to milliseconds.
        var others = new[] { EndOf(scripts[0]!), EndOf(scripts[1]!) }.Max();
        Assert.True(StartOf(scripts[2]!) >= others - TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task ApiDocs_makes_a_page()
    {
        await clone.RunAsync(ApiDocs);

        Assert.Equal(15, clone.RunJson("samples/ApiDocs")["scripts"]!.AsArray().Count(script => (string)script!["outcome"]! == "Succeeded"));
        Assert.Contains("</html>", File.ReadAllText(Path.Combine(clone.Folder, "samples/ApiDocs/results/index.html")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task SingleFileCSharp_makes_a_page()
    {
        await clone.RunAsync(SingleFileCSharp);

        Assert.Equal(4, clone.RunJson("samples/SingleFileCSharp")["scripts"]!.AsArray().Count(script => (string)script!["outcome"]! == "Succeeded"));
        Assert.Contains("</html>", File.ReadAllText(Path.Combine(clone.Folder, "samples/SingleFileCSharp/results/index.html")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task GeneratedCode_compiles_what_its_script_writes_and_writes_it_once()
    {
        await clone.RunAsync(GeneratedCode);
        Assert.Equal("Succeeded", (string)clone.RunJson("samples/GeneratedCode")["scripts"]![0]!["outcome"]!);
        Assert.True(File.Exists(Path.Combine(clone.Folder, "samples/GeneratedCode/bin/Debug/net10.0/GeneratedCode.dll")));

        await clone.RunAsync(GeneratedCode);
        Assert.Equal("UpToDate", (string)clone.RunJson("samples/GeneratedCode")["scripts"]![0]!["outcome"]!);
    }

    [Fact]
    public async Task Slurm_runs_on_one_machine_too()
    {
        await clone.RunAsync(OnSlurm);

        Assert.Equal("3.1", File.ReadAllText(Path.Combine(clone.Folder, "samples/Slurm/results/pi.txt"))[..3]);
    }

    [Fact]
    public void Are_all_run_here()
    {
        var samples = Directory.EnumerateFiles(Path.Combine(clone.Folder, "samples"), "*.csproj", SearchOption.AllDirectories).Select(file => Path.GetFileName(Path.GetDirectoryName(file)));

        Assert.Equal(samples.Order(StringComparer.Ordinal), Commands.Select(command => command.Split(' ', '/')[3]).Distinct().Order(StringComparer.Ordinal));
    }

    public void Dispose()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            clone.Keep();
            TestContext.Current.TestOutputHelper?.WriteLine($"Kept: {clone.Folder}");
        }
    }

    private static DateTimeOffset StartOf(JsonNode script) => DateTimeOffset.Parse((string)script["startTime"]!, CultureInfo.InvariantCulture);

    private static DateTimeOffset EndOf(JsonNode script) => StartOf(script).AddSeconds((double)script["seconds"]!);

    /// <summary>The repository as somebody finds it who has just cloned it: samples pack and run beside nobody else's build.</summary>
    public sealed class Clone(PackageFixture package) : IAsyncLifetime
    {
        private bool _keep;

        public string Folder { get; } = Path.Combine(package.Root, "clone");

        public async ValueTask InitializeAsync()
        {
            var start = new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", ".", ":!tests"])
            {
                WorkingDirectory = PackageFixture.Repository,
                RedirectStandardOutput = true,
            };
            using var git = Process.Start(start)!;
            var files = await git.StandardOutput.ReadToEndAsync();
            await git.WaitForExitAsync();
            Assert.Equal(0, git.ExitCode);
            foreach (var file in files.Split('\0', StringSplitOptions.RemoveEmptyEntries))
            {
                // A file that was deleted and not committed is still listed.
                var source = Path.Combine(PackageFixture.Repository, file);
                var target = Path.Combine(Folder, file);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                if (File.Exists(source))
                {
                    File.Copy(source, target);
                }
            }
        }

        public ValueTask DisposeAsync()
        {
            if (!_keep)
            {
                PackageFixture.Delete(Folder);
            }

            return default;
        }

        /// <summary>Runs a command as one would type it. The first one packs the package too.</summary>
        internal async Task RunAsync(string command)
        {
            // Scripts that sleep side by side need no cores, only slots. With fewer than three, what earlier runs took says who is first.
            var slots = Environment.ProcessorCount > 2 ? [] : new[] { "-p:ScriptsMaxDegreeOfParallelism=3" };
            var ran = await Dotnet.RunAsync(Folder, [.. command.Split(' ')[1..], .. slots], timeout: TimeSpan.FromMinutes(15));
            Assert.True(ran.ExitCode == 0, ran.Output + ran.ErrorOutput);
        }

        internal JsonNode RunJson(string sample) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, sample, "obj/scripts/run.json")))!;

        internal void Keep()
        {
            _keep = true;
            package.Keep(Folder);
        }
    }
}
