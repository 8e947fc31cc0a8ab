namespace ParallelScripts.Package.Tests;

public sealed class RunAnalysesOnBuild(PackageFixture package) : PackageTest(package)
{
    [Fact]
    public async Task Runs_the_scripts_once_however_many_target_frameworks_there_are()
    {
        var project = WithTwoScripts(await NuGetAsync(TwoFrameworks, OnBuild + TwoScripts));

        var build = await project.DotnetAsync("build", "--no-restore");

        build.Succeeded();
        AssertRanOnce(project);
        Assert.Equal(1, build.Runs);
        Assert.True(project.Has("bin/Debug/net9.0/work.dll"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Runs_before_the_compiler_so_that_it_compiles_what_a_script_writes(int frameworks)
    {
        var project = await NuGetAsync(frameworks == 1 ? Net10 : TwoFrameworks, OnBuild + """
              <ItemGroup>
                <ScriptItem Include="generate.sh" />
                <Compile Include="obj/generated/Answer.cs" />
              </ItemGroup>
            """);
        project.Write("generate.sh", "mkdir -p obj/generated && echo 'static class Answer { public const int Value = 42; }' > obj/generated/Answer.cs");
        project.Write("Use.cs", "static class Use { public const int Half = Answer.Value / 2; }");

        var build = await project.DotnetAsync("build", "--no-restore");

        build.Succeeded();
        Assert.True(project.Has("bin/Debug/net10.0/work.dll"));
        Assert.Equal(frameworks == 2, project.Has("bin/Debug/net9.0/work.dll"));
    }

    [Fact]
    public async Task Is_off_unless_one_says_so()
    {
        var project = WithTwoScripts(await NuGetAsync(Net10, TwoScripts));

        var build = await project.DotnetAsync("build", "--no-restore");

        build.Succeeded();
        Assert.Equal(0, build.Runs);
        Assert.False(project.Has("ran.txt"));
    }

    [Fact]
    public async Task Fails_the_build_it_is_a_part_of_before_anything_is_compiled()
    {
        var project = await NuGetAsync(Net10, OnBuild + """
              <ItemGroup>
                <ScriptItem Include="bad.sh" />
              </ItemGroup>
            """);
        project.Write("bad.sh", "exit 3");

        var build = await project.DotnetAsync("build", "--no-restore");

        build.Failed();
        Assert.DoesNotContain("CoreCompile", build.Targets);
    }

    [Fact]
    public async Task Refuses_to_hand_over_what_the_build_needs()
    {
        var project = WithTwoScripts(Plain(OnBuild + TwoScripts + """
              <Target Name="Build" />
            """));

        var build = await project.MSBuildAsync("-p:SlurmSubmit=Whole");

        Assert.Equal(
            ["work.proj: PSCR4023: SlurmSubmit is 'Whole' and RunAnalysesOnBuild is 'true': the build would go on with files that jobs have not written yet. Hand over with -t:RunAnalyses -p:RunAnalysesOnBuild=false, and build when all is collected."],
            build.Failed().Errors);
        Assert.False(project.Has("ran.txt"));
    }

    [Fact]
    public async Task Runs_the_scripts_of_a_NoTargets_project()
    {
        var project = WithTwoScripts(await NuGetAsync(Net10, OnBuild + TwoScripts, sdk: "Microsoft.Build.NoTargets/3.7.0"));

        var build = await project.MSBuildAsync("-t:Build");

        build.Succeeded();
        AssertRanOnce(project);
    }

    [Fact]
    public async Task Runs_before_the_Build_target_that_a_plain_project_has_of_its_own()
    {
        var project = WithTwoScripts(Plain(OnBuild + TwoScripts + """
              <Target Name="Build">
                <WriteLinesToFile File="ran.txt" Lines="built" />
              </Target>
            """));

        var build = await project.MSBuildAsync();

        build.Succeeded();
        Assert.Equal(["first", "second", "built"], project.ReadLines("ran.txt"));
    }
}
