namespace ParallelScripts.Tests;

/// <summary>Lines as Slurm printed them (22.05, and as its documentation has them for other versions).</summary>
public sealed class ReadingSlurm
{
    [Theory]
    [InlineData("42\n", "42")]
    [InlineData("42;tests\n", "42")]
    [InlineData("sbatch: warning: can't run 1 processes on 4 nodes, setting nnodes to 1\n42\n", "42")]
    [InlineData("sbatch: error: invalid partition specified: nowhere\nsbatch: error: Batch job submission failed: Invalid partition name specified\n", null)]
    [InlineData("", null)]
    public void Finds_the_id_of_a_submitted_job(string printed, string? id) => Assert.Equal(id, SlurmText.ReadJobId(printed));

    [Fact]
    public void Reads_the_queue_line_by_line()
    {
        var jobs = SlurmText.ReadQueue("""
            17|RUNNING|None|n2|fit_py-0a1b2c3d4e5f
            18|PENDING|Resources||a|b
            19_4|COMPLETED|None|n[1-2]|sweep
            slurm_load_jobs error: Unable to contact slurm controller (connect failure)
            20|PENDING
            """);

        Assert.Equal(
            [
                new QueuedJob("17", "fit_py-0a1b2c3d4e5f", "RUNNING", "None", "n2"),
                new QueuedJob("18", "a|b", "PENDING", "Resources", ""),
                new QueuedJob("19_4", "sweep_4", "COMPLETED", "None", "n[1-2]"),
            ],
            jobs);
    }

    [Theory]
    [InlineData("PENDING", "Resources", JobPhase.Queued)]
    [InlineData("PENDING", "Priority", JobPhase.Queued)]
    [InlineData("PENDING", "QOSMaxJobsPerUserLimit", JobPhase.Queued)]
    [InlineData("PENDING", "ReqNodeNotAvail, UnavailableNodes:n3", JobPhase.Queued)]
    [InlineData("PENDING", "JobHeldUser", JobPhase.Queued)]
    [InlineData("PENDING", "JobHeldAdmin", JobPhase.Stuck)]
    [InlineData("PENDING", "BadConstraints", JobPhase.Stuck)]
    [InlineData("PENDING", "launch failed requeued held", JobPhase.Stuck)]
    [InlineData("PENDING", "DependencyNeverSatisfied", JobPhase.Stuck)]
    [InlineData("PENDING", "PartitionTimeLimit", JobPhase.Stuck)]
    [InlineData("RUNNING", "None", JobPhase.Running)]
    [InlineData("COMPLETING", "None", JobPhase.Running)]
    [InlineData("SUSPENDED", "None", JobPhase.Running)]
    [InlineData("COMPLETED", "None", JobPhase.Ended)]
    [InlineData("FAILED", "NonZeroExitCode", JobPhase.Ended)]
    [InlineData("CANCELLED", "None", JobPhase.Canceled)]
    [InlineData("CANCELLED by 1000", "", JobPhase.Canceled)]
    [InlineData("CANCELLED+", "", JobPhase.Canceled)]
    [InlineData("TIMEOUT", "TimeLimit", JobPhase.OutOfTime)]
    [InlineData("DEADLINE", "", JobPhase.OutOfTime)]
    [InlineData("OUT_OF_MEMORY", "OutOfMemory", JobPhase.OutOfMemory)]
    [InlineData("NODE_FAIL", "NodeDown", JobPhase.NodeLost)]
    [InlineData("PREEMPTED", "None", JobPhase.NodeLost)]
    [InlineData("BOOT_FAIL", "None", JobPhase.NodeLost)]
    [InlineData("POWERED_BY_COFFEE", "None", JobPhase.Unknown)]
    public void Knows_what_a_state_means(string state, string reason, object phase) => Assert.Equal((JobPhase)phase, JobStates.PhaseOf(state, reason));

    [Theory]
    [InlineData("sbatch: error: invalid partition specified: nope\nallocation failure: Invalid partition name specified", Refusal.ForGood)]
    [InlineData("allocation failure: Requested node configuration is not available", Refusal.ForGood)]
    [InlineData("sbatch: unrecognized option '--bogus'\nTry \"sbatch --help\" for more information", Refusal.ForGood)]
    [InlineData("sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified", Refusal.ForGood)]
    [InlineData("sbatch: error: Batch job submission failed: Invalid qos specification", Refusal.ForGood)]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)", Refusal.NoAnswer)]
    [InlineData("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", Refusal.NoAnswer)]
    [InlineData("sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying", Refusal.TooMany)]
    [InlineData("sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)", Refusal.TooMany)]
    [InlineData("sbatch: error: AssocMaxSubmitJobLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy", Refusal.TooMany)]
    [InlineData("sbatch: error: resolve_ctls_from_dns_srv: res_nsearch error: Unknown host\nsbatch: error: fetch_config: DNS SRV lookup failed\nsbatch: fatal: Could not establish a configuration source", Refusal.NoCluster)]
    public void Tells_a_refusal_for_good_from_one_that_passes(string printed, object refusal) => Assert.Equal((Refusal)refusal, SlurmText.ReadRefusal(printed));

    [Fact]
    public void Repeats_what_Slurm_said_in_one_line() => Assert.Equal(
        "invalid partition specified: nope; allocation failure: Invalid partition name specified",
        SlurmText.WhatItSaid("sbatch: error: invalid partition specified: nope\nallocation failure: Invalid partition name specified\n"));

    [Fact]
    public void Adds_to_a_job_what_accounting_says_of_its_batch_step()
    {
        var jobs = SlurmText.ReadAccounting("""
            17|OUT_OF_MEMORY|n1|00:02.500||fit
            17.batch|OUT_OF_MEMORY|n1|00:02.500|102400K|batch
            18|CANCELLED by 1000|n2|00:00:00||x|y
            18.extern|COMPLETED|n2|00:00:00|1M|extern
            """);

        Assert.Equal(
            [
                new AccountedJob("fit", "OUT_OF_MEMORY", "n1", TimeSpan.FromSeconds(2.5), 102400 * 1024),
                new AccountedJob("x|y", "CANCELLED by 1000", "n2", TimeSpan.Zero, null),
            ],
            jobs);
    }

    [Theory]
    [InlineData("1-02:03:04", 93784.0)]
    [InlineData("02:03:04", 7384.0)]
    [InlineData("00:01.234", 1.234)]
    [InlineData("", null)]
    [InlineData("unknown", null)]
    public void Reads_processor_time(string text, double? seconds) => Assert.Equal(seconds, SlurmText.ReadCpuTime(text)?.TotalSeconds);

    [Theory]
    [InlineData("1234K", 1263616L)]
    [InlineData("5.5M", 5767168L)]
    [InlineData("512", 512L)]
    [InlineData("", null)]
    [InlineData("much", null)]
    public void Reads_memory(string text, long? bytes) => Assert.Equal(bytes, SlurmText.ReadMemory(text));

    [Theory]
    [InlineData("AccountingStorageType   = accounting_storage/slurmdbd\n", true)]
    [InlineData("AccountingStorageType   = accounting_storage/none\n", false)]
    [InlineData("AccountingStorageType   = (null)\n", false)]
    [InlineData("", false)]
    public void Knows_whether_there_is_accounting(string config, bool keeps) => Assert.Equal(keeps, SlurmText.KeepsAccounts(config));

    [Fact]
    public void Reads_the_exit_code_of_a_job() =>
        Assert.Equal(96, SlurmText.ReadExitCode("JobId=5 JobName=x JobState=FAILED Reason=NonZeroExitCode Requeue=0 Restarts=0 ExitCode=96:0 RunTime=00:00:00\n"));

    [Theory]
    [InlineData(1, "1")]
    [InlineData(60, "1")]
    [InlineData(61, "2")]
    [InlineData(90000, "1500")]
    public void Rounds_time_up_to_whole_minutes(double seconds, string minutes) => Assert.Equal(minutes, SlurmText.Minutes(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1, "1M")]
    [InlineData(1L << 30, "1024M")]
    [InlineData(1_000_000_000, "954M")]
    public void Rounds_memory_up_to_whole_megabytes(long bytes, string megabytes) => Assert.Equal(megabytes, SlurmText.Megabytes(bytes));

    [Fact]
    public void Reads_what_a_job_leaves_of_itself()
    {
        var result = JobResult.Parse("3 - ended 17 n2 1700000000.25 1700000002.75 1048576\n0m0.01s 0m0.00s\n0m1.50s 1m0.25s\n");

        Assert.Equal(
            new JobResult(ResultKind.Ended, 3, null, "17", "n2", DateTimeOffset.UnixEpoch.AddSeconds(1700000000.25), TimeSpan.FromSeconds(2.5), 1048576, TimeSpan.FromSeconds(61.75)),
            result);
    }

    [Theory]
    [InlineData("143 TERM ended 17 n2 1700000000.N 1700000002.N -\n", "TERM")]
    [InlineData("98 - requeued 17 n2 1700000000 1700000002 -\n", null)]
    public void Reads_it_also_where_the_system_knows_no_parts_of_seconds_and_no_memory(string text, string? signal)
    {
        var result = JobResult.Parse(text)!;

        Assert.Equal((signal, TimeSpan.FromSeconds(2), null, null), (result.Signal, result.Duration, result.PeakMemory, result.CpuTime));
    }

    [Theory]
    [InlineData("")]
    [InlineData("3 - ended 17 n2")]
    [InlineData("x - ended 17 n2 1 2 -")]
    [InlineData("3 - exploded 17 n2 1 2 -")]
    public void Takes_nothing_else_for_a_result(string text) => Assert.Null(JobResult.Parse(text));
}
