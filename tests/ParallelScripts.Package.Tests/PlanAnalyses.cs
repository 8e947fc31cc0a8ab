namespace ParallelScripts.Package.Tests;

public sealed class PlanAnalyses(PackageFixture package) : PackageTest(package)
{
    [Fact]
    public async Task Prints_the_tiers_runs_nothing_and_writes_nothing()
    {
        var project = Plain("""
              <PropertyGroup>
                <ScriptsMaxDegreeOfParallelism>3</ScriptsMaxDegreeOfParallelism>
                <ScriptsSchedule>Tiers</ScriptsSchedule>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="page.sh" DependsOn="clean/*.sh;load.sh" />
                <ScriptItem Include="clean/a.sh" DependsOn="load.sh" />
                <ScriptItem Include="clean/b.sh" DependsOn="load.sh" />
                <ScriptItem Include="load.sh" />
                <ScriptItem Include="shell" Command="touch shell-ran" />
              </ItemGroup>
            """);
        string[] scripts = ["page.sh", "clean/a.sh", "clean/b.sh", "load.sh"];
        foreach (var script in scripts)
        {
            project.Write(script, ": > ran");
        }

        var build = await project.MSBuildAsync("-t:PlanAnalyses");

        build.Succeeded();
        Assert.Equal(
            [
                "5 scripts in 3 tiers, 3 at once (Tiers): 0 up to date.",
                "Tier 0:",
                "load.sh runs: it declares no Outputs, so it always runs",
                "shell runs: it declares no Outputs, so it always runs",
                "Tier 1:",
                "clean/a.sh after load.sh runs: it declares no Outputs, so it always runs",
                "clean/b.sh after load.sh runs: it declares no Outputs, so it always runs",
                "Tier 2:",
                "page.sh after clean/a.sh, clean/b.sh, load.sh runs: it declares no Outputs, so it always runs",
            ],
            build.Lines);
        Assert.Equal(
            [.. scripts.Append("build1.binlog").Append("work.proj").Order(StringComparer.Ordinal)],
            Directory.EnumerateFiles(project.Folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(project.Folder, file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Counts_one_script_as_one()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="only.sh" />
              </ItemGroup>
            """);
        project.Write("only.sh", "");

        var build = await project.MSBuildAsync("-t:PlanAnalyses", "-p:ScriptsMaxDegreeOfParallelism=1");

        Assert.Equal("1 script in 1 tier, 1 at once (Eager): 0 up to date.", build.Succeeded().Lines[0]);
    }

    [Fact]
    public async Task Says_what_is_wrong_as_a_run_would()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="missing.sh" />
              </ItemGroup>
            """);

        var build = await project.MSBuildAsync("-t:PlanAnalyses");

        Assert.Equal(
            [$"work.proj(4,5): PSCR1007: Script 'missing.sh' is to run 'missing.sh', but there is no such file in '{project.Folder}'. Correct the path, or set Command if it is not a file that is to run."],
            build.Failed().Errors);
    }
}
