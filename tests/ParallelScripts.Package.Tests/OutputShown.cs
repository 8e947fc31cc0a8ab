using System.Globalization;

namespace ParallelScripts.Package.Tests;

/// <summary>What a build shows of what its scripts print.</summary>
public sealed class OutputShown(PackageFixture package) : PackageTest(package)
{
    private const string TwoThatPrint = """
          <ItemGroup>
            <ScriptItem Include="good.sh" />
            <ScriptItem Include="bad.sh" DependsOn="good.sh" />
          </ItemGroup>
        """;

    private static readonly Dictionary<string, string> _noService = new() { ["GITHUB_ACTIONS"] = "", ["TF_BUILD"] = "" };

    [Fact]
    public async Task Comes_line_by_line_while_a_script_runs()
    {
        var project = Plain("""<ItemGroup><ScriptItem Include="slow.sh" /></ItemGroup>""");
        project.Write("slow.sh", $"echo first; {WaitFor("may-go-on")}; echo second");

        using var running = project.Start("msbuild", "-t:RunAnalyses");
        await running.PrintedAsync("[slow.sh] first");
        project.Write("may-go-on", "");
        var build = await running.EndAsync();

        build.Succeeded();
        Assert.Equal(["[slow.sh] first", "[slow.sh] second"], LinesOf(build, "slow.sh"));
    }

    [Fact]
    public async Task OnFailure_is_that_of_the_scripts_that_failed_when_they_have()
    {
        var project = WithTwoThatPrint();

        var build = await project.RunAnalysesAsync("-p:ScriptsOutput=OnFailure");

        build.Failed();
        Assert.Equal(["[bad.sh] bad begins", "[bad.sh] bad ends"], LinesOf(build, "good.sh", "bad.sh"));
        Assert.True(Array.IndexOf(build.Lines, "[bad.sh] bad ends") < Array.FindIndex(build.Lines, line => line.Contains("%] failed  bad.sh ", StringComparison.Ordinal)));
        Assert.Equal("good begins\ngood ends\n", project.Read("obj/scripts/logs/good.sh.log"));
    }

    [Fact]
    public async Task OnFailure_is_also_that_of_a_script_that_did_not_write_what_it_declares()
    {
        var project = Plain("""<ItemGroup><ScriptItem Include="forgets.sh" Outputs="out.txt" /></ItemGroup>""");
        project.Write("forgets.sh", "echo all fine");

        var build = await project.RunAnalysesAsync("-p:ScriptsOutput=OnFailure");

        build.Failed();
        Assert.Contains("[forgets.sh] all fine", build.Lines);
    }

    [Fact]
    public async Task None_is_nothing_but_the_name_of_the_log()
    {
        var project = WithTwoThatPrint();

        var build = await project.RunAnalysesAsync("-p:ScriptsOutput=None");

        build.Failed();
        Assert.Empty(LinesOf(build, "good.sh", "bad.sh"));
        Assert.Contains($"Its output is in {project.PathOf("obj/scripts/logs/bad.sh.log")}.", Assert.Single(build.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grouped_keeps_the_lines_of_each_script_together()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="print.sh" Name="one" Arguments="one two" />
                <ScriptItem Include="print.sh" Name="two" Arguments="two one" />
              </ItemGroup>
            """);
        project.Write("print.sh", $"""
            for step in 1 2 3; do
              echo "$1 $step"
              : > "$1-$step"
              {WaitFor("$2-$step")}
            done
            """);

        using var running = project.Start("msbuild", ["-t:RunAnalyses", "-p:ScriptsGroupOutput=true", "-p:ScriptsMaxDegreeOfParallelism=2"], _noService);
        var build = await running.EndAsync();

        build.Succeeded();
        string[] one = ["[one] one 1", "[one] one 2", "[one] one 3"];
        string[] two = ["[two] two 1", "[two] two 2", "[two] two 3"];
        var shown = LinesOf(build, "one", "two");
        Assert.True(shown.SequenceEqual([.. one, .. two]) || shown.SequenceEqual([.. two, .. one]), build.Output);
    }

    [Fact]
    public async Task Grouped_on_GitHub_Actions_folds_and_holds_no_command_of_a_script()
    {
        var project = Plain("""<ItemGroup><ScriptItem Include="a.sh" Name="100% a" /></ItemGroup>""");
        project.Write("a.sh", "echo '::set-output name=x::y'; echo 'see ##[add-mask]e'; echo '::endgroup::'");

        using var running = project.Start("msbuild", ["-t:RunAnalyses", "-p:ScriptsGroupOutput=true"], new Dictionary<string, string> { ["GITHUB_ACTIONS"] = "true" });
        var build = await running.EndAsync();

        build.Succeeded();
        Assert.Equal(["::group::100%25 a", "[100% a] ::set-output name=x::y", "[100% a] see ## [add-mask]e", "[100% a] ::endgroup::", "::endgroup::"], build.Lines[..5]);
        Assert.Equal("::set-output name=x::y\nsee ##[add-mask]e\n::endgroup::\n", project.Read("obj/scripts/logs/100%25%20a.log"));
    }

    [Fact]
    public async Task Grouped_on_Azure_Pipelines_begins_and_ends_at_the_start_of_a_line()
    {
        var project = Plain("""<ItemGroup><ScriptItem Include="a.sh" /></ItemGroup>""");
        project.Write("a.sh", "echo '##vso[task.setvariable variable=x]y'; echo '##[endgroup]'");

        using var running = project.Start("build", ["-t:RunAnalyses", "-p:ScriptsGroupOutput=true"], new Dictionary<string, string> { ["TF_BUILD"] = "True" });
        var build = await running.EndAsync();

        build.Succeeded();
        var lines = build.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var group = Array.FindIndex(lines, line => line.StartsWith("##[group]a.sh", StringComparison.Ordinal));
        Assert.Equal(["  [a.sh] ## vso[task.setvariable variable=x]y", "  [a.sh] ## [endgroup]"], lines[(group + 1)..(group + 3)]);
        Assert.StartsWith("##[endgroup]", lines[group + 3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_service_holds_no_command_in_an_error_either()
    {
        var project = Plain("""<ItemGroup><ScriptItem Include="a" Command="exit 3 # ##vso[task.complete result=Succeeded]" /></ItemGroup>""");

        using var running = project.Start("msbuild", ["-t:RunAnalyses"], new Dictionary<string, string> { ["TF_BUILD"] = "True" });
        var build = await running.EndAsync();

        build.Failed();
        Assert.DoesNotContain("##vso[", build.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Can_be_chosen_by_who_calls_the_task()
    {
        var project = Plain(TwoThatPrint + """
              <Target Name="Mine">
                <RunScriptsParallel Scripts="@(ScriptItem)" Output="OnFailure" GroupOutput="true" ContinueOnError="true" />
              </Target>
            """);
        WithTwoThatPrint(project);

        var build = await project.MSBuildAsync("-t:Mine");

        Assert.Equal(["[bad.sh] bad begins", "[bad.sh] bad ends"], LinesOf(build, "good.sh", "bad.sh"));
    }

    [Fact]
    public async Task Is_chosen_by_a_word_that_there_is()
    {
        var project = WithTwoThatPrint();

        var build = await project.RunAnalysesAsync("-p:ScriptsOutput=Some", "-p:ScriptsGroupOutput=maybe");

        build.Failed();
        Assert.Equal(
            [
                "work.proj: PSCR1006: ScriptsOutput is 'Some', which is none of its values. Use one of: All, OnFailure, None.",
                "work.proj: PSCR1020: ScriptsGroupOutput is 'maybe', which is none of its values. Use one of: true, false.",
            ],
            build.Errors);
    }

    [Fact]
    public async Task That_could_not_be_logged_is_a_warning_and_the_script_goes_on()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs a device that is always full.");
        var project = Plain("""<ItemGroup><ScriptItem Include="a.sh" /></ItemGroup>""");
        project.Write("a.sh", "mkdir -p obj/scripts/logs; ln -s /dev/full obj/scripts/logs/a.sh.log; echo printed");

        var build = await project.RunAnalysesAsync();

        build.Succeeded();
        Assert.Contains("[a.sh] printed", build.Lines);
        Assert.StartsWith("PSCR2014: What script 'a.sh' printed could not all be written to its log", Assert.Single(build.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grouped_of_a_script_that_is_cancelled_is_shown_as_well()
    {
        var project = Plain("""<ItemGroup><ScriptItem Include="hangs.sh" /></ItemGroup>""");
        project.Write("hangs.sh", "echo how far it came; : > hangs; exec sleep 600");

        using var running = project.Start("msbuild", "-t:RunAnalyses", "-p:ScriptsGroupOutput=true");
        await UntilAsync(() => project.Has("hangs"));
        running.Send("INT");
        var build = await running.EndAsync();

        build.Failed();
        Assert.Equal(["[hangs.sh] how far it came"], LinesOf(build, "hangs.sh").Where(line => !line.Contains("canceled", StringComparison.Ordinal)));
    }

    /// <summary>A few hundred megabytes in every run of the tests, and in a soak one gigabyte of one script alone.</summary>
    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Of_floods_costs_disk_and_neither_memory_nor_a_long_log(string grouped)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads the peak memory of the build from /proc.");
        var most = Environment.GetEnvironmentVariable("PARALLELSCRIPTS_SOAK") is null ? 150_000_000 : 1_000_000_000;
        (string Script, int Bytes)[] floods =
        [
            ($"seq 1000000000 | head -c {most}", most),
            ("yes 'a line as programs print them over and over again' | head -c 50000000", 50_000_000),
            ("yes | head -c 20000000", 20_000_000),
            ("head -c 50000000 /dev/zero | tr '\\0' x", 50_000_000),
        ];

        var flooding = await PeakMemoryOf(floods, grouped);
        var silent = await PeakMemoryOf([.. floods.Select(_ => ("", 0))], grouped);

        TestContext.Current.TestOutputHelper?.WriteLine($"{flooding / 1e6:0} MB with the floods, {silent / 1e6:0} MB without");
        Assert.InRange(flooding - silent, long.MinValue, 100_000_000);
    }

    /// <summary>The most memory that the build held, as its last script finds it; the ones before it print, all at once.</summary>
    private async Task<long> PeakMemoryOf((string Script, int Bytes)[] scripts, string grouped)
    {
        var names = scripts.Select((_, i) => $"{i}.sh");
        var project = Plain($"""
              <ItemGroup>
                <ScriptItem Include="{string.Join(';', names)}" />
                <ScriptItem Include="looks.sh" DependsOn="{string.Join(';', names)}" />
              </ItemGroup>
            """);
        for (var i = 0; i < scripts.Length; i++)
        {
            project.Write($"{i}.sh", scripts[i].Script);
        }

        project.Write("looks.sh", "while read -r what amount unit; do [ \"$what\" != VmHWM: ] || echo $((amount * 1024)) > peak; done < /proc/$PPID/status");

        var build = await project.RunAnalysesAsync($"-p:ScriptsGroupOutput={grouped}", $"-p:ScriptsMaxDegreeOfParallelism={scripts.Length}");

        build.Succeeded();
        for (var i = 0; i < scripts.Length && scripts[i].Bytes > 0; i++)
        {
            var log = project.PathOf($"obj/scripts/logs/{i}.sh.log");
            Assert.Equal(scripts[i].Bytes, new FileInfo(log).Length);
            Assert.Single(build.Lines, line => line.StartsWith($"[{i}.sh] … ", StringComparison.Ordinal) && line.EndsWith($" left out; the whole output is in {log}", StringComparison.Ordinal));
            File.Delete(log);
        }

        Assert.InRange(build.Output.Length, 0, 1_000_000);
        return long.Parse(project.Read("peak"), CultureInfo.InvariantCulture);
    }

    /// <summary>The limit only turns a hang into a failure.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var limit = DateTime.UtcNow.AddMinutes(3); !condition(); await Task.Delay(10))
        {
            Assert.True(DateTime.UtcNow < limit, "Waited in vain.");
        }
    }

    private Project WithTwoThatPrint() => WithTwoThatPrint(Plain(TwoThatPrint));

    private static Project WithTwoThatPrint(Project project)
    {
        project.Write("good.sh", "echo good begins; echo good ends");
        project.Write("bad.sh", "echo bad begins; echo bad ends; exit 3");
        return project;
    }

    /// <summary>What the scripts printed, as it was shown; not what we say of them.</summary>
    private static string[] LinesOf(Build build, params string[] scripts) =>
    [
        .. build.Lines.Where(line => scripts.Any(script => line.StartsWith($"[{script}] ", StringComparison.Ordinal))),
    ];
}
