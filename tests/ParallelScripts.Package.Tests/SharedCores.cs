using System.Globalization;

namespace ParallelScripts.Package.Tests;

/// <summary>Projects that MSBuild builds at the same time share the cores of the machine, or so many as it believes there are.</summary>
public sealed class SharedCores(PackageFixture package) : PackageTest(package)
{
    private const int Cores = 4;

    /// <summary>A script counts those of all projects that run, itself included, and stays until it is told to go.</summary>
    private static readonly string _script = $"""
        mkdir -p ../here && : > "../here/$1" && ls ../here | wc -l >> ../counts.txt
        {WaitFor("../go-$1")}
        rm "../here/$1"
        """;

    private static readonly Dictionary<string, string> _machine = new() { ["DOTNET_PROCESSOR_COUNT"] = Cores.ToString(CultureInfo.InvariantCulture) };

    [Theory]
    [InlineData("-m:2")]
    [InlineData("-m:2", "-mt")]
    public async Task Are_never_more_than_there_are_with_two_projects_at_once(params string[] how)
    {
        var all = TwoProjects("");
        string[] scripts = [.. Names("one"), .. Names("two")];
        using var running = all.Start("msbuild", ["-t:RunAnalyses", .. how], _machine);

        // The first to come may have taken all before there was another, which has one in any case. What it has too much it gives up as its scripts end.
        await Eventually(() => Here(all).Length >= Cores && Here(all).Select(script => script.Split('-')[0]).Distinct().Count() == 2, "both projects run all they may");
        var began = Here(all);

        // It asks again when a script ends, but not before this time is over.
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        await LeaveAsync(all, began);
        var untilThen = all.ReadLines("counts.txt").Length;
        foreach (var (number, _) in scripts.Index().Skip(began.Length))
        {
            await Eventually(() => Here(all).Length > 0, "another script runs");
            await LeaveAsync(all, Here(all)[..1]);
        }

        (await running.EndAsync()).Succeeded();
        var counts = all.ReadLines("counts.txt").Select(count => int.Parse(count, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(scripts.Length, counts.Length);
        Assert.InRange(counts.Max(), Cores, Cores + 1);

        // Later none, but for two that ask at the very same moment, which docs/cores.md admits.
        Assert.InRange(counts.Skip(untilThen).Count(count => count > Cores), 0, 1);
        Assert.All(["one", "two"], project => Assert.InRange((int)all.RunJson($"{project}/obj/scripts")["slots"]!, 1, Cores));
    }

    [Fact]
    public async Task Are_no_limit_to_a_number_that_a_person_gave()
    {
        var all = TwoProjects("""
              <PropertyGroup>
                <ScriptsMaxDegreeOfParallelism>6</ScriptsMaxDegreeOfParallelism>
              </PropertyGroup>
            """);
        using var running = all.Start("msbuild", ["-t:RunAnalyses", "-m:2"], _machine);

        await Eventually(() => Here(all).Length == 12, "all 12 scripts run");
        foreach (var script in Here(all))
        {
            all.Write($"go-{script}", "");
        }

        (await running.EndAsync()).Succeeded();
        Assert.Equal(6, (int)all.RunJson("one/obj/scripts")["slots"]!);
    }

    /// <summary>Lets scripts end, and waits until they have.</summary>
    private static async Task LeaveAsync(Project all, string[] scripts)
    {
        foreach (var script in scripts)
        {
            all.Write($"go-{script}", "");
        }

        await Eventually(() => !Here(all).Intersect(scripts).Any(), $"{string.Join(", ", scripts)} have ended");
    }

    private static IEnumerable<string> Names(string project) => Enumerable.Range(1, 6).Select(number => $"{project}-{number}");

    private static string[] Here(Project all) => all.Has("here") ? [.. Directory.EnumerateFiles(all.PathOf("here")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)] : [];

    private static async Task Eventually(Func<bool> condition, string what)
    {
        var deadline = DateTime.UtcNow.AddMinutes(3);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"Waited in vain until {what}.");
            await Task.Delay(10);
        }
    }

    /// <summary>A project that builds two others, which begin with their scripts when both are there.</summary>
    private Project TwoProjects(string properties)
    {
        var all = PlainFile("""
            <Project>
              <Target Name="RunAnalyses">
                <MSBuild Projects="one/work.proj;two/work.proj" Targets="RunAnalyses" BuildInParallel="true" />
              </Target>
            </Project>
            """);
        foreach (var (name, other) in new[] { ("one", "two"), ("two", "one") })
        {
            all.Write($"{name}/meet.sh", $": > ../{name}-is-there\n{WaitFor($"../{other}-is-there")}\n");
            all.Write($"{name}/script.sh", _script);
            all.Write($"{name}/work.proj", $"""
                <Project>
                  <Import Project="$(PackageUnderTest)/build/ParallelScripts.props" />
                {properties}
                  <ItemGroup>
                    {string.Join("\n    ", Names(name).Select(script => $"""<ScriptItem Include="script.sh" Name="{script}" Arguments="{script}" />"""))}
                  </ItemGroup>
                  <Target Name="Meet" BeforeTargets="RunAnalyses">
                    <Exec Command="sh meet.sh" />
                  </Target>
                  <Import Project="$(PackageUnderTest)/build/ParallelScripts.targets" />
                </Project>
                """);
        }

        return all;
    }
}
