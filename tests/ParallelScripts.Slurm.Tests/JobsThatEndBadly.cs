namespace ParallelScripts.Tests;

public sealed class JobsThatEndBadly(Cluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public void A_script_that_takes_more_memory_than_its_job_has_is_killed_for_it()
    {
        Assert.SkipUnless(Slurm.LimitsMemory, "no control groups may be made here, so Slurm limits no memory");
        using var project = NewProject();
        project.Write("a.py", "x = b'x' * 400_000_000\nprint(len(x))\n");
        project.Scripts.Add(new Script { Name = "a.py", Include = "a.py", Memory = "100MB", Outputs = ["a.txt"] });

        var record = project.RunRecord();

        Assert.Equal("a.py Failed", Outcomes(record));
        Assert.Matches("^PSCR4005: Script 'a.py' was killed on node 'n[1-4]': it took more memory than its job had, 100MB. Raise its Memory.", Assert.Single(project.Notes));
    }

    [Fact]
    public async Task A_job_that_somebody_else_cancels_has_failed()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo > began; exec sleep 600", outputs: ["a.txt"]);

        var run = Task.Run(() => project.RunRecord());
        Eventually.True(() => project.Has("began") && KeyOf(project, "a.sh") != "", "the script begins");
        Slurm.Ask("scancel", $"--name={KeyOf(project, "a.sh")}");

        Assert.Equal("a.sh Failed", Outcomes(await run));
        Assert.Matches(@"^PSCR4007: The job of script 'a.sh' \([0-9]+\) was cancelled, and not by this run. Ask who did", Assert.Single(project.Notes));
    }

    [Fact]
    public async Task A_job_that_would_wait_for_ever_is_not_waited_for()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo > began", outputs: ["a.txt"]);
        project.Change("a.sh", script => script with { SlurmOptions = "--begin=now+1hour" });

        var run = Task.Run(() => project.RunRecord());
        Eventually.True(() => KeyOf(project, "a.sh") != "", "the job is submitted");
        Slurm.Ask("scontrol", "hold", $"jobname={KeyOf(project, "a.sh")}");

        Assert.Equal("a.sh Failed", Outcomes(await run));
        Assert.Matches(@"^PSCR4008: The job of script 'a.sh' \([0-9]+\) would wait for ever: JobHeldAdmin. It has been cancelled.", Assert.Single(project.Notes));
        Assert.DoesNotContain("PENDING", Slurm.Ask("squeue", "--noheader", "--format=%T"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_whose_node_fails_is_lost_unless_it_is_to_be_tried_again()
    {
        using var project = NewProject();
        project.Add("lost.sh", "echo $SLURMD_NODENAME > lost.node; exec sleep 600", outputs: ["lost.txt"]);
        project.Add("retried.sh", "[ -e retried.node ] || { echo $SLURMD_NODENAME > retried.node; exec sleep 600; }; echo > retried.txt", outputs: ["retried.txt"]);
        project.Change("lost.sh", script => script with { SlurmOptions = "--nodelist=n3" });
        project.Change("retried.sh", script => script with { SlurmOptions = "--exclude=n1,n2", Retries = "1", RetryDelay = "1ms" });

        var run = Task.Run(() => project.RunRecord());
        Eventually.True(() => project.Has("lost.node") && project.Has("retried.node") && project.Read("retried.node").EndsWith('\n'), "both begin");
        var node = project.Read("retried.node").Trim();
        Slurm.Ask("scontrol", "update", "nodename=n3", "state=down", "reason=test");
        Slurm.Ask("scontrol", "update", $"nodename={node}", "state=down", "reason=test");
        Slurm.Ask("scontrol", "update", $"nodename={(node == "n3" ? "n4" : "n3")}", "state=resume");
        var record = await run;
        Slurm.Ask("scontrol", "update", $"nodename={node}", "state=resume");

        Assert.Equal("lost.sh Failed, retried.sh Succeeded", Outcomes(record));
        Assert.Equal(2, record.Scripts[1].Attempts);
        Assert.Contains(project.Notes, note => note.StartsWith("PSCR4006: The job of script 'lost.sh' was lost while it ran on node 'n3': NODE_FAIL. Run again; or set its Retries", StringComparison.Ordinal));
    }

    [Fact]
    public void A_cluster_that_nobody_knows_is_said_at_once()
    {
        using var project = NewProject();
        project.Environment.Remove("SLURM_CONF");
        project.Add("a.sh", "echo > a.txt", outputs: ["a.txt"]);

        var record = project.RunRecord();

        Assert.Equal("a.sh Failed", Outcomes(record));
        Assert.StartsWith("PSCR4015: Script 'a.sh' is to run on Slurm, but 'sbatch' knows of no cluster: ", Assert.Single(project.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_controller_that_takes_no_job_is_waited_for_as_long_as_patience_lasts()
    {
        using var project = NewProject();
        project.SlurmPatience = "1s";
        project.Add("a.sh", "echo > a.txt", outputs: ["a.txt"]);
        Slurm.Kill("slurmctld", "TERM");
        var record = project.RunRecord();
        Slurm.StartController();

        Assert.Equal("a.sh Failed", Outcomes(record));
        Assert.Matches("^PSCR4002: The job of script 'a.sh' was not submitted: Slurm has taken none for 1.00 s, and said '", project.Notes.Last());
    }

    [Fact]
    public void A_program_that_a_node_does_not_have_is_named_with_the_node()
    {
        using var project = NewProject();
        project.Write("interpreter", "#!/bin/sh\nexec /bin/sh \"$@\"\n");
        File.SetUnixFileMode(project["interpreter"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        project.Add("a.sh", "rm interpreter; echo > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", "echo > b.txt", outputs: ["b.txt"], after: ["a.sh"]);
        project.Change("b.sh", script => script with { Interpreter = project["interpreter"] });

        var record = project.RunRecord();

        Assert.Equal("a.sh Succeeded, b.sh Failed", Outcomes(record));
        Assert.Matches("^PSCR4013: Script 'b.sh' cannot run on node 'n[1-4]': there is no program '.*/interpreter'. Put it where", Assert.Single(project.Notes));
    }

    [Fact]
    public void A_node_that_does_not_see_the_folder_is_left_out()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can hide a folder from a node");
        using var project = NewProject();
        project.Add("a.sh", "echo > a.txt", outputs: ["a.txt"]);
        project.Change("a.sh", script => script with { SlurmOptions = "--exclude=n1,n2" });
        project.Add("b.sh", "echo > b.txt", outputs: ["b.txt"]);
        project.Change("b.sh", script => script with { SlurmOptions = "--nodelist=n3" });
        Slurm.RestartNode("n3", hide: project["obj"]);
        try
        {
            var record = project.RunRecord();

            Assert.Equal("a.sh Succeeded, b.sh Failed", Outcomes(record));
            Assert.Equal("n4", record.Scripts[0].Node);
            Assert.Contains("Jobs end on node n3 before they begin; it is left out from now on.", project.Notes);
            Assert.Contains(project.Notes, note => note.StartsWith("PSCR4004: Node 'n3' does not see '", StringComparison.Ordinal));
        }
        finally
        {
            Slurm.RestartNode("n3");
        }
    }

    [Fact]
    public void A_folder_that_a_node_does_not_see_is_found_before_anything_runs()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can hide a folder from a node");
        using var project = NewProject(isKnownToBeShared: false);
        project.Add("a.sh", "echo > a.txt", outputs: ["a.txt"]);
        project.Change("a.sh", script => script with { SlurmOptions = "--nodelist=n4" });
        project.Write("obj/scripts/there", "");
        Slurm.RestartNode("n4", hide: project["obj"]);
        try
        {
            var record = project.RunRecord();

            Assert.Equal("a.sh Failed", Outcomes(record));
            Assert.Equal(
                [$"PSCR4004: Node 'n4' does not see '{project["obj/scripts/slurm"]}', so nothing that a job of script 'a.sh' does there arrives here. Put the project, and ScriptsStateDirectory, where all nodes see them under the same path, or leave nodes out with --exclude in SlurmOptions."],
                project.Notes);
        }
        finally
        {
            Slurm.RestartNode("n4");
        }
    }
}
