namespace ParallelScripts.Package.Tests;

public sealed class BadInput(PackageFixture package) : PackageTest(package)
{
    [Fact]
    public async Task Is_said_all_at_once_each_at_its_own_line_and_nothing_is_started()
    {
        var project = PlainFile("""
            <Project>
              <Import Project="$(PackageUnderTest)/build/ParallelScripts.props" />
              <Import Project="build/shared.props" />
              <PropertyGroup>
                <ScriptsMaxDegreeOfParallelism>many</ScriptsMaxDegreeOfParallelism>
                <ScriptsSchedule>Sometimes</ScriptsSchedule>
                <ScriptsOnFailure>Cry</ScriptsOnFailure>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="fine.sh" />
                <ScriptItem Include="typo.sh" DependsOn="fime.sh" />
                <ScriptItem Include="lost.sh" DependsOn="something-else-entirely" />
                <ScriptItem Include="glob.sh" DependsOn="none/*.sh" />
                <ScriptItem Include="ring1.sh" DependsOn="ring3.sh" />
                <ScriptItem Include="ring2.sh" DependsOn="ring1.sh" />
                <ScriptItem Include="ring3.sh"
                            DependsOn="ring2.sh" />
                <ScriptItem Include="self.sh" DependsOn="fine.sh;self.sh" />
                <ScriptItem Include="twin1.sh" Name="twin" />
                <ScriptItem Include="twin2.sh" Name="twin" />
                <ScriptItem Include="missing.sh" />
                <ScriptItem Include="folder" />
                <ScriptItem Include="program.sh" Interpreter="no-such-program -x" />
                <ScriptItem Include="unknown.what" />
                <ScriptItem Include="runnable.sh" Command="echo which" />
                <ScriptItem Include="both" Command="echo which" Interpreter="sh" />
                <ScriptItem Include="more" Command="echo which" Arguments="one" />
                <ScriptItem Include="pair.sh" EnvironmentVariables="GOOD=1;BAD;=worse" />
                <ScriptItem Include="where.sh" WorkingDirectory="no/such/folder" />
                <ScriptItem Include="open.sh" Arguments="one 'two" />
                <ScriptItem Include="openi.sh" Interpreter="sh &quot;-e" />
                <ScriptInterpreter Include=".one" />
                <ScriptInterpreter Include=".two" Command="two 'three" />
                <ScriptInterpreter Include="four" Command="no-such-four" />
                <ScriptItem Include="data.four;other.four" />
              </ItemGroup>
              <Import Project="$(PackageUnderTest)/build/ParallelScripts.targets" />
            </Project>
            """);
        project.Write("build/shared.props", """
            <Project>
              <ItemGroup>

                <ScriptItem Include="shared.sh" DependsOn="fine" />
              </ItemGroup>
            </Project>
            """);
        foreach (var file in "fine typo lost glob ring1 ring2 ring3 self twin1 twin2 program runnable pair where open openi shared folder/in".Split(' '))
        {
            project.Write(file + ".sh", ": > started");
        }

        foreach (var file in new[] { "unknown.what", "data.four", "other.four" })
        {
            project.Write(file, "");
        }

        // The terminal logger makes a link of each code; the binary log does not keep links.
        var build = await project.RunAnalysesAsync("-tl:on");

        string[] expected =
        [
            "build/shared.props(4,5): PSCR1002: Script 'shared.sh' depends on 'fine', but no script has that name. Add a script named 'fine', or remove it from DependsOn.",
            "work.proj(5,5): PSCR1005: ScriptsMaxDegreeOfParallelism is 'many', which is not a number of slots. Set it to a whole number from 0 up; 0 means as many as the build has cores for.",
            "work.proj(6,5): PSCR1006: ScriptsSchedule is 'Sometimes', which is none of its values. Use one of: Eager, Tiers.",
            "work.proj(7,5): PSCR1006: ScriptsOnFailure is 'Cry', which is none of its values. Use one of: StopStarting, KeepGoing, StopNow.",
            "work.proj(11,5): PSCR1002: Script 'typo.sh' depends on 'fime.sh', but no script has that name. Did you mean 'fine.sh'?",
            "work.proj(12,5): PSCR1002: Script 'lost.sh' depends on 'something-else-entirely', but no script has that name. Add a script named 'something-else-entirely', or remove it from DependsOn.",
            "work.proj(13,5): PSCR1003: Script 'glob.sh' depends on 'none/*.sh', but no script's name matches that. Correct the pattern, or remove it from DependsOn.",
            "work.proj(14,5): PSCR1004: Scripts depend on each other in a circle: ring1.sh [work.proj(14)] -> ring3.sh [work.proj(16)] -> ring2.sh [work.proj(15)] -> ring1.sh [work.proj(14)]. Remove one of these from the DependsOn of the one before it.",
            "work.proj(18,5): PSCR1004: Script 'self.sh' depends on itself. Remove 'self.sh' from its DependsOn.",
            "work.proj(20,5): PSCR1001: Two scripts are named 'twin'; the first is at work.proj(19). Give each its own Name; or, where a glob takes the file in already, write Update instead of a second Include.",
            $"work.proj(21,5): PSCR1007: Script 'missing.sh' is to run 'missing.sh', but there is no such file in '{project.Folder}'. Correct the path, or set Command if it is not a file that is to run.",
            "work.proj(22,5): PSCR1007: Script 'folder' is to run 'folder', but that is a folder. Correct the path, or set Command if it is not a file that is to run.",
            "work.proj(23,5): PSCR1008: Script 'program.sh' needs 'no-such-program', which is not installed or not on the PATH. Install it, or correct Interpreter.",
            "work.proj(24,5): PSCR1009: Nothing is known to run 'unknown.what' (script 'unknown.what'): neither its extension, nor a #! line, nor an executable bit says what does. Set its Interpreter, or add a ScriptInterpreter item for the extension.",
            "work.proj(25,5): PSCR1011: Script 'runnable.sh' has a Command, but 'runnable.sh' is also a file that would run by itself: it is not clear which is meant. Remove Command (Interpreter and Arguments say how to run a file), or give it an Include that is not a file.",
            "work.proj(26,5): PSCR1012: Script 'both' has both Command and Interpreter. A Command is a whole command line: write what Interpreter says into it, and remove Interpreter.",
            "work.proj(27,5): PSCR1012: Script 'more' has both Command and Arguments. A Command is a whole command line: write what Arguments says into it, and remove Arguments.",
            "work.proj(28,5): PSCR1013: Script 'pair.sh' has '=worse' in EnvironmentVariables, which is not NAME=value. Write NAME=value, with ; between two of them, and %3B for a ; inside a value.",
            "work.proj(28,5): PSCR1013: Script 'pair.sh' has 'BAD' in EnvironmentVariables, which is not NAME=value. Write NAME=value, with ; between two of them, and %3B for a ; inside a value.",
            "work.proj(29,5): PSCR1014: Script 'where.sh' is to run in 'no/such/folder', but there is no such folder. Create it before the run, or correct WorkingDirectory, which is relative to the project's folder.",
            "work.proj(30,5): PSCR1015: Script 'open.sh' has Arguments 'one 'two', in which a quote is not closed. Close it, or put the other kind of quote around it.",
            "work.proj(31,5): PSCR1015: Script 'openi.sh' has Interpreter 'sh \"-e', in which a quote is not closed. Close it, or put the other kind of quote around it.",
            "work.proj(32,5): PSCR1016: ScriptInterpreter '.one' has no Command that says what runs such files. Write an extension and a command line: <ScriptInterpreter Include=\".lua\" Command=\"lua\" />.",
            "work.proj(33,5): PSCR1015: ScriptInterpreter '.two' has Command 'two 'three', in which a quote is not closed. Close it, or put the other kind of quote around it.",
            "work.proj(35,5): PSCR1008: Script 'data.four' and 1 more need 'no-such-four', which is not installed or not on the PATH. Install it, or correct the ScriptInterpreter item.",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), build.Failed().Errors.Order(StringComparer.Ordinal));
        Assert.False(project.Has("started"));
        Assert.False(project.Has("obj"));
        Assert.All(
            expected.Select(error => error.Split(": ")[1]),
            code => Assert.Contains($"\e]8;;{new Uri(Path.Combine(Package.Unpacked, "docs", "problems", code + ".md")).AbsoluteUri}\e\\{code}\e]8;;\e\\", build.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_the_command_line_has_the_project_for_its_place_but_no_line()
    {
        var project = Plain("""
              <PropertyGroup>
                <ScriptsMaxDegreeOfParallelism>2</ScriptsMaxDegreeOfParallelism>
                <ScriptsSchedule>Tiers</ScriptsSchedule>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="a.sh" />
              </ItemGroup>
            """);
        project.Write("a.sh", ": > started");

        var build = await project.RunAnalysesAsync("-p:ScriptsMaxDegreeOfParallelism=-1", "-p:ScriptsSchedule=7", "-p:ScriptsOnFailure=KeepGoing%3BStopNow");

        Assert.Equal(
            [
                "work.proj: PSCR1005: ScriptsMaxDegreeOfParallelism is '-1', which is not a number of slots. Set it to a whole number from 0 up; 0 means as many as the build has cores for.",
                "work.proj: PSCR1006: ScriptsSchedule is '7', which is none of its values. Use one of: Eager, Tiers.",
                "work.proj: PSCR1006: ScriptsOnFailure is 'KeepGoing;StopNow', which is none of its values. Use one of: StopStarting, KeepGoing, StopNow.",
            ],
            build.Failed().Errors);
        Assert.False(project.Has("started"));
    }

    [Fact]
    public async Task In_the_parameters_of_the_task_is_at_the_line_that_calls_it()
    {
        var project = Plain("""
              <Target Name="Mine">
                <ItemGroup>
                  <Mine Include="a.sh" />
                </ItemGroup>
                <RunScriptsParallel Scripts="@(Mine)" MaxDegreeOfParallelism="1.5" OnFailure="Cry" />
              </Target>
            """);
        project.Write("a.sh", ": > started");

        var build = await project.MSBuildAsync("-t:Mine");

        Assert.Equal(
            [
                "work.proj(7,5): PSCR1005: MaxDegreeOfParallelism is '1.5', which is not a number of slots. Set it to a whole number from 0 up; 0 means as many as the build has cores for.",
                "work.proj(7,5): PSCR1006: OnFailure is 'Cry', which is none of its values. Use one of: StopStarting, KeepGoing, StopNow.",
            ],
            build.Failed().Errors);
        Assert.False(project.Has("started"));
    }

    [Fact]
    public async Task Of_a_pool_or_for_a_cluster_is_at_its_own_line_too()
    {
        var project = Plain("""
              <PropertyGroup>
                <SlurmMaxJobs>many</SlurmMaxJobs>
                <SlurmSubmit>Later</SlurmSubmit>
                <SlurmPatience>long</SlurmPatience>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="gpu" Command="true" />
                <ScriptPool Include="gpu" Depth="none" />
                <ScriptPool Include="disk" />
                <ScriptPool Include="disk" Depth="2" />
              </ItemGroup>
            """);

        var build = await project.MSBuildAsync("-t:PlanAnalyses");

        Assert.Equal(
            [
                "work.proj(4,5): PSCR1052: SlurmMaxJobs is 'many', which is not a number of jobs. Set it to a whole number from 1 up: how many jobs wait in the queue or run at once.",
                "work.proj(5,5): PSCR1006: SlurmSubmit is 'Later', which is none of its values. Use one of: Ready, Whole.",
                "work.proj(6,5): PSCR1024: SlurmPatience is 'long', which is not a length of time: it is not a number and a unit. Write it as 90s, 10m, 1h30m, 250ms or hh:mm:ss; a plain number is milliseconds.",
                "work.proj(10,5): PSCR1033: ScriptPool 'gpu' has Depth 'none', which is not a number of scripts. Set it to a whole number from 1 up: how many scripts have a place in it at once.",
                "work.proj(12,5): PSCR1033: There are two ScriptPools named 'disk'. Remove one, or write Update instead of a second Include.",
            ],
            build.Failed().Errors.Order(Comparer<string>.Create((a, b) => LineOf(a) - LineOf(b))));

        static int LineOf(string error) => int.Parse(error.Split('(', ',')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Is_at_the_line_that_brings_the_item_in_however_it_does()
    {
        var project = Plain("""
              <Import Project="computed.props" />
              <ItemGroup>
                <ScriptItem Include="one.sh; two.sh" DependsOn="a-name" />
                <ScriptItem Include="globbed/*.sh" DependsOn="b-name" />
                <ScriptItem Include="same.sh" Name="same1" DependsOn="d-name" />
                <ScriptItem Include="same.sh" Name="same2" DependsOn="e-name" />
                <ScriptItem Include="back\slash.sh" DependsOn="f-name" />
                <ScriptItem Include="50%25.sh">
                  <DependsOn>g-name</DependsOn>
                </ScriptItem>
              </ItemGroup>
            """);
        project.Write("computed.props", """
            <Project>
              <PropertyGroup>
                <Computed>computed.sh</Computed>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="$(Computed)" DependsOn="c-name" />
              </ItemGroup>
            </Project>
            """);
        foreach (var file in "one two globbed/x computed same back/slash 50%".Split(' '))
        {
            project.Write(file + ".sh", "");
        }

        var build = await project.MSBuildAsync("-t:PlanAnalyses");

        Assert.Equal(
            [
                "computed.props(6,5) 'computed.sh'",
                "work.proj(5,5) 'one.sh'",
                "work.proj(5,5) 'two.sh'",
                "work.proj(6,5) 'globbed/x.sh'",
                "work.proj(7,5) 'same1'",
                "work.proj(8,5) 'same2'",
                "work.proj(9,5) 'back/slash.sh'",
                "work.proj(10,5) '50%.sh'",
            ],
            build.Failed().Errors.Select(error => $"{error.Split(": ")[0]} '{error.Split('\'')[1]}'"));
    }

    [Fact]
    public async Task Is_not_at_a_line_whose_condition_is_false()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="load.sh" Condition="'$(OS)' == 'No such system'" />
                <ScriptItem Include="load.sh" Condition="'$(OS)' != 'No such system'" DependsOn="nothing" />
              </ItemGroup>
            """);
        project.Write("load.sh", "");

        var build = await project.MSBuildAsync("-t:PlanAnalyses");

        // Without a line would do too; the wrong one would not.
        var error = Assert.Single(build.Failed().Errors);
        Assert.Matches(@"^work\.proj(\(5,5\))?: PSCR1002: Script 'load.sh' depends on 'nothing'", error);
    }
}
