namespace ParallelScripts.Tests;

public sealed class RunningJobs(Cluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public void A_script_runs_on_a_node_and_prints_to_the_log_of_the_run()
    {
        using var project = NewProject(isKnownToBeShared: false);
        project.Add("a.sh", "echo hello from $SLURMD_NODENAME; echo result > a.txt", outputs: ["a.txt"]);

        var record = project.RunRecord();

        var script = Assert.Single(record.Scripts);
        Assert.Empty(project.Notes);
        Assert.Equal(Outcome.Succeeded, script.Outcome);
        Assert.Equal([$"[a.sh] hello from {script.Node}"], project.Shown);
        Assert.Matches("^n[1-4]$", script.Node);
        Assert.Equal("result\n", project.Read("a.txt"));
        Assert.Equal($"hello from {script.Node}\n", project.Read("obj/scripts/logs/a.sh.log"));
        Assert.Empty(project.Run());
    }

    [Fact]
    public void Scripts_run_in_the_order_they_depend_on_each_other()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo a > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", "cat a.txt > b.txt; echo b >> b.txt", inputs: ["a.txt"], outputs: ["b.txt"]);
        project.Add("c.sh", "cat b.txt > c.txt; echo c >> c.txt", inputs: ["b.txt"], outputs: ["c.txt"]);

        var record = project.RunRecord();

        Assert.Empty(project.Notes);
        Assert.Equal("a\nb\nc\n", project.Read("c.txt"));
        Assert.Equal("a.sh Succeeded, b.sh Succeeded, c.sh Succeeded", Outcomes(record));
        Assert.Empty(project.Run());
    }

    [Fact]
    public void A_failure_is_told_as_it_is_told_of_a_script_that_runs_here()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo oh no; exit 3", outputs: ["a.txt"]);
        project.Add("b.sh", "echo b", after: ["a.sh"]);

        var record = project.RunRecord();

        Assert.Equal("a.sh Failed, b.sh Skipped", Outcomes(record));
        Assert.Equal([$"PSCR2001: Script 'a.sh' exited with code 3. Its output is in {project["obj/scripts/logs/a.sh.log"]}. To run it by hand, in '{project[""].TrimEnd('/')}': /usr/bin/sh {project["a.sh"]}"], project.Notes);
    }

    [Fact]
    public void A_script_that_takes_too_long_is_ended_on_its_node()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo began; exec sleep 600", outputs: ["a.txt"]);
        project.Change("a.sh", script => script with { Timeout = "1s" });

        var record = project.RunRecord();

        Assert.Equal("a.sh TimedOut", Outcomes(record));
        Assert.StartsWith("PSCR2008: Script 'a.sh' was ended because it ran longer than its Timeout of 1.00 s.", Assert.Single(project.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_Slurm_refuses_is_refused_before_anything_is_submitted()
    {
        using var project = NewProject();
        project.OnFailure = OnFailure.StopStarting;
        project.Add("a.sh", "echo a > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", "echo b > b.txt", outputs: ["b.txt"], after: ["a.sh"]);
        project.Change("b.sh", script => script with { SlurmOptions = "--partition=nowhere" });

        var record = project.RunRecord();

        Assert.Equal("a.sh Failed, b.sh Skipped", Outcomes(record));
        Assert.False(project.Has("a.txt"));
        Assert.StartsWith("PSCR4003: Slurm does not take the job of script 'b.sh': invalid partition specified: nowhere", Assert.Single(project.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_every_kind_arrive_as_they_were_meant()
    {
        string[] zoo =
        [
            "plain", "two words", "it's", "say \"hi\"", "$HOME", "$(PATH)", "%j", "100%", "a;b", "a & b", "`touch hacked`", "$(touch hacked)", "a | b > c",
            "-n", "--help", "a=b", "#hash", "~", "[x]", "what", "Grüße, 日本語 🎉", "back\\slash", "new\nline", "tab\t", "con", ".hidden", new string('x', 140) + " and more",
        ];
        using var project = NewProject();
        for (var i = 0; i < zoo.Length; i++)
        {
            var file = $"zoo {i}/{zoo[i].Replace('\n', ' ').Replace('\\', ' ')}.sh";
            project.Write(file, """printf '%s' "$#|$1|$VALUE" > "$INDEX.out"; echo "I am $1" """);
            project.Scripts.Add(new Script
            {
                Name = zoo[i],
                Include = file,
                Arguments = $"\"{zoo[i].Replace("\\", "\\\\").Replace("\"", "\\\"")}\" {i}",
                EnvironmentVariables = [$"VALUE={zoo[i]}", $"INDEX={i}"],
            });
        }

        var record = project.RunRecord();

        Assert.Empty(project.Notes);
        Assert.All(record.Scripts, script => Assert.Equal(Outcome.Succeeded, script.Outcome));
        for (var i = 0; i < zoo.Length; i++)
        {
            Assert.Equal($"2|{zoo[i]}|{zoo[i]}", project.Read($"{i}.out"));
        }

        Assert.False(project.Has("hacked"));
    }

    [Fact]
    public void Some_scripts_run_here_and_some_there_in_one_graph()
    {
        using var project = NewProject();
        project.MaxDegreeOfParallelism = "1";
        project.Executor = "Local";
        project.Add("here.sh", "echo ${SLURM_JOB_ID:-here} > here.txt", outputs: ["here.txt"]);
        project.Add("there.sh", "cat here.txt > there.txt; echo ${SLURM_JOB_ID:+there} >> there.txt", inputs: ["here.txt"], outputs: ["there.txt"]);
        project.Add("again.sh", "cat there.txt > again.txt; echo ${SLURM_JOB_ID:-here} >> again.txt", inputs: ["there.txt"], outputs: ["again.txt"]);
        project.Change("there.sh", script => script with { Executor = "slurm" });

        var record = project.RunRecord();

        Assert.Equal("here\nthere\nhere\n", project.Read("again.txt"));
        Assert.Equal([true, false, true], record.Scripts.Select(script => script.Node is null));
    }

    [Fact]
    public async Task What_runs_there_takes_no_slot_of_this_machine()
    {
        using var project = NewProject();
        project.MaxDegreeOfParallelism = "1";
        project.Add("here.sh", "echo > here.began; while ! [ -e a.began ] || ! [ -e b.began ]; do sleep 0.02; done");
        project.Add("a.sh", "echo > a.began; while ! [ -e here.began ]; do sleep 0.02; done");
        project.Add("b.sh", "echo > b.began; while ! [ -e here.began ]; do sleep 0.02; done");
        project.Change("here.sh", script => script with { Executor = "Local" });

        var record = await Task.Run(() => project.RunRecord()).WaitAsync(TimeSpan.FromMinutes(10));

        Assert.Equal("here.sh Succeeded, a.sh Succeeded, b.sh Succeeded", Outcomes(record));
    }

    [Fact]
    public void Slurm_is_told_what_a_script_needs()
    {
        using var project = NewProject();
        project.Add("a.sh", "scontrol show job -o $SLURM_JOB_ID > a.txt; echo $OMP_NUM_THREADS $SRUN_CPUS_PER_TASK ${PARALLELSCRIPTS_MARK:-unmarked} >> a.txt", outputs: ["a.txt"]);
        project.Change("a.sh", script => script with { Cores = "3", Memory = "1GB", Timeout = "100s", SlurmOptions = "--nice=7 --comment='two words'" });

        var record = project.RunRecord();

        Assert.Equal("a.sh Succeeded", Outcomes(record));
        var job = project.Read("a.txt");
        Assert.Contains(" CPUs/Task=3 ", job, StringComparison.Ordinal);
        Assert.Contains(" MinMemoryNode=954M ", job, StringComparison.Ordinal);
        Assert.Contains(" TimeLimit=00:02:00 ", job, StringComparison.Ordinal);
        Assert.Contains(" Nice=7 ", job, StringComparison.Ordinal);
        Assert.Contains(" Comment=two words ", job, StringComparison.Ordinal);
        Assert.Contains(" Requeue=0 ", job, StringComparison.Ordinal);
        Assert.EndsWith("\n3 3 unmarked\n", job, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_in_no_command_line_no_log_and_nowhere_that_Slurm_keeps()
    {
        using var project = NewProject();
        project.Environment["TOKEN"] = "correct-horse-battery";
        project.Add("a.sh", "echo the token is $TOKEN; scontrol write batch_script $SLURM_JOB_ID - ; cat /proc/$PPID/cmdline | tr '\\0' ' '; printf '%s' \"$TOKEN\" | wc -c > a.txt; ls -l obj/scripts/slurm/output; grep -r battery obj/scripts/slurm/jobs obj/scripts/slurm/claimed; true", outputs: ["a.txt"]);
        project.Change("a.sh", script => script with { SecretVariables = ["TOKEN"], ContinueOnError = "true" });

        project.RunRecord();

        Assert.Contains("[a.sh] the token is ***", project.Shown);
        Assert.DoesNotContain(project.Shown, line => line.Contains("export TOKEN", StringComparison.Ordinal));
        Assert.Contains(project.Shown, line => line.StartsWith("[a.sh] -rw-------", StringComparison.Ordinal));
        Assert.Equal("21", project.Read("a.txt").Trim());
        Assert.Empty(Directory.EnumerateFiles(project["obj/scripts/slurm"], "a_sh-*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Two_hundred_scripts_run_in_order()
    {
        using var project = NewProject();
        for (var i = 0; i < 200; i++)
        {
            // Each after three of the twenty before it; the first twenty after none.
            var before = i < 20 ? [] : new[] { i - 20, i - 13, i - 7 }.Select(number => $"{number}.txt").ToArray();
            project.Add($"{i}.sh", $"cat /dev/null {string.Join(' ', before)} | sha256sum > {i}.new; mv {i}.new {i}.txt", inputs: before, outputs: [$"{i}.txt"]);
        }

        var record = project.RunRecord();

        Assert.Empty(project.Notes);
        Assert.All(record.Scripts, script => Assert.Equal(Outcome.Succeeded, script.Outcome));
        Assert.Equal(4, record.Scripts.Select(script => script.Node).Distinct().Count());
        Assert.All(record.Scripts, script => Assert.All(script.DependsOn, name =>
        {
            var dependency = record.Scripts.Single(other => other.Name == name);
            Assert.True(dependency.StartTime + TimeSpan.FromSeconds(dependency.Seconds!.Value - 0.002) <= script.StartTime, $"{script.Name} began before {name} had ended");
        }));
        Assert.Empty(project.Run());
    }

    [Fact]
    public void A_csharp_program_is_built_here_and_runs_there()
    {
        using var project = NewProject();
        project.Environment["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? "/tmp";
        project.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH")!;
        project.Write("a.cs", """System.IO.File.WriteAllText("a.txt", System.Environment.GetEnvironmentVariable("SLURM_JOB_ID") is null ? "here" : "there");""");
        project.Scripts.Add(new Script { Name = "a.cs", Include = "a.cs", Outputs = ["a.txt"] });

        var record = project.RunRecord();

        Assert.Empty(project.Notes);
        Assert.Equal("there", project.Read("a.txt"));
        Assert.NotNull(record.Scripts[0].Node);
    }

    [Fact]
    public void Not_more_jobs_wait_or_run_than_there_may()
    {
        using var project = NewProject();
        project.SlurmMaxJobs = "2";
        for (var i = 0; i < 6; i++)
        {
            project.Add($"{i}.sh", $"echo > {i}.runs; ls *.runs | wc -l > {i}.txt; sleep 0.2; rm {i}.runs", outputs: [$"{i}.txt"]);
        }

        var record = project.RunRecord();

        Assert.All(record.Scripts, script => Assert.Equal(Outcome.Succeeded, script.Outcome));
        Assert.All(Enumerable.Range(0, 6), i => Assert.InRange(int.Parse(project.Read($"{i}.txt")), 1, 2));
    }

    [Fact]
    public void As_many_jobs_as_there_may_be_are_a_reason_to_wait()
    {
        using var project = NewProject();
        AnswerOnce(project, "echo 'sbatch: error: QOSMaxSubmitJobPerUserLimit' >&2; echo 'sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user'\\''s size and/or time limits)' >&2; exit 1");
        project.Add("a.sh", "echo >> runs", outputs: ["runs"]);

        var record = project.RunRecord();

        Assert.Equal("a.sh Succeeded", Outcomes(record));
        Assert.Equal(
            ["PSCR4014: Slurm does not answer, or takes no jobs just now: QOSMaxSubmitJobPerUserLimit; Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits). The run waits for it, up to 30 m 0 s (SlurmPatience). Jobs that run go on."],
            project.Notes);
    }

    [Fact]
    public void A_job_whose_id_never_arrived_runs_once_though_it_is_submitted_twice()
    {
        using var project = NewProject();
        AnswerOnce(project, "/usr/bin/sbatch \"$@\" > /dev/null; echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2; exit 1");
        project.Add("a.sh", "echo >> runs; sleep 1", outputs: ["runs"]);

        var record = project.RunRecord();

        Assert.Equal("a.sh Succeeded", Outcomes(record));
        Assert.Equal("\n", project.Read("runs"));
        Eventually.True(() => Slurm.Ask("squeue", "--noheader", "--states=PENDING,RUNNING") == "", "both jobs end");
        Assert.Equal("\n", project.Read("runs"));
    }

    /// <summary>The first submission is answered by these lines of a shell, all others by sbatch.</summary>
    private static void AnswerOnce(TestProject project, string lines) => InPlaceOfSbatch(project, $$"""
        [ "$1" = --test-only ] && exec /usr/bin/sbatch "$@"
        mkdir '{{project["bin/answered"]}}' 2>/dev/null || exec /usr/bin/sbatch "$@"
        {{lines}}
        """);
}
