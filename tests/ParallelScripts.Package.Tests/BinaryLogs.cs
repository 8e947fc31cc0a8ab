using System.Globalization;
using System.Text.Json.Nodes;

namespace ParallelScripts.Package.Tests;

/// <summary>What a binary log holds of a run, as its viewer reads it.</summary>
public sealed class BinaryLogs(PackageFixture package) : PackageTest(package)
{
    private const string Three = """
          <PropertyGroup>
            <ScriptsMaxDegreeOfParallelism>1</ScriptsMaxDegreeOfParallelism>
          </PropertyGroup>
          <ItemGroup>
            <ScriptItem Include="copy.sh" Outputs="out.txt" />
            <ScriptItem Include="fails.sh" Name="a%3Bb &lt;%25&gt; x" DependsOn="copy.sh" />
            <ScriptItem Include="never.sh" DependsOn="a%3Bb &lt;%25&gt; x" />
          </ItemGroup>
        """;

    [Fact]
    public async Task Have_the_facts_of_each_script_and_the_whole_run()
    {
        var project = Plain(Three);
        project.Write("copy.sh", "echo 1 > out.txt");
        project.Write("fails.sh", "echo no; exit 3");
        project.Write("never.sh", "true");

        var build = (await project.RunAnalysesAsync()).Failed();

        var scripts = project.RunJson()["scripts"]!.AsArray();
        var facts = build.Facts;
        Assert.Equal(["copy.sh Succeeded", "a;b <%> x Failed", "never.sh Skipped"], facts.Select(one => $"{one["Name"]} {one["Outcome"]}"));
        foreach (var (fact, script) in facts.Zip(scripts))
        {
            Assert.Equal(Text(script!["tier"]), fact["Tier"]);
            Assert.Equal(Text(script["reason"]), fact["Reason"]);
            Assert.Equal(Text(script["exitCode"]), fact["ExitCode"]);
            Assert.Equal(Text(script["seconds"]), fact["Duration"]);
            Assert.Equal(Text(script["cpuSeconds"]), fact["CpuTime"]);
            Assert.Equal(Text(script["peakMemoryBytes"]), fact["PeakMemory"]);
            Assert.Equal(Text(script["attempts"]), fact["Attempts"]);
            Assert.Equal(Text(script["slot"]), fact["Slot"]);
            Assert.Equal(Text(script["problem"]), fact["Problem"]);
            Assert.Equal(script["logFile"] is { } log ? project.PathOf($"obj/scripts/{log}") : "", fact["LogFile"]);
            Assert.Equal(Time(Text(script["startTime"])), Time(fact["StartTime"]));
        }

        Assert.All(new[] { "report.html", "run.json", "summary.md", "trace.json" }, file => Assert.Equal(project.Read($"obj/scripts/{file}"), build.Embedded[$"obj/scripts/{file}"]));
    }

    [Fact]
    public async Task Hold_no_report_of_an_earlier_run()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="copy.sh" Outputs="out.txt" />
              </ItemGroup>
            """);
        project.Write("copy.sh", "echo 1 > out.txt");
        (await project.RunAnalysesAsync()).Succeeded();

        var build = (await project.RunAnalysesAsync()).Succeeded();

        Assert.Equal("copy.sh UpToDate", Assert.Single(build.Facts.Select(one => $"{one["Name"]} {one["Outcome"]}")));
        Assert.Equal(["obj/scripts/run.json"], build.Embedded.Keys.Where(file => file.StartsWith("obj/scripts/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Show_a_console_nothing_twice()
    {
        var project = Plain(Three);
        project.Write("copy.sh", "echo 1 > out.txt");
        project.Write("fails.sh", "exit 3");
        project.Write("never.sh", "true");

        var lines = (await project.RunAnalysesAsync("-v:detailed")).Failed().Lines;

        Assert.Single(lines, line => line.StartsWith("[copy.sh] succeeded in ", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("[copy.sh] slot 1, tier 0", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("[never.sh] skipped: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Are_not_what_the_lines_of_a_task_host_depend_on()
    {
        // It drops events that carry facts.
        var project = Plain(Three);
        project.Write("copy.sh", "echo 1 > out.txt");
        project.Write("fails.sh", "exit 3");
        project.Write("never.sh", "true");
        using var running = project.Start("msbuild", ["-t:RunAnalyses", "-v:detailed"], new Dictionary<string, string> { ["MSBUILDFORCEALLTASKSOUTOFPROC"] = "1" });

        var build = (await running.EndAsync()).Failed();

        Assert.Empty(build.Facts);
        Assert.Single(build.Lines, line => line.StartsWith("[copy.sh] slot 1, tier 0", StringComparison.Ordinal));
        Assert.Single(build.Lines, line => line.StartsWith("[never.sh] skipped: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Show_no_secret()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="asks.sh" SecretVariables="TOKEN" />
              </ItemGroup>
            """);
        project.Write("asks.sh", "echo it is $TOKEN; exit 1");
        using var running = project.Start("msbuild", ["-t:RunAnalyses"], new Dictionary<string, string> { ["TOKEN"] = "hunter2-hunter2" });

        var build = (await running.EndAsync()).Failed();

        Assert.DoesNotContain(build.Facts.SelectMany(one => one.Values), value => value.Contains("hunter2", StringComparison.Ordinal));
        Assert.All(build.Embedded.Values, text => Assert.DoesNotContain("hunter2", text));
    }

    [Fact]
    public async Task Of_a_service_find_their_run_on_the_page_of_its_job()
    {
        var project = WithTwoScripts(Plain(TwoScripts));
        using var running = project.Start("msbuild", ["-t:RunAnalyses"], new Dictionary<string, string> { ["GITHUB_STEP_SUMMARY"] = project.PathOf("step.md") });

        (await running.EndAsync()).Succeeded();

        Assert.StartsWith("### ✅ `work.proj`: succeeded\n\n2 scripts: 2 succeeded.\n", project.Read("step.md"));
        Assert.Equal(project.Read("obj/scripts/summary.md"), project.Read("step.md"));
    }

    private static DateTimeOffset? Time(string text) => text == "" ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(JsonNode? value) => value?.ToString() ?? "";
}
