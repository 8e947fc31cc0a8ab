namespace ParallelScripts.Tests;

public sealed class JobsThatOutliveARun(Cluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task Cancelling_a_run_cancels_its_jobs_in_one_call()
    {
        using var project = NewProject();
        CountCalls(project);
        for (var i = 0; i < 4; i++)
        {
            project.Add($"{i}.sh", $"echo > {i}.began; echo half > {i}.txt; exec sleep 600", outputs: [$"{i}.txt"]);
        }

        project.Add("waits.sh", "echo", outputs: ["waits.txt"]);
        project.Change("waits.sh", script => script with { SlurmOptions = "--begin=now+1hour" });
        using var cancel = new CancellationTokenSource();
        var run = Task.Run(() => project.RunRecord(cancel.Token));
        Eventually.True(() => Enumerable.Range(0, 4).All(i => project.Has($"{i}.txt") && KeyOf(project, $"{i}.sh") != "") && KeyOf(project, "waits.sh") != "", "all begin");

        await cancel.CancelAsync();
        var record = await run;

        Assert.Equal(Outcome.Canceled, record.Outcome);
        Assert.All(record.Scripts, script => Assert.Equal(Outcome.Canceled, script.Outcome));

        // One for all; two where a busy machine takes its time between the first that is cancelled and the last.
        Assert.InRange(Calls(project, "scancel"), 1, 2);
        Assert.Equal("", Slurm.Ask("squeue", "--noheader"));
        Assert.Empty(Directory.EnumerateFiles(project[""], "*.txt"));
    }

    [Fact]
    public async Task A_job_that_began_before_Slurm_said_that_it_had_it_is_cancelled_once_that_is_said()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo > a.began; exec sleep 600", outputs: ["a.txt"]);
        InPlaceOfSbatch(project, $"case $* in *--test-only*) exec /usr/bin/sbatch \"$@\" ;; esac\nsaid=$(/usr/bin/sbatch \"$@\")\nuntil [ -e '{project["go"]}' ]; do sleep 0.05; done\necho \"$said\"\n");
        using var cancel = new CancellationTokenSource();
        var run = Task.Run(() => project.RunRecord(cancel.Token), TestContext.Current.CancellationToken);
        Eventually.True(() => project.Has("a.began"), "it begins");

        // Longer than all that is cancelled is gathered for, so that it is time to tell Slurm before there is an id to tell it.
        await cancel.CancelAsync();
        await Task.Delay(500, TestContext.Current.CancellationToken);
        project.Write("go", "");
        var record = await run;

        Assert.Equal("a.sh Canceled", Outcomes(record));
        Assert.Empty(project.Notes);
        Assert.Equal("", Slurm.Ask("squeue", "--noheader", "--states=PENDING,RUNNING"));
    }

    [Fact]
    public async Task A_job_of_which_no_answer_ever_came_does_not_hold_a_cancelled_run()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo > a.began; exec sleep 600", outputs: ["a.txt"]);
        InPlaceOfSbatch(project, "case $* in *--test-only*) exec /usr/bin/sbatch \"$@\" ;; esac\n/usr/bin/sbatch \"$@\" > /dev/null\necho 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2\nexit 1");
        project.SlurmSubmit = "Whole";
        using var cancel = new CancellationTokenSource();
        var run = Task.Run(() => project.RunRecord(cancel.Token), TestContext.Current.CancellationToken);
        Eventually.True(() => project.Has("a.began"), "it begins");

        await cancel.CancelAsync();

        Assert.Equal("a.sh Canceled", Outcomes(await run.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Detached_jobs_go_on_and_the_next_run_takes_them_over()
    {
        using var project = NewProject();
        project.OnCancel = "Detach";
        project.Add("a.sh", "echo a >> runs; echo > a.began; echo half > a.txt; while ! [ -e go ]; do sleep 0.02; done; echo a > a.txt; echo done", outputs: ["a.txt"]);
        project.Add("b.sh", "echo b >> runs; cat a.txt > b.txt", inputs: ["a.txt"], outputs: ["b.txt"]);
        using var cancel = new CancellationTokenSource();
        var run = Task.Run(() => project.RunRecord(cancel.Token));
        Eventually.True(() => project.Has("a.txt") && KeyOf(project, "a.sh") != "", "it begins");

        await cancel.CancelAsync();
        var first = await run;
        Assert.Equal("a.sh Canceled, b.sh Skipped", Outcomes(first));
        Assert.Equal(["1 job goes on in Slurm; the next run takes it over."], project.Notes);
        Assert.True(project.Has("a.txt"));

        project.Write("go", "");
        var second = project.RunRecord();

        Assert.Equal("a.sh Succeeded, b.sh Succeeded", Outcomes(second));
        Assert.Matches(@"^\[a.sh\] takes over job [0-9]+ of an earlier run$", Assert.Single(project.Notes));
        Assert.Equal(["[a.sh] done"], project.Shown);
        Assert.True(second.Scripts[0].StartTime < second.StartTime, "it began before the run did");
        Assert.Equal("a\nb\n", project.Read("runs"));
        Assert.Equal("a\n", project.Read("b.txt"));
        Assert.Empty(project.Run());
    }

    [Fact]
    public async Task A_job_whose_script_has_changed_since_is_cancelled_and_begun_again()
    {
        using var project = NewProject();
        project.OnCancel = "Detach";
        project.Add("a.sh", "echo > a.began; echo half > a.txt; exec sleep 600", outputs: ["a.txt"]);
        using var cancel = new CancellationTokenSource();
        var run = Task.Run(() => project.RunRecord(cancel.Token));
        Eventually.True(() => project.Has("a.began") && project.Has("a.txt"), "it begins");
        await cancel.CancelAsync();
        await run;

        project.Write("a.sh", "echo new > a.txt");
        var second = project.RunRecord();

        Assert.Equal("a.sh Succeeded", Outcomes(second));
        Assert.Equal("new\n", project.Read("a.txt"));
        Eventually.True(() => Slurm.Ask("squeue", "--noheader", "--states=PENDING,RUNNING") == "", "nothing is left");
    }

    [Fact]
    public async Task A_job_whose_script_runs_here_from_now_on_is_cancelled_first()
    {
        using var project = NewProject();
        project.OnCancel = "Detach";
        project.Add("a.sh", "echo > a.began; exec sleep 600", outputs: ["a.txt"]);
        using var cancel = new CancellationTokenSource();
        var run = Task.Run(() => project.RunRecord(cancel.Token));
        Eventually.True(() => project.Has("a.began"), "it begins");
        await cancel.CancelAsync();
        await run;

        project.Executor = "Local";
        project.Write("a.sh", "squeue -h -t PENDING,RUNNING > a.txt");
        var second = project.RunRecord();

        Assert.Equal("a.sh Succeeded", Outcomes(second));
        Assert.Equal(["Cancelled 1 job of an earlier run, whose script does not run on Slurm any more."], project.Notes);
        Assert.Equal("", project.Read("a.txt"));
    }

    [Fact]
    public async Task A_job_that_Slurm_begins_a_second_time_runs_nothing_a_second_time()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo a >> runs; exec sleep 600", outputs: ["a.txt"]);
        project.Change("a.sh", script => script with { SlurmOptions = "--signal=B:USR2@30" });

        var run = Task.Run(() => project.RunRecord());
        Eventually.True(() => project.Has("runs"), "it begins");
        var id = Slurm.Ask("squeue", "--noheader", "--format=%i").Trim();
        Slurm.Ask("scontrol", "update", $"jobid={id}", "requeue=1");
        Slurm.Ask("scontrol", "requeue", id);
        var record = await run;

        Assert.Equal("a.sh Failed", Outcomes(record));
        Assert.Equal("a\n", project.Read("runs"));
        Assert.StartsWith("PSCR4010: The job of script 'a.sh' was put back into the queue by Slurm after it had begun; the script is not run a second time by itself. Run again; or set its Retries.", Assert.Single(project.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_controller_that_is_away_for_a_while_is_waited_for()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo > a.began; while ! [ -e go ]; do sleep 0.02; done; echo a > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", "cat a.txt > b.txt", inputs: ["a.txt"], outputs: ["b.txt"]);

        var run = Task.Run(() => project.RunRecord());
        Eventually.True(() => project.Has("a.began"), "it begins");
        Slurm.Kill("slurmctld", "TERM");
        project.Write("go", "");
        Eventually.True(() => project.Notes.Any(note => note.StartsWith("PSCR4014", StringComparison.Ordinal)), "somebody notices");
        Slurm.StartController();
        var record = await run;

        Assert.Equal("a.sh Succeeded, b.sh Succeeded", Outcomes(record));
        Assert.Equal("a\n", project.Read("b.txt"));
        Assert.StartsWith("PSCR4014: Slurm does not answer, or takes no jobs just now: ", project.Notes.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_controller_that_is_away_for_too_long_fails_the_run_and_not_the_job()
    {
        using var project = NewProject();
        project.SlurmPatience = "2s";
        project.Add("a.sh", "echo > a.began; while ! [ -e go ]; do sleep 0.02; done; echo a > a.txt", outputs: ["a.txt"]);

        var run = Task.Run(() => project.RunRecord());
        Eventually.True(() => project.Has("a.began"), "it begins");
        Slurm.Kill("slurmctld", "TERM");
        var record = await run;
        Slurm.StartController();
        project.Write("go", "");

        Assert.Equal("a.sh Failed", Outcomes(record));
        Assert.StartsWith("PSCR4002: Nothing is known of the job of script 'a.sh': Slurm has not answered for 2.00 s, and said '", project.Notes.Last(), StringComparison.Ordinal);
        Eventually.True(() => Slurm.Ask("squeue", "--noheader", "--states=PENDING,RUNNING").Trim() == "", "Slurm answers, and the job ends");
        Assert.Equal("a.sh Succeeded", Outcomes(project.RunRecord()));
        Assert.Matches(@"^\[a.sh\] takes over job [0-9]+ of an earlier run$", Assert.Single(project.Notes));
    }
}
