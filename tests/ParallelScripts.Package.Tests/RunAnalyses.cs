namespace ParallelScripts.Package.Tests;

public sealed class RunAnalyses(PackageFixture package) : PackageTest(package)
{
    [Fact]
    public async Task Runs_the_scripts_of_a_plain_project_that_imports_two_files()
    {
        var project = WithTwoScripts(Plain(TwoScripts));

        var build = await project.RunAnalysesAsync();

        build.Succeeded();
        AssertRanOnce(project);
        Assert.Equal("second.sh Succeeded, first.sh Succeeded", project.Outcomes());
    }

    [Fact]
    public async Task Runs_the_scripts_of_a_project_that_compiles_and_compiles_nothing()
    {
        var project = WithTwoScripts(await NuGetAsync(Net10, TwoScripts));

        var build = await project.RunAnalysesAsync();

        build.Succeeded();
        AssertRanOnce(project);
        Assert.DoesNotContain("CoreCompile", build.Targets);
    }

    [Fact]
    public async Task Runs_the_scripts_of_a_NoTargets_project()
    {
        var project = WithTwoScripts(await NuGetAsync(Net10, TwoScripts, sdk: "Microsoft.Build.NoTargets/3.7.0"));

        var build = await project.RunAnalysesAsync();

        build.Succeeded();
        AssertRanOnce(project);
    }

    [Fact]
    public async Task Runs_the_scripts_once_however_many_target_frameworks_there_are()
    {
        var project = WithTwoScripts(await NuGetAsync(TwoFrameworks, TwoScripts));

        var build = await project.RunAnalysesAsync();

        build.Succeeded();
        AssertRanOnce(project);
        Assert.Equal(1, build.Runs);
    }

    [Fact]
    public async Task Runs_nothing_in_a_design_time_build()
    {
        var project = WithTwoScripts(await NuGetAsync(Net10, OnBuild + TwoScripts));

        var build = await project.MSBuildAsync("-t:RunAnalyses;PlanAnalyses;Build", "-p:DesignTimeBuild=true", "-p:BuildingProject=false", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true", "-p:SkipCopyBuildProduct=true");

        build.Succeeded();
        Assert.Equal(0, build.Runs);
        Assert.False(project.Has("ran.txt"));
    }

    // Each script waits for the other project's: they end only if both projects run at the same time.
    [Theory]
    [InlineData("-m:2")]
    [InlineData("-m:2", "-mt")]
    [InlineData("-m:2", "-graph")]
    [InlineData("-m:2", "-graph", "-mt")]
    public async Task Runs_several_projects_at_once(params string[] how)
    {
        var all = PlainFile("""
            <Project>
              <ItemGroup>
                <ProjectReference Include="one/work.proj;two/work.proj" />
                <ProjectReferenceTargets Include="RunAnalyses" Targets="RunAnalyses" />
              </ItemGroup>
              <Target Name="RunAnalyses">
                <MSBuild Projects="@(ProjectReference)" Targets="RunAnalyses" BuildInParallel="true" />
              </Target>
            </Project>
            """);
        foreach (var (own, other) in new[] { ("one", "two"), ("two", "one") })
        {
            all.Write($"{own}/work.proj", $"""
                <Project>
                  <Import Project="$(PackageUnderTest)/build/ParallelScripts.props" />
                  <ItemGroup>
                    <ScriptItem Include="wait.sh" EnvironmentVariables="OTHER={other}" />
                    <ScriptItem Include="here.sh" WorkingDirectory="sub" DependsOn="wait.sh" />
                  </ItemGroup>
                  <Import Project="$(PackageUnderTest)/build/ParallelScripts.targets" />
                </Project>
                """);
            all.Write($"{own}/wait.sh", ": > started; " + WaitFor("../$OTHER/started"));
            all.Write($"{own}/here.sh", "pwd -P > here.txt");
            all.Write($"{own}/sub/.keep", "");
        }

        var build = await all.RunAnalysesAsync(how);

        build.Succeeded();
        Assert.Equal(2, build.Runs);
        Assert.EndsWith("/one/sub", all.ReadLines("one/sub/here.txt").Single(), StringComparison.Ordinal);
        Assert.EndsWith("/two/sub", all.ReadLines("two/sub/here.txt").Single(), StringComparison.Ordinal);
        Assert.Equal("wait.sh Succeeded, here.sh Succeeded", all.Outcomes("one/obj/scripts"));
    }

    [Fact]
    public async Task Runs_the_targets_of_RunAnalysesDependsOn_first_and_scripts_they_add()
    {
        var project = Plain("""
              <PropertyGroup>
                <RunAnalysesDependsOn>$(RunAnalysesDependsOn);Prepare</RunAnalysesDependsOn>
              </PropertyGroup>
              <Target Name="Prepare">
                <WriteLinesToFile File="ran.txt" Lines="prepared" />
                <ItemGroup>
                  <ScriptItem Include="first.sh" />
                </ItemGroup>
              </Target>
            """);
        WithTwoScripts(project);

        var build = await project.RunAnalysesAsync();

        build.Succeeded();
        Assert.Equal(["prepared", "first"], project.ReadLines("ran.txt"));
    }

    [Fact]
    public async Task Can_be_hooked_before_and_after()
    {
        var project = Plain(TwoScripts + """
              <Target Name="Before" BeforeTargets="RunAnalyses">
                <WriteLinesToFile File="ran.txt" Lines="before" />
              </Target>
              <Target Name="After" AfterTargets="RunAnalyses">
                <WriteLinesToFile File="ran.txt" Lines="after;@(ScriptResult->'%(Name) %(Outcome)')" />
              </Target>
            """);
        WithTwoScripts(project);

        var build = await project.RunAnalysesAsync();

        build.Succeeded();
        Assert.Equal(["before", "first", "second", "after", "second.sh Succeeded", "first.sh Succeeded"], project.ReadLines("ran.txt"));
    }

    [Fact]
    public async Task Says_so_when_there_is_nothing_to_run()
    {
        var build = await Plain("").RunAnalysesAsync();

        build.Succeeded();
        Assert.Equal(["work.proj has no ScriptItem: there is nothing to run."], build.Lines);
    }

    [Fact]
    public async Task Runs_again_as_often_as_it_is_called()
    {
        var project = WithTwoScripts(Plain(TwoScripts));

        (await project.RunAnalysesAsync()).Succeeded();
        (await project.RunAnalysesAsync()).Succeeded();

        Assert.Equal(["first", "second", "first", "second"], project.ReadLines("ran.txt"));
    }

    [Fact]
    public async Task Is_a_task_that_a_target_of_ones_own_can_call()
    {
        var project = Plain("""
              <Target Name="Mine">
                <ItemGroup>
                  <Mine Include="second.sh" DependsOn="first.sh" />
                  <Mine Include="first.sh" />
                </ItemGroup>
                <RunScriptsParallel Scripts="@(Mine)" MaxDegreeOfParallelism="1">
                  <Output TaskParameter="Results" ItemName="MyResult" />
                </RunScriptsParallel>
                <WriteLinesToFile File="ran.txt" Lines="@(MyResult->'%(Identity) %(Outcome)')" />
              </Target>
            """);
        WithTwoScripts(project);

        var build = await project.MSBuildAsync("-t:Mine");

        build.Succeeded();
        Assert.Equal(["first", "second", "second.sh Succeeded", "first.sh Succeeded"], project.ReadLines("ran.txt"));
    }
}
