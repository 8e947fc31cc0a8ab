namespace ParallelScripts.Package.Tests;

public sealed class ScriptEnvironment(PackageFixture package) : PackageTest(package)
{
    [Fact]
    public async Task Is_that_of_the_person_without_what_dotnet_and_MSBuild_put_there()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="environment.sh" EnvironmentVariables="OWN=1;EMPTY=;PATHLIKE=a=b%3Bc" />
              </ItemGroup>
              <PropertyGroup>
                <ScriptsSetThreadVariables>false</ScriptsSetThreadVariables>
              </PropertyGroup>
            """);
        project.Write("environment.sh", "env -0 > environment.txt");

        (await project.RunAnalysesAsync()).Succeeded();

        // Of what every shell sets by itself nothing can be said.
        string[] shells = ["PWD", "OLDPWD", "SHLVL", "_"];
        var expected = Dotnet.Environment.Select(variable => $"{variable.Key}={variable.Value}").Concat(["OWN=1", "EMPTY=", "PATHLIKE=a=b;c"]).Where(IsNotTheShells).ToArray();
        var all = project.Read("environment.txt").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var mark = Assert.Single(all, variable => variable.StartsWith("PARALLELSCRIPTS_MARK=", StringComparison.Ordinal)).Split('=')[1];
        var actual = all.Where(variable => IsNotTheShells(variable) && !variable.StartsWith("PARALLELSCRIPTS_MARK=", StringComparison.Ordinal)).ToArray();
        Assert.Empty(actual.Except(expected));
        Assert.Empty(expected.Except(actual));

        Assert.Matches("^[0-9a-f]{16}-[0-9a-f]{32}-0$", mark);

        bool IsNotTheShells(string variable) => !shells.Contains(variable.Split('=')[0]);
    }

    [Fact]
    public async Task Says_how_many_threads_to_use_and_on_request_where_the_job_server_is()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="told.sh" />
              </ItemGroup>
            """);
        project.Write("told.sh", "echo \"$OMP_NUM_THREADS $POLARS_MAX_THREADS '$MAKEFLAGS'\"");

        var usual = await project.RunAnalysesAsync();
        var asked = await project.RunAnalysesAsync("-p:ScriptsSetThreadVariables=false", "-p:ScriptsJobServer=Fifo", "-p:ScriptsMaxDegreeOfParallelism=4");

        Assert.Contains("[told.sh] 1 1 ''", usual.Succeeded().Lines);
        Assert.Matches(@"\[told\.sh\]   ' -j4 --jobserver-auth=fifo:/[^ ]+'", asked.Succeeded().Output);
    }

    [Fact]
    public async Task Has_nothing_to_read_the_projects_folder_to_work_in_and_one_stream_for_both_outputs()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="sub/stdin.sh" />
                <ScriptItem Include="sub/stdin.sh" Name="elsewhere" WorkingDirectory="sub/../sub" />
                <ScriptItem Include="both.sh" />
                <ScriptItem Include="command" Command="cat; pwd -P &gt; command.txt" WorkingDirectory="sub" />
              </ItemGroup>
            """);
        project.Write("sub/stdin.sh", "cat; pwd -P > stdin.txt");
        project.Write("both.sh", "echo out; echo err >&2; echo out again");

        (await project.RunAnalysesAsync()).Succeeded();

        Assert.Equal(project.Folder + "\n", project.Read("stdin.txt"));
        Assert.Equal(project.PathOf("sub") + "\n", project.Read("sub/stdin.txt"));
        Assert.Equal(project.PathOf("sub") + "\n", project.Read("sub/command.txt"));
        Assert.Equal("out\nerr\nout again\n", project.Read("obj/scripts/logs/both.sh.log"));
    }

    [Fact]
    public async Task Makes_Python_print_at_once_and_in_UTF8()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="python.py" Arguments="ä" />
                <ScriptItem Include="python.py" Name="mine" EnvironmentVariables="PYTHONUTF8=0;PYTHONUNBUFFERED=" />
              </ItemGroup>
            """);
        project.Write("python.py", """
            import os, sys
            print(os.environ["PYTHONUTF8"], os.environ["PYTHONUNBUFFERED"], sys.argv[1:], repr(sys.stdin.read()), os.getcwd())
            """);

        using var running = project.Start("msbuild", ["-t:RunAnalyses"], new Dictionary<string, string> { ["LC_ALL"] = "C" });
        var build = await running.EndAsync();

        build.Succeeded();
        Assert.Contains($"[python.py] 1 1 ['ä'] '' {project.Folder}", build.Lines);
        Assert.Contains($"[mine] 0  [] '' {project.Folder}", build.Lines);
    }
}
