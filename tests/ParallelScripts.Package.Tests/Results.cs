using System.Globalization;
using System.Text.Json.Nodes;

namespace ParallelScripts.Package.Tests;

public sealed class Results(PackageFixture package) : PackageTest(package)
{
    // loud --> fails --> never
    // quiet
    private const string Mixed = """
          <PropertyGroup>
            <ScriptsOnFailure>KeepGoing</ScriptsOnFailure>
          </PropertyGroup>
          <ItemGroup>
            <ScriptItem Include="loud.sh" />
            <ScriptItem Include="fails.sh" DependsOn="loud.sh" />
            <ScriptItem Include="never.sh" DependsOn="fails.sh" />
            <ScriptItem Include="quiet.sh" Name="quiet one" Arguments="with 'two words'" />
          </ItemGroup>
        """;

    [Fact]
    public async Task Are_answered_in_JSON_to_getItem()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="loud.sh" />
                <ScriptItem Include="quiet.sh" Name="quiet one" DependsOn="loud.sh" />
              </ItemGroup>
            """);
        Write(project);

        var build = await project.RunAnalysesAsync("-getItem:ScriptResult");

        build.Succeeded();
        var results = JsonNode.Parse(build.Output)!["Items"]!["ScriptResult"]!.AsArray();
        var (loud, quiet) = (results[0]!, results[1]!);
        Assert.Equal(("loud.sh", "loud.sh", "Succeeded", "0", "0", "1"), (Text(loud, "Identity"), Text(loud, "Name"), Text(loud, "Outcome"), Text(loud, "Tier"), Text(loud, "ExitCode"), Text(loud, "Attempts")));
        Assert.Equal(("quiet.sh", "quiet one", "Succeeded", "1", "0", "1"), (Text(quiet, "Identity"), Text(quiet, "Name"), Text(quiet, "Outcome"), Text(quiet, "Tier"), Text(quiet, "ExitCode"), Text(quiet, "Attempts")));
        Assert.Equal("it declares no Outputs, so it always runs", Text(loud, "Reason"));
        Assert.InRange(DateTimeOffset.Parse(Text(loud, "StartTime"), CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        Assert.InRange(Number(loud, "Duration"), 0, 60);
        Assert.InRange(Number(loud, "CpuTime"), 0, 60);
        Assert.True(Text(loud, "PeakMemory") is "" || Number(loud, "PeakMemory") > 0);
        Assert.Equal("this is loud\n", File.ReadAllText(Text(loud, "LogFile")));
        Assert.Equal("", Text(quiet, "LogFile"));
    }

    [Fact]
    public async Task Are_answered_in_JSON_also_when_a_script_failed()
    {
        var project = Plain(Mixed);
        Write(project);

        var build = await project.RunAnalysesAsync("-getItem:ScriptResult");

        build.Failed();
        var results = JsonNode.Parse(build.Output)!["Items"]!["ScriptResult"]!.AsArray();
        Assert.Equal(
            ["loud.sh Succeeded 0", "fails.sh Failed 3", "never.sh Skipped ", "quiet one Succeeded 0"],
            results.Select(result => $"{Text(result!, "Name")} {Text(result!, "Outcome")} {Text(result!, "ExitCode")}"));
    }

    [Fact]
    public async Task Are_items_for_a_target_that_runs_after_a_failure()
    {
        var project = Plain(Mixed + """
              <Target Name="Mine">
                <CallTarget Targets="RunAnalyses" ContinueOnError="true" />
                <CallTarget Targets="Show" />
              </Target>
              <Target Name="Show">
                <WriteLinesToFile File="results.txt" Lines="@(ScriptResult->'%(Name) %(Outcome) %(ExitCode)')" />
              </Target>
            """);
        Write(project);

        await project.MSBuildAsync("-t:Mine");

        Assert.Equal(["loud.sh Succeeded 0", "fails.sh Failed 3", "never.sh Skipped ", "quiet one Succeeded 0"], project.ReadLines("results.txt"));
    }

    [Fact]
    public async Task Are_in_run_json_with_every_field_of_the_schema_also_when_a_script_failed()
    {
        var project = Plain(Mixed);
        Write(project);

        (await project.RunAnalysesAsync()).Failed();

        var run = project.RunJson();
        Assert.Equal(
            ["schemaVersion", "runId", "outcome", "startTime", "wallSeconds", "workSeconds", "slots", "schedule", "longestPath", "boundSeconds", "boundBy", "boundPool", "outlook", "scripts"],
            run.AsObject().Select(field => field.Key));
        Assert.Equal(1, (int)run["schemaVersion"]!);
        Assert.NotEqual("", (string)run["runId"]!);
        Assert.Equal("Failed", (string)run["outcome"]!);
        Assert.Equal("Eager", (string)run["schedule"]!);
        Assert.InRange((int)run["slots"]!, 1, Environment.ProcessorCount);
        Assert.InRange(DateTimeOffset.Parse((string)run["startTime"]!, CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        Assert.Equal(["seconds", "scripts"], run["longestPath"]!.AsObject().Select(field => field.Key));
        Assert.True((double)run["wallSeconds"]! >= (double)run["boundSeconds"]!);
        Assert.True((double)run["boundSeconds"]! >= (double)run["longestPath"]!["seconds"]!);

        string[] fields = ["name", "tier", "dependsOn", "outcome", "reason", "startTime", "seconds", "slot", "exitCode", "attempts", "cpuSeconds", "peakMemoryBytes", "peakMemoryIs", "command", "logFile", "project", "line"];
        var scripts = run["scripts"]!.AsArray();
        Assert.All(scripts, script => Assert.Equal(fields, script!.AsObject().Select(field => field.Key).Where(field => field != "problem")));
        Assert.Equal(["fails.sh"], scripts.Where(script => script!["problem"] is not null).Select(script => (string)script!["name"]!));
        Assert.Equal("Script 'fails.sh' exited with code 3.", (string)scripts[1]!["problem"]!);

        var (loud, fails, never, quiet) = (scripts[0]!, scripts[1]!, scripts[2]!, scripts[3]!);
        Assert.Equal("this is loud\n", project.Read("obj/scripts/" + (string)loud["logFile"]!));
        Assert.Equal(["loud.sh"], fails["dependsOn"]!.AsArray().Select(name => (string)name!));
        Assert.Equal((1, "Failed", 3, 1), ((int)fails["tier"]!, (string)fails["outcome"]!, (int)fails["exitCode"]!, (int)fails["attempts"]!));
        Assert.Equal((2, "Skipped", 0), ((int)never["tier"]!, (string)never["outcome"]!, (int)never["attempts"]!));
        Assert.Equal("it depends on 'fails.sh', which did not succeed", (string)never["reason"]!);
        Assert.All(["startTime", "seconds", "slot", "exitCode", "cpuSeconds", "peakMemoryBytes", "logFile"], field => Assert.Null(never[field]));
        Assert.Equal("quiet one", (string)quiet["name"]!);
        Assert.Null(quiet["logFile"]);
        Assert.Equal([project.PathOf("quiet.sh"), "with", "two words"], quiet["command"]!.AsArray().Skip(1).Select(word => (string)word!));
        Assert.Equal(("work.proj", 10), ((string)quiet["project"]!, (int)quiet["line"]!));
    }

    [Fact]
    public async Task Are_in_the_state_directory_one_names()
    {
        var project = Plain("""
              <PropertyGroup>
                <ScriptsStateDirectory>$(MSBuildProjectDirectory)/state/of the run</ScriptsStateDirectory>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="loud.sh" />
              </ItemGroup>
            """);
        Write(project);

        (await project.RunAnalysesAsync()).Succeeded();

        Assert.Equal("loud.sh Succeeded", project.Outcomes("state/of the run"));
        Assert.Equal("this is loud\n", project.Read("state/of the run/logs/loud.sh.log"));
        Assert.False(project.Has("obj"));
    }

    [Fact]
    public async Task Are_lost_with_a_word_when_the_state_directory_cannot_be_written()
    {
        var project = Plain("""
              <PropertyGroup>
                <ScriptsStateDirectory>taken/state</ScriptsStateDirectory>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="loud.sh" />
              </ItemGroup>
            """);
        Write(project);
        project.Write("taken", "a file where a folder should be");

        var build = await project.RunAnalysesAsync();

        var error = Assert.Single(build.Failed().Errors);
        Assert.StartsWith($"work.proj: PSCR3001: Nothing can be written to the state directory '{project.PathOf("taken/state")}': ", error, StringComparison.Ordinal);
        Assert.EndsWith(" Make it writable, or set ScriptsStateDirectory to a folder that is.", error, StringComparison.Ordinal);
    }

    private static void Write(Project project)
    {
        project.Write("loud.sh", "echo this is loud");
        project.Write("fails.sh", "exit 3");
        project.Write("never.sh", ": > never");
        project.Write("quiet.sh", "");
    }

    private static string Text(JsonNode result, string metadata) => (string)result[metadata]!;

    private static double Number(JsonNode result, string metadata) => double.Parse(Text(result, metadata), CultureInfo.InvariantCulture);
}
