namespace ParallelScripts.Tests;

public sealed class HandingOver(Cluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public void Submits_all_and_ends_and_the_next_run_collects_what_has_happened()
    {
        using var project = NewProject();
        using var gate = new Gate(project);
        for (var i = 0; i < 5; i++)
        {
            project.Add($"load{i}.sh", $"{gate.Wait}; echo load{i} > load{i}.txt; echo load{i} >> ran.txt", outputs: [$"load{i}.txt"]);
        }

        for (var i = 0; i < 20; i++)
        {
            project.Add($"fit{i}.sh", $"cat load{i % 5}.txt > fit{i}.txt; echo fit{i} >> fit{i}.txt; echo fit{i} >> ran.txt", inputs: [$"load{i % 5}.txt"], outputs: [$"fit{i}.txt"]);
        }

        for (var i = 0; i < 4; i++)
        {
            project.Add($"join{i}.sh", $"cat {string.Join(' ', Enumerable.Range(0, 5).Select(k => $"fit{(i * 5) + k}.txt"))} > join{i}.txt; echo join{i} >> ran.txt", inputs: [.. Enumerable.Range(0, 5).Select(k => $"fit{(i * 5) + k}.txt")], outputs: [$"join{i}.txt"]);
        }

        project.Add("all.sh", "cat join?.txt > all.txt; echo all >> ran.txt", inputs: ["join?.txt"], outputs: ["all.txt"]);

        project.SlurmSubmit = "Whole";
        var handedOver = project.RunRecord();

        Assert.All(handedOver.Scripts, script => Assert.Equal(Outcome.HandedOver, script.Outcome));
        Assert.Equal(30, handedOver.Scripts.Count);
        Assert.Equal(Outcome.Succeeded, handedOver.Outcome);
        Assert.False(project.Has("ran.txt"));
        Assert.Matches("^Slurm has 30 jobs of this run [(][0-9]+ to [0-9]+[)] and goes on without it[.] 'squeue --me' shows them; the next run collects what has ended[.]$", Assert.Single(project.Notes));

        gate.Open();
        Eventually.True(() => project.Has("all.txt") && project.Read("all.txt") != "", "all has run without us");
        project.SlurmSubmit = "";
        var collected = project.RunRecord();

        Assert.Empty(project.Notes);
        Assert.All(collected.Scripts, script => Assert.Equal(Outcome.Succeeded, script.Outcome));
        Assert.Equal(30, project.Read("ran.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count());
        Assert.Equal(30, project.Read("ran.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Empty(project.Run());
    }

    [Fact]
    public void What_depends_on_a_failure_does_not_run_and_the_next_run_says_so()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo a > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", "echo oh no; exit 3", inputs: ["a.txt"], outputs: ["b.txt"]);
        project.Add("c.sh", "echo c > c.txt", inputs: ["b.txt"], outputs: ["c.txt"]);
        project.Add("d.sh", "echo d > d.txt", inputs: ["c.txt"], outputs: ["d.txt"]);
        project.Add("e.sh", "echo e > e.txt", inputs: ["a.txt"], outputs: ["e.txt"]);
        project.OnFailure = OnFailure.StopStarting;
        project.SlurmSubmit = "Whole";
        Assert.Equal("a.sh HandedOver, b.sh HandedOver, c.sh HandedOver, d.sh HandedOver, e.sh HandedOver", Outcomes(project.RunRecord()));
        project.SlurmSubmit = "";
        Eventually.True(() => HasEnded(project, "b.sh") && HasEnded(project, "e.sh"), "all have run that can");
        Assert.Matches("c.sh is handed over: it will not run, since b.sh did not succeed; d.sh is handed over: it will not run, since c.sh did not succeed", string.Join("; ", project.Plan()));

        var collected = project.RunRecord();

        Assert.Equal("a.sh Succeeded, b.sh Failed, c.sh Skipped, d.sh Skipped, e.sh Succeeded", Outcomes(collected));
        Assert.Contains($"PSCR2001: Script 'b.sh' exited with code 3. Its output is in {project["obj/scripts/logs/b.sh.log"]}. To run it by hand, in '{project[""].TrimEnd('/')}': /usr/bin/sh {project["b.sh"]}", project.Notes);
        Assert.False(project.Has("c.txt"));

        // Mended, the rest runs, and the jobs of before are in nobody's way.
        project.Write("b.sh", "cat a.txt > b.txt");
        Assert.Equal(["b.sh runs: it did not succeed last time", "c.sh runs: it did not finish last time", "d.sh runs: it did not finish last time"], project.Run());
        Assert.Equal("d\n", project.Read("d.txt"));
        Assert.Empty(project.Run());
    }

    [Fact]
    public void What_is_up_to_date_is_not_submitted_and_not_waited_for()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo a > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", "cat a.txt > b.txt", inputs: ["a.txt"], outputs: ["b.txt"]);
        project.Add("c.sh", "cat b.txt > c.txt", inputs: ["b.txt"], outputs: ["c.txt"]);
        project.Run();
        project.Write("b.sh", "cat a.txt > b.txt; echo b >> b.txt");
        RecordSubmissions(project);

        HandOver(project, "a.sh UpToDate, b.sh HandedOver, c.sh HandedOver");

        var submissions = Submissions(project);
        Assert.Equal(2, submissions.Length);
        Assert.DoesNotContain("--dependency", submissions[0], StringComparison.Ordinal);
        Assert.Matches("--dependency=afterok:[0-9]+ --kill-on-invalid-dep=yes", submissions[1]);
        Assert.Equal(["b.sh runs: a run before this one handed it over", "c.sh runs: a run before this one handed it over"], project.Run());
        Assert.Equal("a\nb\n", project.Read("c.txt"));
        Assert.Equal(2, Submissions(project).Length);
    }

    [Fact]
    public void Handing_over_again_collects_what_has_ended_and_leaves_the_rest()
    {
        using var project = NewProject();
        using var gate = new Gate(project);
        project.Add("a.sh", "echo a >> ran.txt; echo a > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", $"{gate.Wait}; echo b >> ran.txt; cat a.txt > b.txt", inputs: ["a.txt"], outputs: ["b.txt"]);
        project.Add("c.sh", "echo c >> ran.txt; cat b.txt > c.txt", inputs: ["b.txt"], outputs: ["c.txt"]);
        RecordSubmissions(project);
        HandOver(project, "a.sh HandedOver, b.sh HandedOver, c.sh HandedOver");
        Eventually.True(() => HasBegun(project, "b.sh"), "the second runs");
        Assert.Matches("^a.sh is handed over: its job [0-9]+ has ended well; the next run collects it; b.sh is handed over: its job [0-9]+ has begun; c.sh is handed over: its job [0-9]+ waits in Slurm$", string.Join("; ", project.Plan()));

        HandOver(project, "a.sh Succeeded, b.sh HandedOver, c.sh HandedOver");
        project.Add("d.sh", "echo d >> ran.txt; cat c.txt > d.txt", inputs: ["c.txt"], outputs: ["d.txt"]);
        HandOver(project, "a.sh UpToDate, b.sh HandedOver, c.sh HandedOver, d.sh HandedOver");
        Assert.True(Submissions(project).Length == 4, string.Join('\n', [.. Submissions(project), .. project.Notes]));

        gate.Open();
        Assert.Equal(3, project.Run().Count);
        Assert.Equal("a\nb\nc\nd\n", project.Read("ran.txt"));
        Assert.Empty(project.Run());
    }

    [Fact]
    public void A_file_that_was_changed_after_a_job_began_lets_the_script_run_again()
    {
        using var project = NewProject();
        project.Write("raw.txt", "raw\n");
        project.Add("a.sh", "cat raw.txt > a.txt; echo a >> ran.txt", inputs: ["raw.txt"], outputs: ["a.txt"]);
        project.Add("b.sh", "cat a.txt > b.txt; echo b >> ran.txt", inputs: ["a.txt"], outputs: ["b.txt"]);
        project.Add("c.sh", "echo c > c.txt; echo c >> ran.txt", outputs: ["c.txt"]);
        HandOver(project, "a.sh HandedOver, b.sh HandedOver, c.sh HandedOver");
        Eventually.True(() => HasEnded(project, "b.sh") && HasEnded(project, "c.sh"), "all have run");

        // Somebody changed it and back: it says what it said, and what the job read nobody knows.
        project.Write("raw.txt", "raw\n");
        var record = project.RunRecord();

        Assert.Equal("a.sh Succeeded, b.sh Succeeded, c.sh Succeeded", Outcomes(record));
        Assert.Contains("[a.sh] had been handed over to Slurm, and raw.txt was changed since its job began; what it did does not count.", project.Notes);
        Assert.Contains("[b.sh] had been handed over to Slurm too; a.sh, which it depends on, runs again, so its job does not count.", project.Notes);
        Assert.Equal("a,a,b,b,c", string.Join(',', File.ReadAllLines(project["ran.txt"]).Order()));
        Assert.Empty(project.Run());
    }

    [Fact]
    public void An_output_that_somebody_changed_since_is_not_taken_for_what_the_job_wrote()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo a > a.txt", outputs: ["a.txt"]);
        HandOver(project, "a.sh HandedOver");
        Eventually.True(() => HasEnded(project, "a.sh"), "it has run");
        var ended = FileStamp.Of(project[$"obj/scripts/slurm/results/{KeyOf(project, "a.sh")}"])!.Value.Modified;
        Eventually.True(
            () =>
            {
                project.Write("a.txt", "mine");
                return FileStamp.Of(project["a.txt"])!.Value.Changed > ended;
            },
            "the clock of the file system has gone on");

        Assert.Equal(["a.sh runs: a run before this one handed it over"], project.Run());

        Assert.Equal("a\n", project.Read("a.txt"));
        Assert.Contains("[a.sh] had been handed over to Slurm, and a.txt was changed since its job began; what it did does not count.", project.Notes);
    }

    [Fact]
    public void A_script_that_was_changed_since_runs_again_and_all_that_read_what_it_wrote()
    {
        using var project = NewProject();
        using var gate = new Gate(project);
        project.Add("a.sh", "echo old > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", $"cat a.txt > b.txt; {gate.Wait}", inputs: ["a.txt"], outputs: ["b.txt"]);
        project.Add("c.sh", "cat b.txt > c.txt", inputs: ["b.txt"], outputs: ["c.txt"]);
        HandOver(project, "a.sh HandedOver, b.sh HandedOver, c.sh HandedOver");
        Eventually.True(() => HasBegun(project, "b.sh") && project.Has("b.txt"), "the second runs");
        project.Write("a.sh", "echo new > a.txt");
        var run = Task.Run(() => project.RunRecord());
        Eventually.True(() => project.Read("a.txt") == "new\n" && project.Read("b.txt") == "new\n", "the first two run again");
        gate.Open();

        Assert.Equal("a.sh Succeeded, b.sh Succeeded, c.sh Succeeded", Outcomes(run.GetAwaiter().GetResult()));
        Assert.Equal("new\n", project.Read("c.txt"));
        Assert.Empty(project.Run());
    }

    [Fact]
    public void A_script_that_may_fail_lets_what_depends_on_it_start()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo a > a.txt; exit 3", outputs: ["a.txt"]);
        project.Add("b.sh", "echo b > b.txt", after: ["a.sh"], outputs: ["b.txt"]);
        project.Change("a.sh", script => script with { ContinueOnError = "WarnAndContinue" });
        HandOver(project, "a.sh HandedOver, b.sh HandedOver");
        Eventually.True(() => HasEnded(project, "b.sh"), "both have run");
        Assert.Equal("b\n", project.Read("b.txt"));

        Assert.Equal("a.sh Failed, b.sh Succeeded", Outcomes(project.RunRecord()));
    }

    [Fact]
    public void A_script_that_has_to_run_here_is_in_the_way_and_nothing_is_submitted()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo a > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", "cat a.txt > b.txt", inputs: ["a.txt"], outputs: ["b.txt"]);
        project.Add("c.sh", "cat b.txt > c.txt", inputs: ["b.txt"], outputs: ["c.txt"]);
        project.Change("a.sh", script => script with { Executor = "Local" });
        project.Change("c.sh", script => script with { Executor = "Local" });
        RecordSubmissions(project);
        project.SlurmSubmit = "Whole";

        var refused = Assert.Throws<StateException>(() => project.RunRecord());

        Assert.Equal("PSCR4020", refused.Problem.Code);
        Assert.Equal("Script 'a.sh' has to run (it has not run before), and so has 1 more, on this machine: that cannot be handed over to Slurm with the rest. Run it first, with ScriptsOnly and SlurmSubmit=Ready, or let it run on Slurm too.", refused.Problem.ToString());
        Assert.Empty(Submissions(project));

        // What has run here is not in the way.
        project.Scripts.RemoveAt(2);
        (project.Only, project.SlurmSubmit) = ("a.sh", "");
        project.Run();
        project.Only = null;
        HandOver(project, "a.sh UpToDate, b.sh HandedOver");
    }

    [Fact]
    public void A_sweep_is_one_array_and_who_waits_for_all_of_it_waits_for_one_job()
    {
        using var project = NewProject();
        using var gate = new Gate(project);
        for (var i = 0; i < 20; i++)
        {
            project.Add($"fit{i}.sh", $"{gate.Wait}; echo {i} > fit{i}.txt", outputs: [$"fit{i}.txt"]);
        }

        project.Add("all.sh", "cat fit*.txt | sort -n | tail -n 1 > all.txt", inputs: ["fit*.txt"], outputs: ["all.txt"]);
        project.Add("some.sh", "cat fit3.txt fit4.txt > some.txt", inputs: ["fit3.txt", "fit4.txt"], outputs: ["some.txt"]);
        RecordSubmissions(project);
        project.SlurmSubmit = "Whole";
        Assert.All(project.RunRecord().Scripts, script => Assert.Equal(Outcome.HandedOver, script.Outcome));

        var submissions = Submissions(project);
        Assert.Equal(3, submissions.Length);
        Assert.Contains("--array=1-20", submissions[0], StringComparison.Ordinal);
        Assert.Single(submissions, submission => System.Text.RegularExpressions.Regex.IsMatch(submission, "--dependency=afterok:[0-9]+ "));
        Assert.Single(submissions, submission => System.Text.RegularExpressions.Regex.IsMatch(submission, "--dependency=afterok:([0-9]+)_[0-9]+:\\1_[0-9]+ "));

        gate.Open();
        Eventually.True(() => HasEnded(project, "all.sh") && HasEnded(project, "some.sh"), "all have run");
        project.SlurmSubmit = "";
        Assert.All(project.RunRecord().Scripts, script => Assert.Equal(Outcome.Succeeded, script.Outcome));
        Assert.Equal("19\n", project.Read("all.txt"));
        Assert.Equal(3, Submissions(project).Length);
    }

    [Fact]
    public void A_secret_is_on_no_command_line()
    {
        using var project = NewProject();
        project.Add("a.sh", "[ \"$TOKEN\" = correct-horse-battery ] && echo a > a.txt", outputs: ["a.txt"]);
        project.Change("a.sh", script => script with { SecretVariables = ["TOKEN"] });
        project.Environment["TOKEN"] = "correct-horse-battery";
        RecordSubmissions(project);
        HandOver(project, "a.sh HandedOver");

        Assert.DoesNotContain("correct-horse", File.ReadAllText(project["recording/sbatch.calls"]), StringComparison.Ordinal);
        Assert.Equal("a.sh Succeeded", Outcomes(project.RunRecord()));
    }

    private static void HandOver(TestProject project, string outcomes)
    {
        project.SlurmSubmit = "Whole";
        Assert.Equal(outcomes, Outcomes(project.RunRecord()));
        project.SlurmSubmit = "";
    }

    /// <summary>Writes down how sbatch is called from now on, and with which environment.</summary>
    private static void RecordSubmissions(TestProject project)
    {
        project.Write("recording/sbatch", $"#!/bin/sh\n{{ echo \"call $*\"; env; }} >> '{project["recording"]}/sbatch.calls'\nexec /usr/bin/sbatch \"$@\"\n");
        File.SetUnixFileMode(project["recording/sbatch"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        project.Environment["PATH"] = $"{project["recording"]}:{project.Environment["PATH"]}";
    }

    /// <summary>How jobs of scripts were submitted.</summary>
    private static string[] Submissions(TestProject project) => project.Has("recording/sbatch.calls")
        ? [.. File.ReadAllLines(project["recording/sbatch.calls"]).Where(line => line.StartsWith("call ", StringComparison.Ordinal) && !line.Contains("--test-only", StringComparison.Ordinal) && !line.Contains("--job-name=probe", StringComparison.Ordinal))]
        : [];

    private static bool HasBegun(TestProject project, string script) => Directory.EnumerateFiles(project["obj/scripts/slurm/claimed"], $"{KeyOf(project, script)}.*").Any();

    private static bool HasEnded(TestProject project, string script) => project.Has($"obj/scripts/slurm/results/{KeyOf(project, script)}");
}

/// <summary>Holds scripts until it is opened.</summary>
internal sealed class Gate(TestProject project) : IDisposable
{
    private readonly string _file = project[$"gate-{Guid.NewGuid():N}"];

    /// <summary>What a script does to wait for it.</summary>
    public string Wait => $"until [ -e '{_file}' ]; do sleep 0.05; done";

    public void Open() => File.WriteAllText(_file, "");

    public void Dispose()
    {
        if (Directory.Exists(Path.GetDirectoryName(_file)))
        {
            Open();
        }
    }
}
