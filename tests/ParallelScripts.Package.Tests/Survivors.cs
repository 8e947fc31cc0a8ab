namespace ParallelScripts.Package.Tests;

/// <summary>What is left running after a build, in each way that a build can end.</summary>
public sealed class Survivors(PackageFixture package) : PackageTest(package)
{
    private const string OneScript = """
          <ItemGroup>
            <ScriptItem Include="running.sh" />
          </ItemGroup>
        """;

    // Children that do not want to end, or cannot be found by group, session, parent or output.
    private const string Children = """
        sh -c 'trap "" TERM HUP INT; : > deaf; sleep 600' &
        nohup sh -c ': > nohup; sleep 600' > /dev/null 2>&1 &
        (setsid sh -c ': > forked; sleep 600' > /dev/null 2>&1 & ) &
        while [ ! -e deaf ] || [ ! -e nohup ] || [ ! -e forked ]; do sleep 0.02; done
        """;

    // Of these two signals MSBuild does not tell its tasks.
    [Theory]
    [InlineData("TERM", "-m:1")]
    [InlineData("TERM", "-mt")]
    [InlineData("HUP", "-m:1")]
    public async Task Of_a_build_that_is_told_to_end_are_none_and_the_run_is_recorded_as_cancelled(string signal, string how)
    {
        var project = Plain(OneScript);
        project.Write("running.sh", $"""
            trap 'echo asked to end; exit 1' TERM
            {Children}
            echo running
            {WaitFor("never")}
            """);

        using var running = project.Start("msbuild", ["-t:RunAnalyses", "-p:ScriptsKillGrace=5s", how], Marked(project));
        await running.PrintedAsync("[running.sh] running");
        running.Send(signal);
        var build = await running.EndAsync();

        build.Failed();
        var errors = ErrorsOnTheConsole(build);
        Assert.Contains($"work.proj : error PSCR2022: The build was told to end by SIG{signal}: running scripts have been ended, and the rest has not been started. The next run does what has not finished.", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Contains("[running.sh] asked to end", build.Lines);
        Assert.Equal("running.sh Canceled", project.Outcomes());
        Assert.Equal("Canceled", (string)project.RunJson()["outcome"]!);
        AssertNothingRuns(project);
    }

    [Fact]
    public async Task Of_a_build_with_several_runs_in_one_process_are_none_when_it_is_told_to_end()
    {
        var all = PlainFile("""
            <Project>
              <Target Name="RunAnalyses">
                <MSBuild Projects="one.proj;two.proj" Targets="RunAnalyses" BuildInParallel="true" />
              </Target>
              <Target Name="After" AfterTargets="RunAnalyses">
                <Exec Command=": > built-on" />
              </Target>
            </Project>
            """);
        foreach (var name in new[] { "one", "two" })
        {
            all.Write($"{name}.proj", $"""
                <Project>
                  <PropertyGroup>
                    <ScriptsStateDirectory>obj/{name}/</ScriptsStateDirectory>
                  </PropertyGroup>
                  <Import Project="$(PackageUnderTest)/build/ParallelScripts.props" />
                  <ItemGroup>
                    <ScriptItem Include="running.sh" Name="{name}" />
                  </ItemGroup>
                  <Import Project="$(PackageUnderTest)/build/ParallelScripts.targets" />
                </Project>
                """);
        }

        all.Write("running.sh", $"sleep 600 & echo running; {WaitFor("never")}");

        using var running = all.Start("msbuild", ["-t:RunAnalyses", "-mt", "-m:2", "-p:ScriptsMaxDegreeOfParallelism=1"], Marked(all));
        await running.PrintedAsync("[one] running");
        await running.PrintedAsync("[two] running");
        running.Send("TERM");
        var build = await running.EndAsync();

        build.Failed();
        Assert.Equal(2, ErrorsOnTheConsole(build).Count());
        Assert.All(["one.proj", "two.proj"], project => Assert.Single(ErrorsOnTheConsole(build), error => error.Contains($"{project} : error PSCR2022: ", StringComparison.Ordinal)));
        Assert.False(all.Has("built-on"));
        AssertNothingRuns(all);
    }

    [Fact]
    public async Task Of_a_build_under_nohup_run_on_when_the_terminal_goes()
    {
        var project = Plain(OneScript);
        project.Write("running.sh", $"echo running; {WaitFor("may-end")}");

        using var running = project.Start("msbuild", ["-t:RunAnalyses"], Marked(project), ignoredSignal: "HUP");
        await running.PrintedAsync("[running.sh] running");
        running.Send("HUP");
        project.Write("may-end", "");
        var build = await running.EndAsync();

        build.Succeeded();
        Assert.Equal("running.sh Succeeded", project.Outcomes());
    }

    [Fact]
    public async Task Of_a_killed_build_are_ended_by_the_next_run_with_a_warning_that_names_them()
    {
        var project = Plain(OneScript);
        project.Write("running.sh", $"""
            [ -e may-end ] && exit 0
            {Children}
            echo running
            {WaitFor("may-end")}
            """);
        using (var killed = project.Start("msbuild", ["-t:RunAnalyses"], Marked(project)))
        {
            await killed.PrintedAsync("[running.sh] running");
            killed.Send("KILL");
            await killed.EndAsync();
        }

        Assert.NotEmpty(Processes.With("TEST_FOLDER", project.Folder));
        project.Write("may-end", "");

        // Not even with its history gone.
        File.Delete(project.PathOf("obj/scripts/history.db"));
        var next = await project.RunAnalysesAsync("-p:ScriptsKillGrace=300ms");

        next.Succeeded();
        var warning = Assert.Single(next.Warnings);
        Assert.Matches(@"^PSCR2020: An earlier run was killed and left processes \d+ \(.*\), .* and \d+ more running\. They have been ended\.$", warning);
        AssertNothingRuns(project);
    }

    [Fact]
    public async Task Of_a_script_that_succeeded_are_ended_and_told_of()
    {
        var project = Plain(OneScript);
        project.Write("running.sh", """setsid sleep 600 & until [ "$(tr '\0' ' ' < /proc/$!/cmdline)" = 'sleep 600 ' ]; do sleep 0.02; done; echo started""");

        var build = await project.RunAnalysesAsync();

        build.Succeeded();
        Assert.Matches(
            @"^PSCR2021: Script 'running\.sh' ended and left process \d+ \(sleep 600\) running, which has been ended\. Let the script end what it starts, or wait for it\. What is to outlive a run has to be started outside of it\.$",
            Assert.Single(build.Warnings));
    }

    [Fact]
    public async Task Of_a_run_inside_a_script_end_with_it_and_neither_ends_the_other()
    {
        // The inner run says that it failed as builds say it, and the script goes on all the same.
        var outer = Plain("""
              <ItemGroup>
                <ScriptItem Include="running.sh" IgnoreStandardErrorWarningFormat="true" />
              </ItemGroup>
            """);
        var inner = Plain("""
              <ItemGroup>
                <ScriptItem Include="inner.sh" />
              </ItemGroup>
            """);
        inner.Write("inner.sh", "(setsid sh -c ': > forked; sleep 600' > /dev/null 2>&1 & ) & while [ ! -e forked ]; do sleep 0.02; done; exit 3");
        outer.Write("running.sh", $"\"{Dotnet.Program}\" msbuild \"{inner.PathOf("work.proj")}\" -t:RunAnalyses; echo inner ended with $?; [ -e may-end ] || {{ echo waiting; {WaitFor("may-end")}; }}");

        using var running = outer.Start("msbuild", ["-t:RunAnalyses"], Marked(outer));
        await running.PrintedAsync("inner ended with 1");
        outer.Write("may-end", "");
        var build = await running.EndAsync();

        build.Succeeded();
        Assert.Equal("inner.sh Failed", inner.Outcomes());
        AssertNothingRuns(outer);
    }

    [Fact]
    public async Task Of_a_build_with_SIGCHLD_ignored_are_none_and_a_lost_exit_code_is_said()
    {
        var project = Plain(OneScript);
        project.Write("running.sh", "sleep 600 & echo done");

        using var running = project.Start("msbuild", ["-t:RunAnalyses"], Marked(project), ignoredSignal: "CHLD");
        var build = await running.EndAsync();

        Assert.All(build.Errors, error => Assert.Equal("work.proj(4,5): PSCR2007: Script 'running.sh' could not be run to its end: its exit code is lost, because the build was started with SIGCHLD ignored. Mend what this says, and run again.", error));
        AssertNothingRuns(project);
    }

    private static Dictionary<string, string> Marked(Project project) => new() { ["TEST_FOLDER"] = project.Folder };

    private static void AssertNothingRuns(Project project) => Processes.AssertNoneWith("TEST_FOLDER", project.Folder);

    /// <summary>The binary log may be cut off: MSBuild's process ends a moment after the runs in it.</summary>
    private static IEnumerable<string> ErrorsOnTheConsole(Build build) => build.Lines.Where(line => line.Contains(": error ", StringComparison.Ordinal)).Distinct();
}
