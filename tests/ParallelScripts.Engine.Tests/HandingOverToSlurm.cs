namespace ParallelScripts.Tests;

public sealed class HandingOverToSlurm
{
    [Fact]
    public void Slurm_is_told_what_a_job_waits_for() => Assert.Equal(
        ["--dependency=afterok:7:11,afterany:9", "--kill-on-invalid-dep=yes"],
        NativeOrder.OptionsFor([new Predecessor("c", "11", 0, MayFail: false), new Predecessor("b", "9", 0, MayFail: true), new Predecessor("a", "7", 0, MayFail: false)]));

    [Fact]
    public void Who_waits_for_nobody_has_no_dependency() => Assert.Empty(NativeOrder.OptionsFor([]));

    [Fact]
    public void A_whole_array_is_waited_for_by_its_own_id_and_a_part_of_it_by_its_tasks()
    {
        Predecessor[] tasks = [.. Enumerable.Range(1, 12).Select(number => new Predecessor($"a_{number}", $"17_{number}", 12, MayFail: false))];

        Assert.Equal("--dependency=afterok:5:17", NativeOrder.OptionsFor([.. tasks, new Predecessor("x", "5", 0, MayFail: false)])[0]);
        Assert.Equal("--dependency=afterok:17_2:17_3:17_10", NativeOrder.OptionsFor([tasks[9], tasks[1], tasks[2]])[0]);

        // Of an earlier run, nobody knows how many there were.
        Assert.Equal("--dependency=afterok:17_1:17_2", NativeOrder.OptionsFor([.. tasks[..2].Select(task => task with { ArraySize = 0 })])[0]);
    }

    [Theory]
    [InlineData("CANCELLED", "DependencyNeverSatisfied", true)]
    [InlineData("PENDING", "DependencyNeverSatisfied", true)]
    [InlineData("PENDING", "Dependency", false)]
    [InlineData("CANCELLED", "None", false)]
    [InlineData("FAILED", "NonZeroExitCode", false)]
    public void Knows_when_a_job_was_ended_because_of_one_before_it(string state, string reason, bool isSo) =>
        Assert.Equal(isSo, NativeOrder.IsBecauseOfOrder(new QueuedJob("7", "a", state, reason, "")));

    [Theory]
    [InlineData(9, 1000, "1 1 1 1 1 1 1 1 1")]
    [InlineData(10, 1000, "10")]
    [InlineData(2500, 1000, "1000 1000 500")]
    [InlineData(2003, 1000, "1000 1000 1 1 1")]
    public void Arrays_are_as_large_as_they_may_be_and_not_too_small(int count, int most, string sizes) => Assert.Equal(sizes, string.Join(' ', Sweeps.SizesOf(count, most)));

    [Fact]
    public void Numbers_of_tasks_are_written_as_ranges()
    {
        Assert.Equal("1-100", Sweeps.Numbers(Enumerable.Range(1, 100)));
        Assert.Equal("1,3-5,9", Sweeps.Numbers([9, 5, 3, 4, 1]));
    }

    [Theory]
    [InlineData("MaxArraySize            = 1001\n", 1000)]
    [InlineData("MaxArraySize            = 51\n", 50)]
    [InlineData("MaxArraySize            = 4000001\n", 1000)]
    [InlineData("slurm_load_ctl_conf error: Unable to contact slurm controller (connect failure)\n", 1000)]
    public void Knows_how_large_an_array_may_be(string config, int most) => Assert.Equal(most, SlurmText.MostTasks(config));

    [Fact]
    public async Task Siblings_are_one_array_as_soon_as_all_are_there()
    {
        var sweeps = new Sweeps(_ => 12, () => 1000, TimeSpan.FromDays(1));

        var places = await Task.WhenAll(Enumerable.Range(0, 12).Select(script => sweeps.JoinAsync(script, "fit", "--mem=1G")));

        var sweep = Assert.Single(places.Select(place => place.Sweep).Distinct());
        Assert.Equal(Enumerable.Range(1, 12).Select(number => $"{sweep!.Name}_{number}"), places.Select(place => place.Key));
    }

    [Fact]
    public async Task Who_asks_for_something_else_is_not_in_it()
    {
        var sweeps = new Sweeps(_ => 12, () => 1000, TimeSpan.FromMilliseconds(1));

        var places = await Task.WhenAll(Enumerable.Range(0, 12).Select(script => sweeps.JoinAsync(script, "fit", script == 5 ? "--mem=2G" : "--mem=1G")));

        Assert.Null(places[5].Sweep);
        Assert.Equal(12, places.Select(place => place.Key).Distinct().Count());
    }

    [Fact]
    public async Task Who_has_few_siblings_waits_for_none()
    {
        var sweeps = new Sweeps(_ => Sweeps.Smallest - 1, () => throw new InvalidOperationException("nobody has to be asked"), TimeSpan.FromDays(1));

        Assert.Null((await sweeps.JoinAsync(0, "fit", "")).Sweep);
    }

    [Fact]
    public void An_array_is_submitted_by_the_last_that_is_laid_down_and_without_who_could_not_be()
    {
        var sweep = new Sweep("fit", 3);
        var (first, third) = (new SlurmJob("a", "fit_1", [], NoOutput.Instance), new SlurmJob("c", "fit_3", [], NoOutput.Instance));

        Assert.Null(sweep.Add(first));
        Assert.Null(sweep.Add(null));
        Assert.Equal([first, third], sweep.Add(third));
        Assert.Equal((1, 3), (first.Number, third.Number));
    }

    [Fact]
    public void A_job_that_found_a_failure_before_it_says_so()
    {
        var result = JobResult.Parse("95 - skipped:load_py-0a1b2c3d4e5f 17 n1 1700000000.5 1700000000.7 -\n");

        Assert.Equal(ResultKind.Skipped, result!.Kind);
        Assert.True(Handover.SaysNothing(new JobEnd(JobEndKind.ByResult, result)));
    }

    [Fact]
    public void What_only_the_build_can_keep_is_refused_before_anything_runs()
    {
        using var project = new TestProject { Executor = "Slurm", SlurmSubmit = "Whole", Accept = "a.sh" };
        project.Write("bin/sbatch", "");
        project.Environment["PATH"] = $"{project["bin"]}:/usr/bin:/bin";
        project.Add("a.sh", "", outputs: ["a.txt"]);
        project.Change("a.sh", script => script with { Pool = ["database"] });
        project.Pools.Add(new PoolDeclaration("database", "2", new Place(project.Place.Project, 9, 5)));

        Assert.Equal(
            [
                "PSCR4021: Script 'a.sh' has a place in pool 'database', which only the build can keep, and with SlurmSubmit=Whole it does not stay. Ask for a licence of the cluster in SlurmOptions (--licenses=NAME), or submit with SlurmSubmit=Ready.",
                "PSCR4022: ScriptsAccept is 'a.sh', and with SlurmSubmit=Whole nothing can be accepted: what the scripts before it will write is not known. Accept first, in a run with SlurmSubmit=Ready.",
            ],
            project.Problems());
    }

    [Fact]
    public void Whole_or_Ready_it_has_to_be()
    {
        using var project = new TestProject { SlurmSubmit = "Wholly" };
        project.Add("a.sh", "");

        Assert.Equal(["PSCR1006: SlurmSubmit is 'Wholly', which is none of its values. Use one of: Ready, Whole."], project.Problems());
    }
}
