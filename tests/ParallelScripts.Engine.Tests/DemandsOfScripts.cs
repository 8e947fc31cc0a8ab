namespace ParallelScripts.Tests;

/// <summary>What scripts declare to need, from the declaration to real runs.</summary>
public sealed class DemandsOfScripts : IDisposable
{
    private readonly TestProject _project = new() { Memory = new HandMemory(), MaxDegreeOfParallelism = "4" };

    public void Dispose() => _project.Dispose();

    [Fact]
    public void That_cannot_be_read_or_never_be_met_are_all_said_before_the_start()
    {
        var place = new Place(_project.Place.Project, 9, 5);
        _project.Pools.AddRange([new("database", "", place), new("gpu", "none", place), new("Database", "2", place)]);
        _project.MinFreeMemory = "some";
        _project.Add("cores.sh", "");
        _project.Change("cores.sh", script => script with { Cores = "0" });
        _project.Add("wide.sh", "");
        _project.Change("wide.sh", script => script with { Cores = "5" });
        _project.Add("memory.sh", "");
        _project.Change("memory.sh", script => script with { Memory = "12" });
        _project.Add("large.sh", "");
        _project.Change("large.sh", script => script with { Memory = "32GB" });
        _project.Add("pools.sh", "");
        _project.Change("pools.sh", script => script with { Pool = ["databas", "licence"] });
        _project.Add("priority.sh", "");
        _project.Change("priority.sh", script => script with { Priority = "high" });

        Assert.Equal(
            [
                "PSCR1031: ScriptsMinFreeMemory is 'some', which is neither an amount of memory nor a percentage below 100. Write it as 512MB, 2GB, 1.5GiB or 10%; 0 lets scripts start however little is free.",
                "PSCR1033: ScriptPool 'gpu' has Depth 'none', which is not a number of scripts. Set it to a whole number from 1 up: how many scripts have a place in it at once.",
                "PSCR1033: There are two ScriptPools named 'Database'. Remove one, or write Update instead of a second Include.",
                "PSCR1030: Script 'cores.sh' has Cores '0', which is not a number of slots. Set it to a whole number from 1 up: how many slots it fills while it runs.",
                "PSCR1034: Script 'wide.sh' needs 5 slots, and there are 4: it could never start. Lower its Cores, or raise ScriptsMaxDegreeOfParallelism.",
                "PSCR1031: Script 'memory.sh' has Memory '12', which is not an amount of memory: it has no unit. Write it as 512MB, 2GB or 1.5GiB.",
                "PSCR1034: Script 'large.sh' needs 32GB of memory, and there are 16 GB: it could never start. Lower its Memory, or run it on a larger machine.",
                "PSCR1032: Script 'pools.sh' needs a place in pool 'databas', but no ScriptPool has that name. Did you mean 'database'?",
                "PSCR1032: Script 'pools.sh' needs a place in pool 'licence', but no ScriptPool has that name. Add <ScriptPool Include=\"licence\" Depth=\"1\" />, or remove it from Pool.",
                "PSCR1035: Script 'priority.sh' has Priority 'high', which is not a whole number. Set it to a whole number; higher starts first, 0 is what a script has that sets none, and it may be negative.",
            ],
            _project.Problems());
    }

    [Fact]
    public void Keep_real_scripts_of_a_pool_apart()
    {
        _project.Pools.Add(new("one", "1", Place.Nowhere));
        foreach (var name in new[] { "a.sh", "b.sh", "c.sh", "d.sh" })
        {
            // A folder can be made once.
            _project.Add(name, "mkdir taken && rmdir taken");
            _project.Change(name, script => script with { Pool = ["ONE"] });
        }

        Assert.Equal(Outcome.Succeeded, _project.RunRecord().Outcome);
    }

    [Fact]
    public void That_are_up_to_date_need_no_room()
    {
        _project.Pools.Add(new("one", "1", Place.Nowhere));
        _project.Add("a.sh", "while ! [ -e b-seen ]; do read -t 0.05 line < /dev/null; done 2>/dev/null; : ");
        _project.Add("b.sh", "echo > b.txt", outputs: ["b.txt"]);
        _project.Add("c.sh", ": > b-seen", after: ["b.sh"]);
        _project.Change("b.sh", script => script with { Pool = ["one"] });
        _project.Only = "b.sh";
        _project.Run();
        _project.Only = null;

        // a waits inside the pool for what comes after b, which waits for a place in the pool if it has to run.
        _project.Change("a.sh", script => script with { Pool = ["one"] });

        Assert.Equal(Outcome.Succeeded, _project.RunRecord().Outcome);
    }

    [Fact]
    public void That_are_far_off_are_told_after_the_run()
    {
        _project.Add("lazy.sh", "sleep 1.1");
        _project.Change("lazy.sh", script => script with { Cores = "4" });
        _project.Add("right.sh", "sleep 1.1");
        _project.Change("right.sh", script => script with { Cores = "1" });
        _project.Run();

        Assert.Equal(["[lazy.sh] declares Cores=4, used 0.0."], _project.Notes);
    }

    [Fact]
    public void Are_judged_by_the_record()
    {
        _project.Add("lazy.sh", "");
        _project.Change("lazy.sh", script => script with { Cores = "4", Memory = "8GB" });
        _project.Add("right.sh", "");
        _project.Change("right.sh", script => script with { Cores = "2", Memory = "3MB" });
        _project.Add("over-at-once.sh", "");
        _project.Change("over-at-once.sh", script => script with { Cores = "4" });
        var record = _project.RunRecord();

        static ScriptRecord Measured(ScriptRecord script, double seconds, double cpu) => script with { Seconds = seconds, CpuSeconds = cpu, PeakMemoryBytes = 2_100_000 };
        record = record with { Scripts = [Measured(record.Scripts[0], 2, 0.2), Measured(record.Scripts[1], 2, 3), Measured(record.Scripts[2], 0.5, 0)] };

        Assert.Equal(["[lazy.sh] declares Cores=4, used 0.1.", "[lazy.sh] declares Memory=8GB, used 2.1 MB."], Declarations.FarOff(_project.Prepare(), record));
    }

    [Fact]
    public void Are_learned_and_shown_in_the_plan()
    {
        _project.Add("busy.sh", "");
        _project.Run();

        // What is measured depends on the day; what is shown of it does not.
        Sqlite.Scalar(_project, "UPDATE script_runs SET seconds = 10, cpu_seconds = 13, peak_memory = 2100000");

        var run = _project.Prepare();
        var line = PlanText.Of(run, Planner.Foresee(run, _project.Environment)).Last();

        Assert.Equal("  busy.sh runs: it declares no Outputs, so it always runs; uses 1.3 cores, 2.1 MB by earlier runs", line);
    }

    [Fact]
    public void Are_said_to_count_in_the_plan_where_memory_is_scarce()
    {
        _project.MaxDegreeOfParallelism = "2";
        _project.Add("a.sh", "");
        _project.Add("b.sh", "");
        _project.Run();
        Sqlite.Scalar(_project, "UPDATE script_runs SET peak_memory = 3000000000");

        _project.Memory = new HandMemory(6_000_000_000);
        Assert.DoesNotContain("memory", Second(), StringComparison.Ordinal);
        _project.Memory = new HandMemory(5_000_000_000);
        Assert.Equal("Scripts that run at once could need more than the 5.0 GB of memory there is: of those that declare none, what they held in earlier runs counts.", Second());

        string Second()
        {
            var run = _project.Prepare();
            return PlanText.Of(run, Planner.Foresee(run, _project.Environment)).ElementAt(1);
        }
    }

    [Fact]
    public void Are_the_median_of_the_last_successes()
    {
        _project.Add("a.sh", "");
        _project.Run();
        Sqlite.Scalar(_project, """
            DELETE FROM script_runs;
            INSERT INTO script_runs (run, script, outcome, reason, seconds, cpu_seconds, peak_memory, attempts) VALUES
                ('01', 'a.sh', 'Succeeded', '', 900, 900, 9000, 1),
                ('02', 'a.sh', 'Succeeded', '', 10, 20, 100, 1),
                ('03', 'a.sh', 'Succeeded', '', 30, 30, 300, 1),
                ('04', 'a.sh', 'Failed', '', 1, 1, 1, 1),
                ('05', 'a.sh', 'Succeeded', '', 20, 60, 200, 1),
                ('06', 'a.sh', 'Succeeded', '', 40, 160, NULL, 1),
                ('07', 'a.sh', 'Succeeded', '', 0.1, 9, 1, 1),
                ('07', 'b.sh', 'Succeeded', '', 5, NULL, NULL, 1),
                ('07', 'never.sh', 'Failed', '', 5, NULL, NULL, 1);
            """);
        using var history = HistoryStore.OpenToRead(_project.Place.StateDirectory)!;

        var usual = history.UsualOfEach();

        Assert.Equal(["a.sh", "b.sh"], usual.Keys.Order());
        Assert.Equal(new Usual(20, 2.5, 300), usual["a.sh"]);
        Assert.Equal(new Usual(5, null, null), usual["b.sh"]);
    }

    [Fact]
    public void Are_not_looked_up_by_a_run_in_which_nothing_runs()
    {
        _project.Add("a.sh", "echo > a.txt", outputs: ["a.txt"]);
        _project.Run();
        Sqlite.Scalar(_project, "ALTER TABLE script_runs RENAME COLUMN peak_memory TO gone");

        // Were the history asked, it would be found damaged, and put aside.
        Assert.Empty(_project.Run());
        Assert.Empty(_project.Notes);
    }

    [Fact]
    public void Second_run_starts_the_longest_first()
    {
        _project.MaxDegreeOfParallelism = "1";
        _project.Add("short.sh", "echo short.sh >> order");
        _project.Add("long.sh", "echo long.sh >> order");
        _project.Run();
        Sqlite.Scalar(_project, "UPDATE script_runs SET seconds = CASE script WHEN 'long.sh' THEN 60 ELSE 1 END");
        _project.Run();

        Assert.Equal("short.sh\nlong.sh\nlong.sh\nshort.sh\n", _project.Read("order"));
    }
}
