using System.Diagnostics;

namespace ParallelScripts.Tests;

/// <summary>What is kept between runs, and what happens when it is damaged, in use, or from a run that was killed.</summary>
public sealed class State : IDisposable
{
    private readonly TestProject _project = new();

    public State()
    {
        _project.Write("in.txt", "1");
        _project.Add("copy.sh", "cp in.txt out.txt", inputs: ["in.txt"], outputs: ["out.txt"]);
    }

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Of_every_run_is_in_the_history()
    {
        _project.Run();
        _project.Write("in.txt", "2");
        _project.Run();
        _project.Run();

        Assert.Equal(3L, Sqlite.Scalar(_project, "SELECT count(*) FROM runs WHERE outcome = 'Succeeded'"));
        Assert.Equal("it has not run before|in.txt changed", Sqlite.Scalar(_project, "SELECT group_concat(reason, '|') FROM (SELECT reason FROM script_runs ORDER BY run)"));
        Assert.Equal(1L, Sqlite.Scalar(_project, "SELECT up_to_date FROM runs ORDER BY id DESC LIMIT 1"));
        Assert.Equal("in.txt", Sqlite.Scalar(_project, "SELECT 'in.txt' FROM script_runs JOIN manifests ON hash = manifest WHERE lines LIKE '%in.txt%' LIMIT 1"));
    }

    [Fact]
    public void Of_files_that_a_run_of_some_scripts_did_not_ask_for_is_kept()
    {
        _project.Write("other.txt", "1");
        _project.Add("other.sh", "cp other.txt copy.txt", inputs: ["other.txt"], outputs: ["copy.txt"]);
        _project.Run();
        _project.Write("in.txt", "2");
        _project.Only = "copy.sh";

        _project.Run();

        Assert.Contains("other.txt", FileMemory.Read(_project.Place.StateDirectory).Keys);
        _project.Only = null;
        _project.Scripts.RemoveAt(1);
        _project.Write("in.txt", "3");
        _project.Run();
        Assert.DoesNotContain("other.txt", FileMemory.Read(_project.Place.StateDirectory).Keys);
    }

    [Fact]
    public void That_somebody_keeps_locked_is_said_when_nothing_may_run()
    {
        _project.Run();
        Sqlite.Scalar(_project, "PRAGMA journal_mode = DELETE");
        using (Sqlite.Locked(_project))
        {
            Assert.Equal(["copy.sh may run: the history of earlier runs cannot be read (SQLite Error 5: 'database is locked')"], _project.Plan());
        }

        Assert.Empty(_project.Plan());
    }

    [Fact]
    public void Is_kept_for_a_hundred_runs()
    {
        _project.Run();
        Sqlite.Scalar(_project, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) INSERT INTO runs (id, start_time, slots, schedule, scripts, outcome) SELECT printf('00%03d', i), '', 1, '', 1, 'Succeeded' FROM n");
        Sqlite.Scalar(_project, "INSERT INTO script_runs (run, script, outcome, reason, attempts) SELECT id, 'old', 'Succeeded', '', 1 FROM runs WHERE id LIKE '00%'");
        _project.Write("in.txt", "2");

        _project.Run();

        Assert.Equal(100L, Sqlite.Scalar(_project, "SELECT count(*) FROM runs"));
        Assert.Equal(98L, Sqlite.Scalar(_project, "SELECT count(*) FROM script_runs WHERE script = 'old'"));
    }

    [Fact]
    public void Drops_deciding_lines_that_nothing_refers_to_and_keeps_groups()
    {
        for (var i = 0; i < 20; i++)
        {
            _project.Write($"many/{i}.txt", "");
        }

        _project.Add("all.sh", "cat many/* > all.txt", inputs: ["many/*"], outputs: ["all.txt"]);
        _project.Run();
        Sqlite.Scalar(_project, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO manifests SELECT randomblob(16), 'nobody' FROM n");
        _project.Write("in.txt", "2");

        _project.Run();

        Assert.Equal(0L, Sqlite.Scalar(_project, "SELECT count(*) FROM manifests WHERE lines = 'nobody'"));
        _project.Write("many/7.txt", "changed");
        Assert.Equal(["all.sh runs: many/7.txt changed"], _project.Run());
    }

    [Fact]
    public void That_is_damaged_is_put_aside_and_the_run_goes_on()
    {
        _project.Run();
        _project.Write("obj/scripts/history.db", "this is no database, and long enough to be looked at as one");

        Assert.Equal(["copy.sh runs: it has not run before"], _project.Run());

        var note = Assert.Single(_project.Notes);
        Assert.StartsWith("PSCR3003: The history of earlier runs cannot be used: SQLite Error 26: 'file is not a database'. It was moved to '", note);
        Assert.Single(Directory.GetFiles(_project.Place.StateDirectory, "history.*.unusable.db"));
        Assert.Empty(_project.Run());
    }

    [Fact]
    public void That_turns_out_damaged_on_the_way_is_put_aside_after_the_run()
    {
        _project.Run();
        Sqlite.Scalar(_project, "UPDATE manifests SET lines = 'nonsense'");
        _project.Write("in.txt", "2");

        Assert.Equal(["copy.sh runs: what decided its result last time is not on record any more"], _project.Run());

        Assert.StartsWith("PSCR3003: The history of earlier runs cannot be used: 'nonsense' is not a line of a manifest. It was moved to '", Assert.Single(_project.Notes));
        Assert.Equal(["copy.sh runs: it has not run before"], _project.Run());
    }

    [Fact]
    public void Of_a_newer_version_is_put_aside_and_the_run_goes_on()
    {
        _project.Run();
        Sqlite.Scalar(_project, "PRAGMA user_version = 99");

        Assert.Equal(["copy.sh runs: it has not run before"], _project.Run());
        Assert.StartsWith($"PSCR3003: The history of earlier runs cannot be used: it is of version 99, which a newer ParallelScripts wrote, and this one knows versions up to {Schema.Version}. It was moved to '", Assert.Single(_project.Notes));
    }

    [Fact]
    public void Of_an_older_version_is_brought_to_this_one()
    {
        _project.Run();
        Sqlite.Scalar(_project, "DROP TABLE failed_attempts; DROP TABLE salt; DROP TABLE reports; DROP TABLE slurm_jobs; ALTER TABLE script_runs DROP COLUMN node; ALTER TABLE script_runs DROP COLUMN queued_seconds; ALTER TABLE script_runs DROP COLUMN peak_memory_is; PRAGMA user_version = 1");

        Assert.Empty(_project.Run());

        Assert.Empty(_project.Notes);
        Assert.Equal((long)Schema.Version, Sqlite.Scalar(_project, "PRAGMA user_version"));
        Assert.Equal(0L, Sqlite.Scalar(_project, "SELECT count(*) FROM failed_attempts"));
    }

    [Fact]
    public void Without_the_remembered_hashes_or_with_damaged_ones_is_as_good()
    {
        _project.Run();
        _project.Write("obj/scripts/hashes.bin", "damaged");
        Assert.Empty(_project.Run());

        File.Delete(_project["obj/scripts/hashes.bin"]);
        Assert.Empty(_project.Run());
    }

    [Fact]
    public void Is_for_one_run_at_a_time()
    {
        var start = new ManualResetEventSlim();
        _project.Add("once.sh", "mkdir once && sleep 0.05 && rmdir once && echo ran >> ran.txt && cp in.txt once.txt", inputs: ["in.txt"], outputs: ["once.txt"]);
        var runs = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.Wait();
                return _project.RunRecord();
            },
            TaskCreationOptions.LongRunning)).ToArray();
        start.Set();

        Assert.All(runs, run => Assert.Equal(Outcome.Succeeded, run.Result.Outcome));
        Assert.Equal("ran\n", _project.Read("ran.txt"));
    }

    [Fact]
    public void That_is_in_use_is_told_of_with_its_holder_and_waiting_can_be_cancelled()
    {
        _project.Run();
        using var held = StateLock.Take(_project.Place.StateDirectory, wait: true, _ => { }, CancellationToken.None);
        using var cancel = new CancellationTokenSource();

        var run = Task.Run(() => _project.RunRecord(cancel.Token));
        Eventually.True(() => !_project.Notes.IsEmpty, "the run waits");
        Assert.Matches(@"^Waiting for another run of this project \(process \d+, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\)\.$", Assert.Single(_project.Notes));

        cancel.Cancel();
        Assert.Null(run.Result);
    }

    [Fact]
    public void That_is_in_use_is_an_error_for_who_does_not_want_to_wait()
    {
        _project.Run();
        using var held = StateLock.Take(_project.Place.StateDirectory, wait: true, _ => { }, CancellationToken.None);
        var run = _project.Prepare();

        var refused = Assert.Throws<StateException>(() => Runner.Run(run with { Options = run.Options with { Wait = false } }, RunStart.Now(), _project.Environment, new RunRecorder(run, RunStart.Now()), default));

        Assert.Equal("PSCR3002", refused.Problem.Code);
        Assert.Matches(@"^Another run uses '.*': process \d+, since .*\. Wait for it, or leave ScriptsWait at true so that this run waits\.$", refused.Problem.ToString());
    }

    [Fact]
    public void Of_a_killed_run_says_what_was_not_finished()
    {
        _project.Run();
        _project.Write("in.txt", "2");
        KillWhileRunning("copy.sh", "out.txt");

        Assert.Equal(["copy.sh runs: it did not finish last time"], _project.Run());

        Assert.Equal("[copy.sh] did not finish last time; what it had begun to write is in " + _project["obj/scripts/failed/copy.sh"], Assert.Single(_project.Notes));
        Assert.Equal("half", _project.Read("obj/scripts/failed/copy.sh/out.txt"));
        Assert.Equal("2", _project.Read("out.txt"));
        Assert.Equal("Killed", Sqlite.Scalar(_project, "SELECT outcome FROM runs WHERE id = '0killed'"));
        Assert.Empty(_project.Run());
    }

    [Fact]
    public void Of_a_killed_run_lets_us_end_what_it_left_running()
    {
        _project.Run();
        KillWhileRunning("copy.sh", "out.txt");
        using var left = Process.Start(new ProcessStartInfo("/bin/sleep", "1000") { Environment = { [Marks.Variable] = new Marks(_project.Place.StateDirectory, "killed", "").Of(0) } })!;
        using var elsewhere = Process.Start(new ProcessStartInfo("/bin/sleep", "1000") { Environment = { [Marks.Variable] = new Marks(_project.Place.StateDirectory + "2", "killed", "").Of(0) } })!;

        _project.Run();

        Assert.Contains($"PSCR2020: An earlier run was killed and left process {left.Id} (/bin/sleep 1000) running. It has been ended.", _project.Notes);
        left.WaitForExit();
        Assert.False(elsewhere.HasExited);
        elsewhere.Kill();
    }

    [Fact]
    public void That_cannot_be_written_is_an_error_before_anything_runs()
    {
        _project.Write("obj", "a file where the folder should be");

        var refused = Assert.Throws<StateException>(() => _project.RunRecord());

        Assert.Equal("PSCR3001", refused.Problem.Code);
        Assert.False(_project.Has("out.txt"));
    }

    /// <summary>Leaves what a run leaves that is killed while this script writes this output.</summary>
    private void KillWhileRunning(string script, string output)
    {
        var run = _project.Prepare();
        using (var state = RunState.Open(run, "0killed", _project.Environment, _ => { }))
        {
            state.History!.BeginRun(new RunStart("0killed", DateTimeOffset.UtcNow, 0), run.Options, 1);
            state.History.Begin(script, "0killed", output, state.Outputs.Of(0));
        }

        _project.Write(output, "half");
    }
}
