namespace ParallelScripts.Tests;

public sealed class EndsOfJobs
{
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _after5Seconds = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _afterAMinute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_success_counts_at_once_whatever_Slurm_says() =>
        Assert.All((JobPhase?[])[null, .. Enum.GetValues<JobPhase>()], phase => Assert.Equal(JobEndKind.ByResult, Decide(phase, _soon, Result(0))));

    [Fact]
    public void A_failure_waits_for_what_Slurm_knows_of_it_but_not_for_long()
    {
        Assert.Null(Decide(JobPhase.Running, _soon, Result(137)));
        Assert.Null(Decide(null, _soon, Result(1)));
        Assert.Equal(JobEndKind.OutOfMemory, Decide(JobPhase.OutOfMemory, _soon, Result(137)));
        Assert.Equal(JobEndKind.ByResult, Decide(JobPhase.Ended, _soon, Result(1)));
        Assert.Equal(JobEndKind.ByResult, Decide(JobPhase.Running, _afterAMinute, Result(137)));
    }

    [Theory]
    [InlineData(JobPhase.Canceled, JobEndKind.CanceledByOthers)]
    [InlineData(JobPhase.OutOfTime, JobEndKind.OutOfTime)]
    [InlineData(JobPhase.NodeLost, JobEndKind.NodeLost)]
    [InlineData(JobPhase.Ended, JobEndKind.ByResult)]
    internal void A_signal_means_what_Slurm_sent_it_for(JobPhase phase, JobEndKind kind) => Assert.Equal(kind, Decide(phase, _soon, Result(143, "TERM")));

    [Theory]
    [InlineData(JobPhase.Canceled)]
    [InlineData(JobPhase.OutOfTime)]
    [InlineData(JobPhase.NodeLost)]
    internal void Without_a_signal_the_script_failed_by_itself(JobPhase phase) => Assert.Equal(JobEndKind.ByResult, Decide(phase, _soon, Result(1)));

    [Fact]
    public void What_we_cancelled_is_cancelled()
    {
        Assert.Equal(JobEndKind.Canceled, Decide(JobPhase.Canceled, _soon, Result(143, "TERM"), isUnwanted: true));
        Assert.Equal(JobEndKind.Canceled, Decide(JobPhase.Canceled, _soon, hasBegun: false, isUnwanted: true));
        Assert.Equal(JobEndKind.Canceled, Decide(JobPhase.Canceled, _after5Seconds, isUnwanted: true));
        Assert.Null(Decide(JobPhase.Running, _afterAMinute, isUnwanted: true));
    }

    [Fact]
    public void A_job_that_is_put_back_into_the_queue_after_it_began_is_no_longer_ours()
    {
        Assert.Null(Decide(JobPhase.Queued, _soon, Result(143, "TERM")));
        Assert.Equal(JobEndKind.Requeued, Decide(JobPhase.Queued, _after5Seconds, Result(143, "TERM")));
    }

    [Theory]
    [InlineData(JobPhase.Queued)]
    [InlineData(JobPhase.Running)]
    [InlineData(JobPhase.Unknown)]
    internal void What_is_alive_is_waited_for(JobPhase phase) => Assert.Null(Decide(phase, TimeSpan.FromDays(9)));

    [Fact]
    public void What_can_never_start_is_not() => Assert.Equal(JobEndKind.Stuck, Decide(JobPhase.Stuck, _soon, hasBegun: false));

    [Theory]
    [InlineData(JobPhase.Ended, JobEndKind.NoResult)]
    [InlineData(JobPhase.Canceled, JobEndKind.CanceledByOthers)]
    [InlineData(JobPhase.OutOfTime, JobEndKind.OutOfTime)]
    [InlineData(JobPhase.OutOfMemory, JobEndKind.OutOfMemory)]
    [InlineData(JobPhase.NodeLost, JobEndKind.NodeLost)]
    [InlineData(null, JobEndKind.Lost)]
    internal void A_result_may_be_seen_late_and_then_Slurm_alone_says_what_happened(JobPhase? phase, JobEndKind kind)
    {
        Assert.Null(Decide(phase, _soon));
        Assert.Equal(kind, Decide(phase, _afterAMinute));
    }

    [Theory]
    [InlineData(JobPhase.Ended)]
    [InlineData(JobPhase.OutOfMemory)]
    [InlineData(JobPhase.NodeLost)]
    [InlineData(null)]
    internal void What_never_began_may_be_submitted_again(JobPhase? phase) => Assert.Equal(JobEndKind.NeverBegan, Decide(phase, _afterAMinute, hasBegun: false));

    [Fact]
    public void A_script_without_a_timeout_that_Slurm_ended_in_time_is_to_have_one()
    {
        var script = new Script { Name = "fit.py", Include = "fit.py" };
        var launch = new Launch { Program = "/usr/bin/python3", Arguments = ["/projects/fit.py"], WorkingDirectory = "/projects" };
        var end = new JobEnd(JobEndKind.OutOfTime, Row: new QueuedJob("17", "key", "TIMEOUT", "TimeLimit", "n2"));

        var (outcome, problem) = JobConclusion.Of(script, launch, end, "/projects", limit: null, percent: null, new LogReference("/projects/fit.py.log", null), TimeSpan.FromMinutes(1));

        Assert.Equal(
            (Outcome.TimedOut, "PSCR4011: Script 'fit.py' was ended on node 'n2': it ran longer than jobs of that partition may by default. Set its Timeout to what it needs. Its output is in /projects/fit.py.log."),
            (outcome, $"{problem!.Code}: {problem}"));
    }

    private static JobResult Result(int code, string? signal = null) =>
        new(ResultKind.Ended, code, signal, "17", "n1", DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1), null, null);

    private static JobEndKind? Decide(JobPhase? phase, TimeSpan since, JobResult? result = null, bool hasBegun = true, bool isUnwanted = false) =>
        JobVerdict.TryDecide(new JobSigns(result, hasBegun, phase, isUnwanted, since));
}
