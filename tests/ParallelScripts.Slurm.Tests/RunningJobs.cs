namespace ParallelScripts.Tests;

public sealed class RunningJobs(Cluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public void A_script_runs_on_a_node_and_prints_to_the_log_of_the_run()
    {
        using var project = NewProject();
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
        Assert.StartsWith("PSCR2008: Script 'a.sh' was ended because it ran longer than its Timeout of 1 s.", Assert.Single(project.Notes), StringComparison.Ordinal);
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
}
