namespace ParallelScripts.Package.Tests;

public sealed class RandomGraphs(PackageFixture package) : PackageTest(package)
{
    private const int Count = 1000;

    [Theory]
    [InlineData(1, "Eager")]
    [InlineData(2, "Eager")]
    [InlineData(8, "Eager")]
    [InlineData(8, "Tiers")]
    public async Task Of_a_thousand_scripts_run_each_after_all_it_depends_on(int slots, string schedule)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var dependencies = Enumerable.Range(0, Count)
            .Select(script => Enumerable.Range(0, random.Next(4)).Where(_ => script > 0).Select(_ => random.Next(Math.Max(0, script - 100), script)).Distinct().ToArray())
            .ToArray();

        // Declared in any order: it is not the order of the file that makes the run right.
        var declared = Enumerable.Range(0, Count).ToArray();
        random.Shuffle(declared);
        var items = declared.Select(script => $"""
                <ScriptItem Include="check.sh" Name="s{script}" DependsOn="{string.Join(';', dependencies[script].Select(other => $"s{other}"))}" Arguments="s{script} {string.Join(' ', dependencies[script].Select(other => $"s{other}"))}" />
            """);
        var project = Plain($"""
              <ItemGroup>
            {string.Join('\n', items)}
              </ItemGroup>
            """);
        project.Write("check.sh", """
            name=$1
            shift
            for before; do [ -e "done/$before" ] || exit 9; done
            [ ! -e "done/$name" ] || exit 8
            : > "done/$name"
            """);
        Directory.CreateDirectory(project.PathOf("done"));

        var build = await project.RunAnalysesAsync($"-p:ScriptsMaxDegreeOfParallelism={slots}", $"-p:ScriptsSchedule={schedule}");

        Assert.True(build.ExitCode == 0, $"Seed {seed}: {build.Output}");
        Assert.Equal(Count, Directory.GetFiles(project.PathOf("done")).Length);
        var run = project.RunJson();
        Assert.Equal(Count, run["scripts"]!.AsArray().Count(script => (string)script!["outcome"]! == "Succeeded"));
        Assert.Equal(slots, (int)run["slots"]!);
        Assert.All(run["scripts"]!.AsArray(), script => Assert.InRange((int)script!["slot"]!, 0, slots - 1));
    }
}
