namespace ParallelScripts.Package.Tests;

public sealed class Failures(PackageFixture package) : PackageTest(package)
{
    // running, failing   at the same time, the second fails while the first runs
    // after              waits for running
    // next               waits for a slot
    private const string Graph = """
          <PropertyGroup>
            <ScriptsMaxDegreeOfParallelism>2</ScriptsMaxDegreeOfParallelism>
          </PropertyGroup>
          <ItemGroup>
            <ScriptItem Include="running.sh" />
            <ScriptItem Include="failing.sh" />
            <ScriptItem Include="after.sh" DependsOn="running.sh" />
            <ScriptItem Include="next.sh" />
          </ItemGroup>
        """;

    [Fact]
    public async Task By_default_let_what_runs_finish_and_start_nothing_new()
    {
        var project = WithScripts(Plain(Graph));

        using var running = project.Start("msbuild", "-t:RunAnalyses");
        await running.PrintedAsync("failed  failing.sh ");
        project.Write("may-end", "");
        var build = await running.EndAsync();

        build.Failed();
        Assert.Equal("running.sh Succeeded, failing.sh Failed, after.sh Skipped, next.sh Skipped", project.Outcomes());
        Assert.Equal(["the run stopped when 'failing.sh' failed", "the run stopped when 'failing.sh' failed"], Reasons(project)[2..]);
        Assert.Equal(["PSCR2001"], build.Errors.Select(error => error.Split(": ")[1]));
        Assert.Equal("Failed", (string)project.RunJson()["outcome"]!);
        Assert.False(project.Has("next-ran"));
    }

    [Fact]
    public async Task With_KeepGoing_end_only_what_depends_on_them()
    {
        var project = WithScripts(Plain(Graph + """
              <ItemGroup>
                <ScriptItem Include="next.sh" Name="behind" DependsOn="failing.sh" />
                <ScriptItem Include="next.sh" Name="far behind" DependsOn="behind" />
              </ItemGroup>
            """));
        project.Write("may-end", "");

        var build = await project.RunAnalysesAsync("-p:ScriptsOnFailure=KeepGoing");

        build.Failed();
        Assert.Equal("running.sh Succeeded, failing.sh Failed, after.sh Succeeded, next.sh Succeeded, behind Skipped, far behind Skipped", project.Outcomes());
        Assert.Equal(["it depends on 'failing.sh', which did not succeed", "it depends on 'failing.sh', which did not succeed"], Reasons(project)[4..]);
    }

    [Fact]
    public async Task With_StopNow_end_what_runs_and_all_it_started()
    {
        var project = WithScripts(Plain(Graph));
        project.Write("running.sh", $"""
            trap 'echo asked to end; exit 1' TERM
            sh -c 'trap "" TERM; : > child-started; sleep 600' &
            {WaitFor("child-started")}
            : > running-started
            {WaitFor("may-end")}
            """);

        using var running = project.Start("msbuild", ["-t:RunAnalyses", "-p:ScriptsOnFailure=StopNow"], Marked(project));
        var build = await running.EndAsync();

        build.Failed();
        Assert.Equal("running.sh Canceled, failing.sh Failed, after.sh Skipped, next.sh Skipped", project.Outcomes());
        Assert.Equal(["PSCR2001"], build.Errors.Select(error => error.Split(": ")[1]));
        Assert.Contains("[running.sh] asked to end", build.Lines);
        AssertNothingRuns(project);
    }

    [Theory]
    [InlineData("-m:1")]
    [InlineData("-mt")]
    public async Task By_Ctrl_C_end_everything_and_are_cancellations(string how)
    {
        var project = WithScripts(Plain(Graph));
        project.Write("running.sh", $"sleep 600 & echo running; {WaitFor("may-end")}");

        using var running = project.Start("msbuild", ["-t:RunAnalyses", "-p:ScriptsMaxDegreeOfParallelism=1", how], Marked(project));
        await running.PrintedAsync("[running.sh] running");
        running.Send("INT");
        var build = await running.EndAsync();

        build.Failed();
        Assert.Equal("running.sh Canceled, failing.sh Skipped, after.sh Skipped, next.sh Skipped", project.Outcomes());
        Assert.Equal("the run was cancelled", Reasons(project)[3]);
        Assert.Equal("Canceled", (string)project.RunJson()["outcome"]!);
        Assert.DoesNotContain(build.Errors, error => error.Contains("PSCR", StringComparison.Ordinal));
        AssertNothingRuns(project);
    }

    [Fact]
    public async Task By_Ctrl_C_end_also_a_script_that_does_not_want_to_end()
    {
        var project = WithScripts(Plain("""
              <ItemGroup>
                <ScriptItem Include="running.sh" />
              </ItemGroup>
            """));
        project.Write("running.sh", $"trap '' TERM INT HUP; echo running; {WaitFor("may-end")}");

        using var running = project.Start("msbuild", ["-t:RunAnalyses"], Marked(project));
        await running.PrintedAsync("[running.sh] running");
        running.Send("INT");
        var build = await running.EndAsync();

        build.Failed();
        Assert.Equal("running.sh Canceled", project.Outcomes());
        AssertNothingRuns(project);
    }

    private static Project WithScripts(Project project)
    {
        project.Write("running.sh", $": > running-started; {WaitFor("may-end")}");
        project.Write("failing.sh", $"{WaitFor("running-started")}; exit 3");
        project.Write("after.sh", ": > after-ran");
        project.Write("next.sh", ": > next-ran");
        return project;
    }

    private static string[] Reasons(Project project) => [.. project.RunJson()["scripts"]!.AsArray().Select(script => (string)script!["reason"]!)];

    private static Dictionary<string, string> Marked(Project project) => new() { ["TEST_FOLDER"] = project.Folder };

    private static void AssertNothingRuns(Project project) => Processes.AssertNoneWith("TEST_FOLDER", project.Folder);
}
