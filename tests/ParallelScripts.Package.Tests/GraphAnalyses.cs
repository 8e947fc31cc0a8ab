using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace ParallelScripts.Package.Tests;

public sealed class GraphAnalyses(PackageFixture package) : PackageTest(package)
{
    [Fact]
    public async Task Draws_the_graph_before_anything_has_run()
    {
        var project = WithTwoScripts(Plain(TwoScripts));

        var build = (await project.MSBuildAsync("-t:GraphAnalyses")).Succeeded();

        Assert.Equal(
            [
                "2 scripts in 2 tiers, 1 dependency. Nothing has run yet, so there are no colours.",
                "graph.md shows all scripts.",
                $"For Graphviz: {project.PathOf("obj/scripts/graph.dot")}",
                $"For programs: {project.PathOf("obj/scripts/graph.json")}",
                $"work -> {project.PathOf("obj/scripts/graph.md")}",
            ],
            build.Lines);
        Assert.Contains("  n0[\"second.sh\"]\n  n1[\"first.sh\"]\n  n1 --> n0\n", project.Read("obj/scripts/graph.md"));
        Assert.Contains("  n1 -> n0;\n", project.Read("obj/scripts/graph.dot"));
        Assert.Equal("first.sh", (string?)JsonNode.Parse(project.Read("obj/scripts/graph.json"))!["scripts"]![0]!["dependsOn"]![0]);
        Assert.False(project.Has("ran.txt"));
    }

    /// <summary>Whoever plans or draws checks what a run checks, so what one task is told all are told.</summary>
    [Fact]
    public void Is_told_all_that_a_run_is_told()
    {
        var targets = XDocument.Load(Path.Combine(Package.Unpacked, "build", "ParallelScripts.targets"));

        string[] ofARunOnly = ["TreatWarningsAsErrors", "WarningsNotAsErrors", "NoWarn", "StartupDirectory"];
        var ofARun = Told("RunScriptsParallel").Except(ofARunOnly).ToArray();
        Assert.Equal(ofARun, Told("PlanScripts"));
        Assert.Equal(ofARun, Told("GraphScripts"));

        IEnumerable<string> Told(string task) => targets.Descendants().Single(element => element.Name.LocalName == $"ParallelScripts.Tasks.{task}").Attributes().Select(attribute => $"{attribute.Name} {attribute.Value}").Where(told => !ofARunOnly.Contains(told.Split(' ')[0]));
    }

    [Fact]
    public async Task Checks_scripts_for_a_cluster_as_such()
    {
        var project = Plain("""
              <PropertyGroup>
                <ScriptsExecutor>Slurm</ScriptsExecutor>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="large" Command="true" Cores="1000" Memory="900TB" />
              </ItemGroup>
            """);
        File.SetUnixFileMode(project.Write("bin/sbatch", "#!/bin/sh\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        using var drawing = project.Start("msbuild", ["-t:GraphAnalyses"], new Dictionary<string, string> { ["PATH"] = $"{project.PathOf("bin")}:{Dotnet.Environment["PATH"]}" });

        (await drawing.EndAsync()).Succeeded();
        Assert.True(project.Has("obj/scripts/graph.md"));
    }

    [Fact]
    public async Task Draws_what_was_chosen_in_the_colours_of_the_last_run()
    {
        var project = WithTwoScripts(Plain(TwoScripts));
        (await project.RunAnalysesAsync()).Succeeded();

        (await project.MSBuildAsync("-t:GraphAnalyses", "-p:ScriptsOnly=first.sh")).Succeeded();

        Assert.Matches("  n0\\[\"first.sh<br>[0-9.]+ m?s\"\\]:::isSucceeded\n  classDef", project.Read("obj/scripts/graph.md"));
    }

    [Fact]
    public async Task Checks_as_a_run_does()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="a.sh" DependsOn="nobody" />
              </ItemGroup>
            """);
        project.Write("a.sh", "true");

        var build = (await project.MSBuildAsync("-t:GraphAnalyses")).Failed();

        Assert.StartsWith("work.proj(4,5): PSCR1002: ", Assert.Single(build.Errors));
        Assert.False(project.Has("obj/scripts/graph.md"));
    }

    [Fact]
    public async Task Has_nothing_to_draw_without_scripts()
    {
        var build = (await Plain("").MSBuildAsync("-t:GraphAnalyses")).Succeeded();

        Assert.Equal(["work.proj has no ScriptItem: there is nothing to draw."], build.Lines);
    }
}
