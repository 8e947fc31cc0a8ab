namespace ParallelScripts.Tests;

/// <summary>Each thing that decides, both ways, with the whole explanation.</summary>
public sealed class UpToDate : IDisposable
{
    private const string Clean = "sort raw.txt > clean.txt";
    private const string Fit = "wc -l < clean.txt > fit.txt";

    private readonly TestProject _project = new();

    public UpToDate()
    {
        // raw.txt --> clean.sh --> clean.txt --> fit.sh --> fit.txt
        _project.Write("raw.txt", "b\na\n");
        _project.Add("clean.sh", Clean, inputs: ["raw.txt"], outputs: ["clean.txt"]);
        _project.Add("fit.sh", Fit, inputs: ["clean.txt"], outputs: ["fit.txt"]);
        Assert.Equal(["clean.sh runs: it has not run before", "fit.sh runs: it has not run before"], _project.Run());
    }

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Is_a_script_when_nothing_changed()
    {
        Assert.Empty(_project.Run());
        Assert.Empty(_project.Plan());
    }

    [Fact]
    public void Is_not_a_script_whose_input_changed_nor_what_reads_the_result()
    {
        _project.Write("raw.txt", "b\na\nc\n");

        Assert.Equal(["clean.sh runs: raw.txt changed", "fit.sh may run: clean.sh runs before it"], _project.Plan());
        Assert.Equal(["clean.sh runs: raw.txt changed", "fit.sh runs: clean.txt changed (written by clean.sh)"], _project.Run());
        Assert.Empty(_project.Run());
        Assert.Equal("3\n", _project.Read("fit.txt"));
    }

    [Fact]
    public void Is_what_comes_after_a_script_that_wrote_the_same_again()
    {
        _project.Write("raw.txt", "a\nb\n");

        Assert.Equal(["clean.sh runs: raw.txt changed"], _project.Run());
    }

    [Fact]
    public void Is_a_script_whose_files_were_only_touched()
    {
        foreach (var file in new[] { "raw.txt", "clean.txt", "fit.txt", "clean.sh" })
        {
            File.SetLastWriteTimeUtc(_project[file], DateTime.UtcNow);
        }

        Assert.Empty(_project.Run());
    }

    [Fact]
    public void Is_not_a_script_whose_input_changed_but_neither_its_length_nor_its_time()
    {
        _project.Write("raw.txt", "x\na\n");

        Assert.Equal("clean.sh runs: raw.txt changed", _project.Run()[0]);
    }

    [Fact]
    public void Is_a_script_in_a_project_that_moved_with_its_state()
    {
        using var moved = new TestProject();
        Directory.Delete(moved.Place.ProjectDirectory);
        CopyFolder(_project.Place.ProjectDirectory, moved.Place.ProjectDirectory);
        moved.Scripts.AddRange(_project.Scripts);

        Assert.Empty(moved.Run());
    }

    [Fact]
    public void Is_again_what_was_changed_and_changed_back()
    {
        _project.Write("raw.txt", "c\n");
        _project.Run();
        var (clean, fit) = (_project.Read("clean.txt"), _project.Read("fit.txt"));
        _project.Write("raw.txt", "b\na\n");
        _project.Run();

        // As a switch of branches does it, with committed results: to and fro.
        _project.Write("raw.txt", "c\n");
        _project.Write("clean.txt", clean);
        _project.Write("fit.txt", fit);

        Assert.Empty(_project.Run());
    }

    [Fact]
    public void Is_not_a_script_that_was_edited()
    {
        _project.Write("clean.sh", Clean + " # twice");

        Assert.Equal(["clean.sh runs: clean.sh changed"], _project.Run());
    }

    [Fact]
    public void Is_not_a_script_that_sources_a_file_that_was_edited()
    {
        _project.Write("lib.sh", "x=1");
        _project.Write("clean.sh", ". ./lib.sh\n" + Clean);
        Assert.Equal(["clean.sh runs: clean.sh changed, and 1 more"], _project.Run());
        Assert.Empty(_project.Run());

        _project.Write("lib.sh", "x=2");

        Assert.Equal(["clean.sh runs: lib.sh changed (imported by clean.sh)"], _project.Run());
    }

    [Fact]
    public void Is_not_a_script_whose_output_is_gone()
    {
        File.Delete(_project["clean.txt"]);

        Assert.Equal(["clean.sh runs: clean.txt is missing"], _project.Run());
        Assert.Equal("a\nb\n", _project.Read("clean.txt"));
    }

    [Fact]
    public void Is_not_a_script_whose_output_somebody_else_changed()
    {
        _project.Write("clean.txt", "tampered");

        Assert.Equal("clean.sh runs: clean.txt is not as it last wrote it", Assert.Single(_project.Run()));
        Assert.Equal("a\nb\n", _project.Read("clean.txt"));
    }

    [Fact]
    public void Is_not_a_script_that_is_called_otherwise()
    {
        _project.Change("clean.sh", script => script with { Arguments = "--seed 1" });
        Assert.Equal(["clean.sh runs: Arguments is new ('--seed 1')"], _project.Run());

        _project.Change("clean.sh", script => script with { Arguments = "--seed 2" });
        Assert.Equal(["clean.sh runs: Arguments changed ('--seed 1' -> '--seed 2')"], _project.Run());

        _project.Change("clean.sh", script => script with { Arguments = "" });
        Assert.Equal([], _project.Run());
    }

    [Fact]
    public void Is_not_a_script_whose_declared_environment_changed_and_the_rest_of_the_environment_is_nothing_to_it()
    {
        _project.Change("clean.sh", script => script with { EnvironmentVariables = ["LC_ALL=C"] });
        Assert.Equal(["clean.sh runs: environment variable LC_ALL is new ('C')"], _project.Run());

        _project.Change("clean.sh", script => script with { EnvironmentVariables = ["LC_ALL=POSIX"] });
        Assert.Equal(["clean.sh runs: environment variable LC_ALL changed ('C' -> 'POSIX')"], _project.Run());

        _project.Environment["OTHER"] = "1";
        Assert.Empty(_project.Run());
    }

    [Fact]
    public void Is_not_a_script_that_runs_elsewhere()
    {
        Directory.CreateDirectory(_project["sub"]);
        _project.Write("sub/raw.txt", "z\n");
        _project.Change("clean.sh", script => script with { WorkingDirectory = "sub", Outputs = ["sub/clean.txt"] });

        Assert.Equal("clean.sh runs: WorkingDirectory is new ('sub')", _project.Run()[0]);
    }

    [Fact]
    public void Is_not_a_command_that_changed()
    {
        _project.Scripts.Add(new Script { Name = "count", Include = "count", Command = "wc -c < raw.txt > count.txt", Outputs = ["count.txt"] });
        Assert.Equal(["count runs: it has not run before"], _project.Run());
        Assert.Empty(_project.Run());

        _project.Change("count", script => script with { Command = "wc -l < raw.txt > count.txt" });

        Assert.Equal(["count runs: Command changed ('wc -c < raw.txt > count.txt' -> 'wc -l < raw.txt > count.txt')"], _project.Run());
    }

    [Fact]
    public void Is_not_a_script_whose_interpreter_is_another()
    {
        Interpreter("tool", "#!/bin/sh\nexec /bin/sh \"$@\"\n");
        _project.Change("clean.sh", script => script with { Interpreter = "./tool" });
        Assert.Equal("clean.sh runs: the interpreter changed", Assert.Single(_project.Run()).Split(" (")[0]);
        Assert.Empty(_project.Run());

        Interpreter("tool", "#!/bin/sh\n# version 2\nexec /bin/sh \"$@\"\n");

        Assert.Equal("clean.sh runs: the interpreter changed", Assert.Single(_project.Run()).Split(" (")[0]);
    }

    [Fact]
    public void Tells_the_versions_of_an_interpreter_that_was_updated_and_asks_it_only_once()
    {
        Interpreter("node", "#!/bin/sh\ncase $1 in -p) echo asked >> asked.txt; echo $PWD/node; echo Node.js v20.1.0;; *) exec /bin/sh \"$@\";; esac\n");
        _project.Change("clean.sh", script => script with { Interpreter = "./node" });
        _project.Run();
        Assert.Empty(_project.Run());
        Assert.Equal("asked\n", _project.Read("asked.txt"));

        Interpreter("node", "#!/bin/sh\ncase $1 in -p) echo asked >> asked.txt; echo $PWD/node; echo Node.js v22.4.1;; *) exec /bin/sh \"$@\";; esac\n");

        Assert.Equal(["clean.sh runs: the interpreter changed ('node, Node.js v20.1.0' -> 'node, Node.js v22.4.1')"], _project.Run());
    }

    [Fact]
    public void Is_decided_without_the_version_of_an_interpreter_that_does_not_answer()
    {
        _project.Write("bin/python3", "#!/bin/sh\nexec sleep 1000\n");
        File.SetUnixFileMode(_project["bin/python3"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var files = new ProjectFiles(_project.Place.ProjectDirectory, _project.Place.StateDirectory);
        using var processes = ProcessRunners.ForQuestions(_project.Environment);
        var interpreters = new InterpreterIdentity(files, new FileHashes(files, _project.Place.StateDirectory, []), null, processes, _project.Place, _project.Environment)
        {
            Patience = TimeSpan.FromMilliseconds(50),
        };

        Assert.Equal("bin/python3 (which does not tell its version)", interpreters.Of(_project["bin/python3"]).Identity);
    }

    [Fact]
    public void Is_not_a_Python_script_whose_environment_is_another()
    {
        _project.Environment["PATH"] += ":" + Path.GetDirectoryName(Python());
        _project.Add("p.py", "open('p.txt', 'w').write('p')", outputs: ["p.txt"]);
        _project.Write("requirements.txt", "pandas==2.2.3");
        _project.Run();
        Assert.Empty(_project.Run());

        _project.Write("requirements.txt", "pandas==2.3.0");

        Assert.Equal(["p.py runs: requirements.txt changed"], _project.Run());
    }

    [Fact]
    public void Sees_files_come_and_go_in_a_glob()
    {
        _project.Write("data/a.csv", "1");
        _project.Write("data/b.csv", "2");
        _project.Add("sum.sh", "cat data/*.csv > sum.txt", inputs: ["data/*.csv"], outputs: ["sum.txt"]);
        _project.Run();
        Assert.Empty(_project.Run());

        _project.Write("data/c.csv", "3");
        Assert.Equal(["sum.sh runs: data/c.csv is new"], _project.Run());

        File.Delete(_project["data/a.csv"]);
        Assert.Equal(["sum.sh runs: data/a.csv is gone"], _project.Run());

        _project.Write("data/b.csv", "9");
        Assert.Equal(["sum.sh runs: data/b.csv changed"], _project.Run());

        _project.Write("data/not.txt", "");
        Assert.Empty(_project.Run());
    }

    [Fact]
    public void Is_a_script_that_reads_a_folder_into_which_another_writes_what_it_read_there()
    {
        for (var i = 0; i < 20; i++)
        {
            _project.Write($"data/{i}.csv", "");
        }

        _project.Add("sum.sh", "cat data/[0-9]*.csv | wc -c > data/sum.csv", inputs: ["data/*.csv"], outputs: ["data/sum.csv"]);
        _project.Add("all.sh", "cat data/*.csv > all.txt", inputs: ["data/*.csv"], outputs: ["all.txt"]);
        Assert.Equal(["all.sh runs: it has not run before", "sum.sh runs: it has not run before"], _project.Run());
        Assert.Empty(_project.Run());

        _project.Write("data/7.csv", "7");

        Assert.Equal(["all.sh runs: data/sum.csv changed (written by sum.sh), and 1 more", "sum.sh runs: data/7.csv changed"], _project.Run());
        Assert.Empty(_project.Run());
    }

    [Fact]
    public void Names_the_file_that_changed_among_a_thousand()
    {
        for (var i = 0; i < 1000; i++)
        {
            _project.Write($"many/{i:0000}.csv", $"{i}");
        }

        _project.Add("all.sh", "cat many/* > all.txt", inputs: ["many/*"], outputs: ["all.txt"]);
        _project.Run();
        Assert.Empty(_project.Run());

        _project.Write("many/0500.csv", "changed");

        Assert.Equal(["all.sh runs: many/0500.csv changed"], _project.Run());
    }

    [Fact]
    public void Is_never_a_script_that_declares_no_outputs_nor_what_waits_for_it()
    {
        _project.Add("always.sh", ":");
        _project.Add("after.sh", ": > after.txt", outputs: ["after.txt"], after: ["always.sh"]);
        _project.Run();

        Assert.Equal(["after.sh runs: always.sh ran again (it declares no Outputs)", "always.sh runs: it declares no Outputs, so it always runs"], _project.Run());
        Assert.Equal(["after.sh runs: always.sh ran again (it declares no Outputs)", "always.sh runs: it declares no Outputs, so it always runs"], _project.Plan());
    }

    [Fact]
    public void Is_not_a_script_with_another_dependency()
    {
        _project.Write("extra.txt", "e");
        _project.Add("extra.sh", "cp extra.txt extra.out", inputs: ["extra.txt"], outputs: ["extra.out"]);
        _project.Run();

        _project.Change("fit.sh", script => script with { DependsOn = ["extra.sh"] });

        Assert.Equal(["fit.sh runs: extra.out is new (written by extra.sh)"], _project.Run());
    }

    [Fact]
    public void Is_not_a_script_that_failed_until_it_succeeds()
    {
        _project.Write("clean.sh", "echo half > clean.txt; exit 3");
        Assert.Equal(["clean.sh failed: clean.sh changed", "fit.sh skipped: it depends on 'clean.sh', which did not succeed"], _project.Run());
        Assert.False(_project.Has("clean.txt"));
        Assert.Equal("half\n", _project.Read("obj/scripts/failed/clean.sh/clean.txt"));

        _project.Write("clean.sh", Clean);
        Assert.Equal(["clean.sh runs: it did not succeed last time"], _project.Run());
        Assert.Empty(_project.Run());
    }

    [Fact]
    public void Leaves_an_output_that_a_failed_script_did_not_touch()
    {
        _project.Write("clean.sh", "exit 3");
        _project.Run();

        Assert.Equal("a\nb\n", _project.Read("clean.txt"));
        Assert.Equal(["clean.sh failed: it did not succeed last time", "fit.sh skipped: it depends on 'clean.sh', which did not succeed"], _project.Run());
    }

    [Fact]
    public void Is_an_error_when_a_successful_script_did_not_write_what_it_declares()
    {
        _project.Write("clean.sh", "rm clean.txt");

        Assert.Equal("clean.sh failed: clean.sh changed", _project.Run()[0]);
        Assert.Equal("PSCR2005: Script 'clean.sh' succeeded, but did not write 'clean.txt', which it has in Outputs. Correct Outputs, or the script.", Assert.Single(_project.Notes));
    }

    [Fact]
    public void Is_not_a_script_that_reads_what_its_dependency_writes_without_saying_so()
    {
        _project.Add("side.sh", "cp raw.txt side.out; cp raw.txt side.csv", inputs: ["raw.txt"], outputs: ["side.out"]);
        _project.Add("reads.sh", "cp side.csv reads.txt", inputs: ["side.csv"], outputs: ["reads.txt"], after: ["side.sh"]);
        _project.Run();
        Assert.Empty(_project.Run());

        _project.Write("raw.txt", "new\n");
        _project.Run();

        Assert.Equal("new\n", _project.Read("reads.txt"));
    }

    [Fact]
    public void Is_not_a_script_whose_interpreter_has_other_options()
    {
        _project.Change("clean.sh", script => script with { Interpreter = "sh -e" });
        Assert.Equal(["clean.sh runs: the interpreter's options is new ('-e')"], _project.Run());

        _project.Change("clean.sh", script => script with { Interpreter = "sh -u" });
        Assert.Equal(["clean.sh runs: the interpreter's options changed ('-e' -> '-u')"], _project.Run());
    }

    [Fact]
    public void Is_a_script_whose_declaration_only_changed_its_order()
    {
        _project.Write("other.txt", "");
        _project.Change("clean.sh", script => script with { Inputs = ["raw.txt", "other.txt"], EnvironmentVariables = ["A=1", "B=2"] });
        _project.Run();

        _project.Change("clean.sh", script => script with { Inputs = ["other.txt", "raw.txt"], EnvironmentVariables = ["B=2", "A=1"] });

        Assert.Empty(_project.Run());
    }

    [Fact]
    public void Takes_a_file_for_a_file_whatever_it_is_called()
    {
        _project.Write("Arguments", "1");
        _project.Write("the interpreter", "1");
        _project.Change("clean.sh", script => script with { Arguments = "x", Inputs = ["raw.txt", "Arguments", "the interpreter"] });
        _project.Run();

        _project.Write("Arguments", "2");
        Assert.Equal(["clean.sh runs: Arguments changed"], _project.Run());

        _project.Write("the interpreter", "2");
        Assert.Equal(["clean.sh runs: the interpreter changed"], _project.Run());
    }

    [Fact]
    public void Takes_a_thing_that_decides_in_two_ways_for_one()
    {
        // lib.sh is a script of its own that always runs, and sourced by another one.
        _project.Add("lib.sh", ":");
        _project.Add("uses.sh", ". ./lib.sh; : > uses.txt", outputs: ["uses.txt"], after: ["lib.sh"]);
        _project.Change("uses.sh", script => script with { EnvironmentVariables = ["A=1", "A=2"] });
        _project.Run();
        Assert.Equal("uses.sh runs: lib.sh ran again (it declares no Outputs)", _project.Run()[1]);

        _project.Change("uses.sh", script => script with { EnvironmentVariables = ["A=1", "A=3"] });
        Assert.Contains("uses.sh runs: environment variable A changed ('2' -> '3'), and 1 more", _project.Run());
    }

    [Fact]
    public void Keeps_two_lists_apart_that_begin_alike()
    {
        _project.Write("a", "1");
        _project.Write("c", "1");
        foreach (var name in new[] { "a", "c" })
        {
            _project.Add($"{name}.sh", $"cp {name} {name}.txt", inputs: [name], outputs: [$"{name}.txt"]);
        }

        foreach (var name in new[] { "x", "y" })
        {
            _project.Add($"{name}.sh", $"cat a.txt c.txt > {name}.txt", inputs: ["a.txt", "c.txt"], outputs: [$"{name}.txt"], after: ["a.sh", "clean.sh"]);
        }

        _project.Run();
        Assert.Empty(_project.Run());

        _project.Write("c", "2");

        Assert.Equal(["c.sh runs: c changed", "x.sh runs: c.txt changed (written by c.sh)", "y.sh runs: c.txt changed (written by c.sh)"], _project.Run());
    }

    [Fact]
    public void Says_so_when_a_script_declares_its_outputs_at_last()
    {
        _project.Add("late.sh", ": > late.txt");
        _project.Run();
        _project.Change("late.sh", script => script with { Outputs = ["late.txt"] });

        Assert.Equal(["late.sh runs: it declares Outputs now, and did not before"], _project.Run());
    }

    [Fact]
    public void Is_not_a_script_beside_whose_outputs_a_strange_file_appeared()
    {
        _project.Change("fit.sh", script => script with { Outputs = ["fit*.txt"] });
        _project.Run();
        _project.Write("fit2.txt", "who wrote this?");

        Assert.Equal(["fit.sh runs: fit2.txt is among its outputs, and it did not write that"], _project.Run());
    }

    private void Interpreter(string file, string text)
    {
        _project.Write(file, text);
        File.SetUnixFileMode(_project[file], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string Python() => new SearchPath(new Dictionary<string, string> { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")! }).Find("python3", "/")!;

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.GetDirectories(from))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }
}
