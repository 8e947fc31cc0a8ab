namespace ParallelScripts.Tests;

/// <summary>Which error of those that a script printed is the one that it failed of, and where it is said to be.</summary>
public sealed class ErrorsOfScripts
{
    [Fact]
    public void Say_what_where_on_which_way_how_it_ended_and_how_to_try_it()
    {
        using var script = new Reader().With("fit.py", "lib/load.py");
        script.Print("""
            Traceback (most recent call last):
              File "/here/fit.py", line 87, in <module>
                load("survey.csv")
              File "/here/lib/load.py", line 41, in load
                return row["price"]
            KeyError: 'price'
            """);

        Assert.Equal(
            "lib/load.py(41,0): error PSCR2001: KeyError: 'price' (in load, called from fit.py(87)). Script 'fit.py' exited with code 1. Its output is in /logs/fit.py.log. To run it by hand, in '/here': /usr/bin/python3 fit.py",
            script.Show(script.Fail().Problem).Replace(script.Project, "/here", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/here/.venv/lib/python3.12/site-packages/pandas/frame.py")]
    [InlineData("/here/env/lib/python3.12/json/decoder.py")]
    [InlineData("/here/node_modules/left-pad/index.js")]
    [InlineData("/usr/lib/python3/dist-packages/yaml/reader.py")]
    [InlineData("<frozen importlib._bootstrap>")]
    [InlineData("<string>")]
    [InlineData("removed.py")]
    public void Are_where_the_projects_own_code_is_the_innermost(string innermost)
    {
        using var script = new Reader().With("fit.py", ".venv/lib/python3.12/site-packages/pandas/frame.py", "env/lib/python3.12/json/decoder.py", "node_modules/left-pad/index.js");
        script.Print($"""
            Traceback (most recent call last):
              File "/here/fit.py", line 3, in fit
                read()
              File "{innermost}", line 41, in read
                return row["price"]
            KeyError: 'price'
            """);

        Assert.StartsWith("fit.py(3,0): error PSCR2001: KeyError: 'price' (in fit). ", script.Show(script.Fail().Problem), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run.sh: line 1:     7 Killed                  python3 fit.py")]
    [InlineData("run.sh: line 1:  4711 Killed                  python3 fit.py")]
    [InlineData("run.sh: line 1: 21852 Killed                  python3 fit.py")]
    [InlineData("run.sh: line 1: 4194304 Killed                  python3 fit.py")]
    public void Are_also_what_a_shell_says_of_a_process_that_was_killed(string line)
    {
        using var script = new Reader("run.sh").With("run.sh");
        script.Print(line);

        Assert.StartsWith("run.sh(1,0): error PSCR2001: Killed: python3 fit.py. ", script.Show(script.Fail(137).Problem), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_place_of_the_projects_own_are_at_the_script()
    {
        using var script = new Reader().With("fit.py");
        script.Print("""
            Traceback (most recent call last):
              File "<string>", line 41, in read
            KeyError: 'price'
            """);

        Assert.StartsWith("fit.py(0,0): error PSCR2001: KeyError: 'price'. ", script.Show(script.Fail().Problem), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_command_line_are_at_the_line_that_declares_it()
    {
        using var script = new Reader("compare", command: "frobnicate | sort");

        Assert.StartsWith("work.csproj(3,5): error PSCR2001: frobnicate: not found. Script 'compare' exited with code 127. ", script.Show(script.Print("/bin/sh: 1: frobnicate: not found").Fail(127).Problem), StringComparison.Ordinal);
    }

    [Fact]
    public void That_name_files_relatively_are_found_from_where_the_script_runs()
    {
        using var script = new Reader("lib/fit.rb").With("lib/fit.rb");

        Assert.StartsWith("lib/fit.rb(2,0): error PSCR2001: RuntimeError: bad (in f). ", script.Show(script.Print("lib/fit.rb:2:in `f': bad (RuntimeError)").Fail().Problem), StringComparison.Ordinal);
    }

    [Fact]
    public void That_name_files_by_what_a_link_points_to_are_at_the_name_that_the_project_has()
    {
        using var folder = new TemporaryFolder();
        folder.Write("real/fit.js", "\n");
        Directory.CreateSymbolicLink(folder["link"], folder["real"]);
        var script = new Script { Name = "fit.js", Include = "fit.js" };
        var diagnosis = new Diagnosis(script, folder["link"], new RunPlace(folder["link/work.csproj"], folder["link"], folder["link/obj"]));
        diagnosis.Read($"Error: bad\n    at f ({folder["real/fit.js"]}:1:7)".Split('\n')[0]);
        diagnosis.Read($"    at f ({folder["real/fit.js"]}:1:7)");

        var end = diagnosis.Conclude(new ScriptEnd(Outcome.Failed) { Problem = Problems.ExitedNonZero(script, new Launch { Program = "", Arguments = [], WorkingDirectory = "" }, new ProcessEnd(1, null, null, false), default) }, _ => false);

        Assert.Equal(folder["link/fit.js"], end.Problem!.Place.File);
    }

    [Fact]
    public void That_were_caught_are_none_when_the_script_succeeds_and_the_last_one_when_it_fails()
    {
        using var script = new Reader().With("fit.py");
        script.Print("""
            Traceback (most recent call last):
              File "/here/fit.py", line 3, in fit
            ValueError: caught
            went on
            Traceback (most recent call last):
              File "/here/fit.py", line 9, in fit
            KeyError: 'price'
            """);

        Assert.StartsWith("fit.py(9,0): error PSCR2001: KeyError: 'price' (in fit). ", script.Show(script.Fail().Problem), StringComparison.Ordinal);
    }

    [Fact]
    public void Do_not_take_in_what_a_script_printed_long_after_them()
    {
        using var script = new Reader().With("fit.py");
        script.Print("Traceback (most recent call last):\n  File \"/here/fit.py\", line 3, in fit\nValueError: caught\n" + string.Join('\n', Enumerable.Range(0, 30).Select(i => $"row {i}")));

        Assert.StartsWith("fit.py(3,0): error PSCR2001: ValueError: caught (in fit). ", script.Show(script.Fail().Problem), StringComparison.Ordinal);
    }

    [Fact]
    public void Are_read_though_another_process_prints_in_between()
    {
        using var script = new Reader().With("fit.py");
        script.Print("""
            Traceback (most recent call last):
              File "/here/fit.py", line 3, in fit
            [worker 2] 17 % done, of 100
                read()
            KeyError: 'price'
            """);

        Assert.StartsWith("fit.py(3,0): error PSCR2001: KeyError: 'price' (in fit). ", script.Show(script.Fail().Problem), StringComparison.Ordinal);
    }

    [Fact]
    public void That_are_longer_than_a_list_takes_are_cut()
    {
        using var script = new Reader().With("fit.py");
        script.Print($"Traceback (most recent call last):\n  File \"/here/fit.py\", line 3, in fit\nValueError: {new string('x', 16_000)}\n{new string('y', 16_000)}");

        Assert.InRange(script.Fail().Problem!.What.Length, 500, 700);
    }

    [Theory]
    [InlineData("SIGABRT", "fit.cs(3,0): error PSCR2001: System.Exception: bad. Script 'fit.cs' was killed by SIGABRT. ")]
    [InlineData("SIGKILL", "work.csproj(3,5): error PSCR2002: Script 'fit.cs' was killed by SIGKILL. ")]
    [InlineData("SIGTERM", "work.csproj(3,5): error PSCR2002: Script 'fit.cs' was killed by SIGTERM. ")]
    public void Explain_a_signal_only_if_a_program_sends_it_to_itself(string signal, string said)
    {
        using var script = new Reader("fit.cs").With("fit.cs");
        script.Print("Unhandled exception. System.Exception: bad\n   at Program.<Main>$(String[] args) in /here/fit.cs:line 3");

        Assert.StartsWith(said, script.Show(script.Kill(signal).Problem), StringComparison.Ordinal);
    }
}
