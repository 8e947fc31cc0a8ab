using System.Text.RegularExpressions;

namespace ParallelScripts.Package.Tests;

public sealed partial class BuildLog(PackageFixture package) : PackageTest(package)
{
    [Fact]
    public async Task Shows_each_line_each_end_each_error_and_a_summary()
    {
        var project = Plain("""
              <PropertyGroup>
                <ScriptsMaxDegreeOfParallelism>1</ScriptsMaxDegreeOfParallelism>
                <ScriptsOnFailure>KeepGoing</ScriptsOnFailure>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="load.sh" />
                <ScriptItem Include="clean.sh" Name="clean up" DependsOn="load.sh" />
                <ScriptItem Include="fit.sh" DependsOn="clean up" Arguments="'a b' c" />
                <ScriptItem Include="plot.sh" DependsOn="fit.sh" />
                <ScriptItem Include="silent.sh" />
                <ScriptItem Include="killed.sh" />
              </ItemGroup>
            """);
        project.Write("load.sh", "echo loading; echo loaded");
        project.Write("clean.sh", "printf 'no newline at the end'");
        project.Write("fit.sh", "echo no fit >&2; exit 3");
        project.Write("plot.sh", "echo never");
        project.Write("silent.sh", "");
        project.Write("killed.sh", "kill -9 $$");

        var build = await project.RunAnalysesAsync();

        // The longest path is whichever of the two that ran took longer.
        build.Failed();
        var lines = build.Output.ReplaceLineEndings("\n").Replace(project.Folder, "FOLDER");
        lines = Duration().Replace(lines, "#");
        lines = LongestPath().Replace(lines, "(...); # %.");
        lines = Sh().Replace(lines, "sh FOLDER");
        Assert.Equal(
            """
            [load.sh] loading
              [load.sh] loaded
              [1/6 16%] ok  load.sh #
              [clean up] no newline at the end
              [2/6 33%] ok  clean up #
              [fit.sh] no fit
              [3/6 50%] failed  fit.sh #
            FOLDER/work.proj(10,5): error PSCR2001: Script 'fit.sh' exited with code 3. Its output is in FOLDER/obj/scripts/logs/fit.sh.log. To run it by hand, in 'FOLDER': sh FOLDER/fit.sh 'a b' c
              [5/6 83%] ok  silent.sh #
              [6/6 100%] failed  killed.sh #
            FOLDER/work.proj(13,5): error PSCR2002: Script 'killed.sh' was killed by SIGKILL. It printed nothing. To run it by hand, in 'FOLDER': sh FOLDER/killed.sh
              6 scripts: 3 succeeded, 2 failed, 1 skipped.
              Wall #; bound # (...); # %.
              Work # in 1 slot.
              Report: file://FOLDER/obj/scripts/report.html
            """,
            lines.Trim());
    }

    [Fact]
    public async Task Never_mixes_the_lines_of_scripts_that_print_at_the_same_time()
    {
        const int count = 2000;
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="print.sh" Name="one" Arguments="one two" />
                <ScriptItem Include="print.sh" Name="two" Arguments="two one" />
              </ItemGroup>
            """);
        project.Write("print.sh", $$"""
            : > "started-$1"
            {{WaitFor("started-$2")}}
            i=0
            while [ $i -lt {{count}} ]; do
              printf '%s' "$1 says "
              echo "$i and more, so that a line is a line long ................................."
              i=$((i+1))
            done
            """);

        var build = await project.RunAnalysesAsync("-p:ScriptsMaxDegreeOfParallelism=2");

        build.Succeeded();
        var said = build.Lines.Where(line => line.Contains(" says ", StringComparison.Ordinal)).ToArray();
        foreach (var name in new[] { "one", "two" })
        {
            Assert.Equal(
                Enumerable.Range(0, count).Select(i => $"[{name}] {name} says {i} and more, so that a line is a line long ................................."),
                said.Where(line => line.StartsWith($"[{name}]", StringComparison.Ordinal)));
        }

        Assert.Equal(2 * count, said.Length);
    }

    [Fact]
    public async Task Shows_text_and_nothing_that_moves_a_cursor()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="terminal.sh" />
              </ItemGroup>
            """);
        project.Write("terminal.sh", """
            printf '\033[31mred\033[0m and \033]8;;http://example.invalid\033\\link\033]8;;\033\\\n'
            printf '10%%\r50%%\r100%%\n'
            printf 'Windows\r\n'
            printf 'tab\there\n'
            printf 'not \377 UTF-8\n'
            printf 'error: not ours to judge\n'
            printf '{0} %%s %%20 $(x) ;\n'
            """);

        var build = await project.RunAnalysesAsync();

        build.Succeeded();
        Assert.Equal(
            ["red and link", "100%", "Windows", "tab\there", "not \ufffd UTF-8", "error: not ours to judge", "{0} %s %20 $(x) ;"],
            build.Lines.Where(line => line.StartsWith("[terminal.sh] ", StringComparison.Ordinal)).Select(line => line["[terminal.sh] ".Length..]));
        Assert.Empty(build.Errors);
        Assert.Empty(build.Warnings);

        // The log file is every byte as it was printed.
        Assert.StartsWith("\e[31mred\e[0m and ", project.Read("obj/scripts/logs/terminal.sh.log"), StringComparison.Ordinal);
        Assert.Contains("10%\r50%\r100%\n", project.Read("obj/scripts/logs/terminal.sh.log"), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\b(?:\d+ m )?\d+(?:\.\d+)? (?:ms|s)\b")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\(what runs in .*\); \d+ %\.")]
    private static partial Regex LongestPath();

    [GeneratedRegex("/[^ ]*/sh FOLDER")]
    private static partial Regex Sh();
}
