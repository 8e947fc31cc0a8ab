namespace ParallelScripts.Package.Tests;

public sealed class Interpreters(PackageFixture package) : PackageTest(package)
{
    [Fact]
    public async Task Are_chosen_by_item_project_virtual_environment_first_line_and_extension()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptInterpreter Include=".mine" Command="sh -e" />
                <ScriptInterpreter Include="rb" Command="./show 'for ruby'" />
                <ScriptItem Include="a.py" />
                <ScriptItem Include="b.py" Interpreter="./show 'by item'" Arguments="1 2" />
                <ScriptItem Include="c.mine" />
                <ScriptItem Include="d.rb" />
                <ScriptItem Include="e" />
                <ScriptItem Include="f.sh" />
                <ScriptItem Include="g.sh" />
                <ScriptItem Include="h.bash" />
                <ScriptItem Include="i.js" />
                <ScriptItem Include="j" Command="echo $0 in a shell | sed s/shell/pipe/" />
              </ItemGroup>
            """);
        Executable(project, ".venv/bin/python", """echo ".venv runs $(basename "$1")" """);
        Executable(project, "show", """echo "$1 runs $(basename "$2") with $3 $4" """);
        Executable(project, "other/bin/python", "echo never");
        Executable(project, "programs/node", """echo "node runs $(basename "$1")" """);
        project.Write("a.py", "");
        project.Write("b.py", "");
        project.Write("c.mine", "echo ${-}; false; echo never");
        project.Write("d.rb", "");
        project.Write("e", "#!/bin/sh -u\necho ${-}");
        project.Write("f.sh", "#!/usr/bin/env bash\necho ${BASH_VERSION:+bash}");
        project.Write("g.sh", "echo ${BASH_VERSION:-sh}");
        project.Write("h.bash", "echo ${BASH_VERSION:+bash}");
        project.Write("i.js", "");

        var environment = new Dictionary<string, string>
        {
            ["VIRTUAL_ENV"] = project.PathOf("other"),
            ["PATH"] = $"{project.PathOf("programs")}:{Dotnet.Environment["PATH"]}",
        };
        using var running = project.Start("msbuild", ["-t:RunAnalyses", "-p:ScriptsOnFailure=KeepGoing"], environment);
        var build = await running.EndAsync();

        build.Failed();
        Assert.Equal(
            [
                "[a.py] .venv runs a.py",
                "[b.py] by item runs b.py with 1 2",
                "[c.mine] e",
                "[d.rb] for ruby runs d.rb with",
                "[e] u",
                "[f.sh] bash",
                "[g.sh] sh",
                "[h.bash] bash",
                "[i.js] node runs i.js",
                "[j] /bin/sh in a pipe",
            ],
            build.Lines.Where(line => line.StartsWith('[') && !line.Contains("%] ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var error = Assert.Single(build.Errors);
        Assert.StartsWith("work.proj(8,5): PSCR2001: Script 'c.mine' exited with code 1.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_not_the_active_environments_Python_when_the_project_has_its_own_and_are_when_not()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="a.py" />
              </ItemGroup>
            """);
        Executable(project, "active/bin/python", "echo active");
        project.Write("a.py", "");

        using var running = project.Start("msbuild", ["-t:RunAnalyses"], new Dictionary<string, string> { ["VIRTUAL_ENV"] = project.PathOf("active") });
        var build = await running.EndAsync();

        Assert.Contains("[a.py] active", build.Succeeded().Lines);
    }

    [Fact]
    public async Task Compile_single_files_of_CSharp()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="good.cs" Arguments="one 'two words'" EnvironmentVariables="VALUE=3" />
                <ScriptItem Include="bad.cs" />
                <ScriptItem Include="good.cs" Name="again" DependsOn="good.cs" />
              </ItemGroup>
            """);
        project.Write("good.cs", """
            Console.WriteLine($"{string.Join('|', args)} {Environment.GetEnvironmentVariable("VALUE")} {Environment.CurrentDirectory}");
            """);
        project.Write("bad.cs", "Console.WriteLine(nothing);");

        var build = await project.RunAnalysesAsync("-p:ScriptsOnFailure=KeepGoing");

        build.Failed();
        Assert.Contains($"[good.cs] one|two words 3 {project.Folder}", build.Lines);
        Assert.Contains($"[again]   {project.Folder}", build.Lines);
        Assert.Contains(build.Lines, line => line.StartsWith("[bad.cs]", StringComparison.Ordinal) && line.Contains("bad.cs(1,19): error CS0103", StringComparison.Ordinal));
        Assert.Equal(
            ["bad.cs(1,19): CS0103: The name 'nothing' does not exist in the current context", $"work.proj(5,5): PSCR2004: Script 'bad.cs' does not compile. What the compiler said is in {project.PathOf("obj/scripts/logs/bad.cs.log")}. To run it by hand, in '{project.Folder}': {DotnetPath(project)} run --file {project.PathOf("bad.cs")}"],
            build.Errors);
    }

    /// <summary>The dotnet that ran the build, from the record.</summary>
    private static string DotnetPath(Project project) => (string)project.RunJson()["scripts"]![1]!["command"]![0]!;

    private static void Executable(Project project, string path, string script) =>
        File.SetUnixFileMode(project.Write(path, "#!/bin/sh\n" + script), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
