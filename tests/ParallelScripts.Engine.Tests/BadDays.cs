using System.Diagnostics;

namespace ParallelScripts.Tests;

/// <summary>What can go wrong around scripts: each is said or gone on with, and nothing that had finished is lost.</summary>
public sealed class BadDays : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_state_directory_that_is_deleted_during_the_run_costs_its_record_and_nothing_else()
    {
        _project.Add("a.sh", "rm -rf obj; echo a > a.txt", outputs: ["a.txt"]);
        _project.Add("b.sh", "echo b > b.txt", inputs: ["a.txt"], outputs: ["b.txt"]);

        var record = _project.RunRecord();

        Assert.Equal([Outcome.Succeeded, Outcome.Succeeded], record.Scripts.Select(script => script.Outcome));
        Assert.True(_project.Has("obj/scripts/run.json"));
        _project.Write("a.sh", "echo a > a.txt");
        Assert.Equal(["a.sh runs: it has not run before", "b.sh runs: it has not run before"], _project.Run());
        Assert.Empty(_project.Run());
    }

    [Fact]
    public void On_a_disk_that_is_full_scripts_run_to_their_end_and_what_was_recorded_before_stays() => WithStateOnASmallDisk(() =>
    {
        _project.Add("a.sh", "echo a > a.txt", outputs: ["a.txt"]);
        _project.RunRecord();
        _project.Add("fill.sh", "head -c 1M /dev/zero > .state/fill 2> /dev/null; true", after: ["a.sh"]);
        _project.Add("b.sh", "echo b > b.txt", after: ["fill.sh"], outputs: ["b.txt"]);

        // The record of the run itself finds no room either, and that is an error with a code.
        var refused = Record.Exception(() => _project.RunRecord());

        Assert.Equal("PSCR3001", Assert.IsType<StateException>(refused).Problem.Code);
        Assert.Equal(["PSCR3004", "PSCR3023", "PSCR3024"], _project.Notes.Select(note => note.Split(':')[0]).Order());
        Assert.Equal("b\n", _project.Read("b.txt"));

        File.Delete(_project[".state/fill"]);
        _project.Write("fill.sh", "true");
        var next = _project.RunRecord();
        Assert.Equal((Outcome.UpToDate, Outcome.Succeeded), (next.Scripts[0].Outcome, next.Scripts[2].Outcome));
    });

    [Fact]
    public void On_a_disk_that_is_full_from_the_start_nothing_runs_and_the_history_stays() => WithStateOnASmallDisk(() =>
    {
        _project.Add("a.sh", "echo a > a.txt", outputs: ["a.txt"]);
        _project.RunRecord();
        Run("sh", "-c", $"head -c 1M /dev/zero > '{_project[".state/fill"]}'");

        Assert.Equal("PSCR3001", Assert.Throws<StateException>(() => _project.RunRecord()).Problem.Code);

        File.Delete(_project[".state/fill"]);
        Assert.Equal(Outcome.UpToDate, _project.RunRecord().Scripts[0].Outcome);
    });

    [Fact]
    public void On_a_disk_without_room_for_a_lock_a_program_is_not_waited_for() => WithStateOnASmallDisk(() =>
    {
        using var processes = ProcessRunners.ForQuestions(_project.Environment);
        var programs = new CSharpPrograms(processes, _project.Place.StateDirectory);
        var launch = new Launch { Program = "dotnet", Arguments = [], WorkingDirectory = "/", CSharpFile = _project["program.cs"] };
        _project.Write("program.cs", "");
        using (var stop = new CancellationTokenSource())
        {
            stop.Cancel();
            Assert.Null(programs.Build(launch, new Nothing(), stop.Token));
        }

        // Its folder is there by now; no file can be made in it any more.
        Directory.GetFiles(_project[".state"], ".lock", SearchOption.AllDirectories).ToList().ForEach(File.Delete);
        Run("sh", "-c", $"cd '{_project[".state"]}'; i=0; while : > fill$i; do i=$((i + 1)); done");

        var build = Task.Run(() => programs.Build(launch, new Nothing(), CancellationToken.None));

        Assert.True(Task.WhenAny(build, Task.Delay(TimeSpan.FromSeconds(20))).Result == build, "It waits for ever.");
        Assert.StartsWith("No space left on device", Assert.IsType<IOException>(build.Exception?.InnerException).Message);
    });

    [Fact]
    public void A_script_that_is_deleted_while_it_waits_fails_and_the_others_run()
    {
        _project.MaxDegreeOfParallelism = "1";
        _project.Add("first.sh", "rm second.sh");
        _project.Add("second.sh", "echo never");
        _project.Add("third.sh", "true");

        var record = _project.RunRecord();

        Assert.Equal([Outcome.Succeeded, Outcome.Failed, Outcome.Succeeded], record.Scripts.Select(script => script.Outcome));
        Assert.StartsWith($"PSCR2003: Script 'second.sh' could not be started: '{_project["second.sh"]}' does not exist any more. ", Assert.Single(_project.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_that_is_edited_while_it_waits_is_decided_by_and_runs_as_what_it_is_then()
    {
        _project.Add("first.sh", "[ -e once ] || echo 'echo new > second.txt' > second.sh; : > once; echo first > first.txt", outputs: ["first.txt"]);
        _project.Add("second.sh", "echo old > second.txt", after: ["first.sh"], outputs: ["second.txt"]);

        _project.RunRecord();

        Assert.Equal("new\n", _project.Read("second.txt"));
        Assert.Empty(_project.Run());
    }

    [Fact]
    public void A_clock_that_was_set_back_makes_no_run_older_than_the_one_before_it()
    {
        _project.Add("a.sh", "cp in.txt a.txt", inputs: ["in.txt"], outputs: ["a.txt"]);
        _project.Write("in.txt", "0");
        _project.RunRecord();
        var future = Guid.CreateVersion7(DateTimeOffset.UtcNow.AddYears(1)).ToString("N");
        Sqlite.Scalar(_project, $"UPDATE runs SET id = '{future}'; UPDATE results SET run = '{future}'; UPDATE script_runs SET run = '{future}'");

        // More than are kept of a script.
        for (var edit = 1; edit <= HistoryStore.MostResults + 2; edit++)
        {
            _project.Write("in.txt", edit.ToString());
            var record = _project.RunRecord();
            Assert.True(string.CompareOrdinal(record.RunId, future) > 0);
            Assert.Equal(record.RunId, Sqlite.Scalar(_project, "SELECT max(id) FROM runs"));
            Assert.Empty(_project.Run());
        }
    }

    private void WithStateOnASmallDisk(Action test)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root may mount a small disk.");
        var state = _project[".state"];
        Directory.CreateDirectory(state);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=512k,nr_inodes=50", "tmpfs", state) == 0, "This root may not mount.");
        _project.State = ".state";
        try
        {
            test();
        }
        finally
        {
            // What another test is just starting has, for a moment, a copy of what is open here.
            Eventually.True(() => Run("umount", state) == 0, "the small disk is unmounted");
        }
    }

    private sealed class Nothing : IOutputSink
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
