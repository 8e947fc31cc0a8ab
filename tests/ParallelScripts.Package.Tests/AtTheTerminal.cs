using System.Text.RegularExpressions;

namespace ParallelScripts.Package.Tests;

/// <summary>What a person sees who runs scripts at a terminal, where MSBuild shows errors only but for one line that changes.</summary>
public sealed partial class AtTheTerminal(PackageFixture package) : PackageTest(package)
{
    private const string FourScripts = """
          <PropertyGroup>
            <ScriptsMaxDegreeOfParallelism>2</ScriptsMaxDegreeOfParallelism>
            <ScriptsOnFailure>KeepGoing</ScriptsOnFailure>
          </PropertyGroup>
          <ItemGroup>
            <ScriptItem Include="load.sh" />
            <ScriptItem Include="check.sh" />
            <ScriptItem Include="fit.sh" DependsOn="load.sh" />
            <ScriptItem Include="plot.sh" DependsOn="fit.sh" />
          </ItemGroup>
        """;

    [Fact]
    public async Task Shows_while_it_runs_how_far_it_is_and_failures_at_once_and_in_the_end_the_summary_and_the_report()
    {
        var project = WithFourScripts(Plain(FourScripts));

        using var terminal = Terminal.Start(project, "build", ["-t:RunAnalyses"]);
        await terminal.SeenAsync(line => Words(line) == "work 0/4 load.sh, check.sh (#)");
        project.Write("check-may-end", "");
        await terminal.SeenAsync(line => Words(line) == "[1/4 25%] failed  check.sh # (1 running): Script 'check.sh' exited with code 3.");
        await terminal.SeenAsync(line => Words(line) == "work 1/4, 1 failed load.sh (#)");
        project.Write("load-may-end", "");
        await terminal.SeenAsync(line => Words(line) == "work 2/4, 1 failed fit.sh (#)");
        project.Write("fit-may-end", "");
        var screen = await terminal.EndAsync();

        Assert.Equal(1, terminal.ExitCode);
        Assert.Equal(
            """
              [1/4 25%] failed  check.sh # (1 running): Script 'check.sh' exited with code 3.
              4 scripts: 3 succeeded, 1 failed.
              Wall #; bound # (...); # %.
              Work # in 2 slots.
              Report: REPORT
              work test failed with 1 error(s) (#) → obj/scripts/report.html
                ERROR
            Build failed with 1 error(s) in #
            """,
            Normal(screen));
        Assert.Contains(":errorPSCR2001:Script'check.sh'exitedwithcode3.", string.Concat(screen).Replace(" ", ""), StringComparison.Ordinal);
        Assert.Contains($"  Report: {new Uri(project.PathOf("obj/scripts/report.html")).AbsoluteUri}\r\n", terminal.Printed, StringComparison.Ordinal);
        Assert.True(project.Has("obj/scripts/report.html"));
    }

    [Fact]
    public async Task Shows_how_long_it_still_takes()
    {
        var project = WithFourScripts(Plain(FourScripts));
        project.Write("check.sh", "");
        project.Write("load.sh", "sleep 1");
        project.Write("fit-may-end", "");
        (await project.RunAnalysesAsync()).Succeeded();
        project.Write("load.sh", WaitFor("load-may-end"));

        using var terminal = Terminal.Start(project, "build", ["-t:RunAnalyses"]);
        await terminal.SeenAsync(line => Words(line) == "work 1/4 1 s left: load.sh (#)");
        project.Write("load-may-end", "");
        await terminal.EndAsync();

        Assert.Equal(0, terminal.ExitCode);
    }

    [Fact]
    public async Task Says_in_the_last_line_when_everything_is_up_to_date()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="a.sh" Outputs="a.txt" />
              </ItemGroup>
            """);
        project.Write("a.sh", "echo a > a.txt");
        (await project.RunAnalysesAsync()).Succeeded();

        using var terminal = Terminal.Start(project, "build", ["-t:RunAnalyses"]);

        Assert.Equal(
            """
              work succeeded (#) → 1 script: 1 up to date.
            Build succeeded in #
            """,
            Normal(await terminal.EndAsync()));
    }

    [Fact]
    public async Task Is_left_alone_when_the_project_says_so()
    {
        var project = WithFourScripts(Plain(FourScripts));
        project.Write("check.sh", "");
        project.Write("load-may-end", "");
        project.Write("fit-may-end", "");

        using var terminal = Terminal.Start(project, "build", ["-t:RunAnalyses", "-p:ScriptsLiveProgress=false"]);

        Assert.Equal(
            """
              work succeeded (#) → obj/scripts/report.html
            Build succeeded in #
            """,
            Normal(await terminal.EndAsync()));
        Assert.DoesNotContain("4/4", terminal.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_nothing_of_what_a_file_gets_to_see()
    {
        var project = WithFourScripts(Plain(FourScripts));
        project.Write("check.sh", "exit 3");
        project.Write("load-may-end", "");
        project.Write("fit-may-end", "");

        using var terminal = Terminal.Start(project, "build", ["-t:RunAnalyses", "-flp:logfile=build.log;verbosity=minimal"]);
        await terminal.EndAsync();

        // A logger that has never heard of what the terminal's logger knows.
        var log = project.ReadLines("build.log").Select(line => Duration().Replace(line.Trim(), "#")).ToArray();
        Assert.Single(log, line => line.StartsWith("[4/4 100%] ", StringComparison.Ordinal));
        Assert.Contains("4 scripts: 3 succeeded, 1 failed.", log);
        Assert.Contains($"Report: {new Uri(project.PathOf("obj/scripts/report.html"))}", log);
    }

    [Fact]
    public async Task Shows_nothing_and_loses_nothing_where_MSBuild_drops_what_it_is_told()
    {
        var project = WithFourScripts(Plain(FourScripts));
        project.Write("check.sh", "");
        project.Write("load-may-end", "");
        project.Write("fit-may-end", "");

        // Tasks in a process of their own, which passes on messages of the ordinary kind only and knows no targets.
        using var terminal = Terminal.Start(project, "build", ["-t:RunAnalyses"], new Dictionary<string, string> { ["MSBUILDFORCEALLTASKSOUTOFPROC"] = "1" });
        await terminal.EndAsync();

        Assert.Equal(0, terminal.ExitCode);
        Assert.Equal("load.sh Succeeded, check.sh Succeeded, fit.sh Succeeded, plot.sh Succeeded", project.Outcomes());
    }

    [Fact]
    public async Task Obeys_no_name_of_a_script()
    {
        var project = Plain("""
              <PropertyGroup>
                <ScriptsOnFailure>KeepGoing</ScriptsOnFailure>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="a" Name="{0} %1b[9Fone" Command="exit 3" DependsOn="{1} %1b[9Ftwo" />
                <ScriptItem Include="b" Name="{1} %1b[9Ftwo" Command="sleep 0.1" />
              </ItemGroup>
            """);

        using var terminal = Terminal.Start(project, "build", ["-t:RunAnalyses"]);
        var screen = await terminal.EndAsync();

        Assert.Contains(screen, line => line.Contains("%] failed  {0} one ", StringComparison.Ordinal) && line.Contains(": Script '{0} one' exited with code 3.", StringComparison.Ordinal));
        Assert.Contains(screen, line => line.Contains("{1} two", StringComparison.Ordinal));
        Assert.DoesNotContain("\e[9F", terminal.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_what_was_compiled_when_scripts_run_with_the_build()
    {
        var project = await NuGetAsync(Net10, OnBuild + """
              <ItemGroup>
                <ScriptItem Include="generate.sh" Outputs="Generated.cs" />
              </ItemGroup>
            """);
        project.Write("generate.sh", "echo 'namespace Work;' > Generated.cs");

        using var first = Terminal.Start(project, "build", ["--no-restore"]);
        Assert.Equal(
            """
              1 script: 1 succeeded.
              Wall #; bound # (...); # %.
              Work # in 1 slot.
              Report: REPORT
              work test net10.0 succeeded (#) → bin/Debug/net10.0/work.dll
            Build succeeded in #
            """,
            Normal(await first.EndAsync()).Replace("in 2 slots", "in 1 slot"));

        using var second = Terminal.Start(project, "build", ["--no-restore"]);
        Assert.Equal(
            """
              work net10.0 succeeded (#) → bin/Debug/net10.0/work.dll
            Build succeeded in #
            """,
            Normal(await second.EndAsync()));
    }

    [Fact]
    public async Task Is_left_alone_or_not_by_a_word_that_there_is()
    {
        var build = await WithFourScripts(Plain(FourScripts)).MSBuildAsync("-t:PlanAnalyses", "-p:ScriptsLiveProgress=maybe");

        Assert.Equal(["work.proj: PSCR1020: ScriptsLiveProgress is 'maybe', which is none of its values. Use one of: true, false."], build.Failed().Errors);
    }

    private static Project WithFourScripts(Project project)
    {
        project.Write("load.sh", WaitFor("load-may-end"));
        project.Write("check.sh", $"{WaitFor("check-may-end")}; exit 3");
        project.Write("fit.sh", WaitFor("fit-may-end"));
        project.Write("plot.sh", "");
        return project;
    }

    private static string Normal(string[] screen)
    {
        var text = string.Join('\n', screen.Where(line => !line.StartsWith("Restore complete", StringComparison.Ordinal)));
        text = Error().Replace(text, "    ERROR$1");
        text = Duration().Replace(text, "#");
        text = LongestPath().Replace(text, "(...); # %.");
        text = Outlook().Replace(text, "$1.");
        return Address().Replace(text, "Report: REPORT");
    }

    /// <summary>The line that changes has its project on the left and the rest on the right.</summary>
    private static string Words(string line) => Spaces().Replace(Elapsed().Replace(line, "$1#$2"), " ").Trim();

    [GeneratedRegex(" {3,}")]
    private static partial Regex Spaces();

    /// <summary>Not how long is left.</summary>
    [GeneratedRegex(@"( |\()(?:\d+ m )?\d+(?:\.\d+)? ?m?s($|\)| )(?!left)")]
    private static partial Regex Elapsed();

    [GeneratedRegex(@"\b(?:\d+ m )?\d+(?:\.\d+)? ?(?:ms|s)\b")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\((longest path|what runs in) .*\); \d+ %\.")]
    private static partial Regex LongestPath();

    /// <summary>What would help is only said of a run of a second and more.</summary>
    [GeneratedRegex(@"(Work # in \d+ slots?);[^\n]*\.")]
    private static partial Regex Outlook();

    // Both are longer than the terminal is wide.
    [GeneratedRegex(@"Report: file:(?:.|\n)*?(?=\n  work )")]
    private static partial Regex Address();

    // Where it is longer than the terminal is wide, and so where it breaks, is decided by the name of the folder.
    [GeneratedRegex(@"^    [^ ](?:.|\n)*?(\nBuild)", RegexOptions.Multiline)]
    private static partial Regex Error();
}
