namespace ParallelScripts.Package.Tests;

public sealed class ReportAnalyses(PackageFixture package) : PackageTest(package)
{
    [Fact]
    public async Task Writes_the_report_of_the_last_run_again_byte_for_byte()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="a.sh" Name="&lt;/script&gt;" />
                <ScriptItem Include="fails.sh" DependsOn="&lt;/script&gt;" />
              </ItemGroup>
            """);
        project.Write("a.sh", "echo '</script>'");
        project.Write("fails.sh", "exit 3");
        (await project.RunAnalysesAsync()).Failed();
        string[] files = [.. new[] { "report.html", "trace.json", "summary.md" }.Select(name => Path.Combine(project.Folder, "obj", "scripts", name))];
        byte[][] written = [.. files.Select(File.ReadAllBytes)];
        Array.ForEach(files, File.Delete);

        var build = (await project.MSBuildAsync("-t:ReportAnalyses")).Succeeded();

        Assert.Equal(written, files.Select(File.ReadAllBytes));
        Assert.Contains($"{Path.GetFileNameWithoutExtension(project.FileName)} -> {files[0]}", build.Lines);
    }

    [Fact]
    public async Task Says_when_there_is_no_such_run()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="a.sh" />
              </ItemGroup>
            """);
        project.Write("a.sh", "true");

        var nothing = (await project.MSBuildAsync("-t:ReportAnalyses")).Failed();
        var unknown = (await project.MSBuildAsync("-t:ReportAnalyses", "-p:ScriptsRun=4711")).Failed();

        Assert.StartsWith("work.proj: PSCR1041: There is nothing to report: no run of these scripts is in the history in '", Assert.Single(nothing.Errors));
        Assert.Equal(["work.proj: PSCR1040: ScriptsRun is '4711', and no report of such a run is in the history. There is none of any run yet: run the scripts first."], unknown.Errors);
    }
}
