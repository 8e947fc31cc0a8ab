namespace ParallelScripts.Tests;

/// <summary>Scripts that fail, or hang, and are tried again or not: real ones.</summary>
public sealed class TryingAgain : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void A_script_that_takes_longer_than_its_timeout_is_ended_with_all_it_started()
    {
        _project.Add("hang.sh", "sleep 600 & echo $! > child; echo waiting; wait");
        _project.Change("hang.sh", script => script with { Timeout = "10s" });

        var script = Assert.Single(_project.RunRecord().Scripts);

        Assert.Equal((Outcome.TimedOut, 1), (script.Outcome, script.Attempts));
        Assert.Equal(
            [$"PSCR2008: Script 'hang.sh' was ended because it ran longer than its Timeout of 10.0 s. Its output is in {_project["obj/scripts/logs/hang.sh.log"]}. To run it by hand, in '{_project.Place.ProjectDirectory}': /usr/bin/sh hang.sh"],
            _project.Notes.Select(note => note.Replace(_project["hang.sh"], "hang.sh").Replace("/bin/sh", "/usr/bin/sh").Replace("/usr/usr", "/usr")));
        Eventually.Dead(int.Parse(_project.Read("child")));
    }

    [Fact]
    public void A_script_within_its_timeout_is_none_the_wiser()
    {
        _project.Add("quick.sh", "echo done");
        _project.Change("quick.sh", script => script with { Timeout = "10m" });

        Assert.Equal(Outcome.Succeeded, Assert.Single(_project.RunRecord().Scripts).Outcome);
    }

    [Fact]
    public void A_timeout_in_percent_is_of_what_the_script_usually_takes()
    {
        _project.Add("work.sh", "[ ! -e hang ] || sleep 600");
        _project.Change("work.sh", script => script with { Timeout = "400%" });
        for (var run = 0; run < UsualTime.FewestRuns; run++)
        {
            Assert.Equal(Outcome.Succeeded, _project.RunRecord().Outcome);
        }

        Sqlite.Scalar(_project, "UPDATE script_runs SET seconds = 0.01");
        _project.Write("hang", "");

        Assert.Equal(Outcome.TimedOut, Assert.Single(_project.RunRecord().Scripts).Outcome);
        Assert.StartsWith("PSCR2008: Script 'work.sh' was ended because it ran longer than its Timeout of 1.00 s (400% of what it usually takes). ", Assert.Single(_project.Notes));
    }

    [Fact]
    public void A_script_that_hangs_once_is_ended_and_tried_again()
    {
        _project.Add("flaky.sh", "[ -e tried ] && exit 0; : > tried; sleep 600");
        _project.Change("flaky.sh", script => script with { Timeout = "10s", Retries = "1", RetryDelay = "1" });

        var script = Assert.Single(_project.RunRecord().Scripts);

        Assert.Equal((Outcome.Succeeded, 2), (script.Outcome, script.Attempts));
        var failed = Assert.Single(script.FailedAttempts);
        Assert.Equal((Outcome.TimedOut, (int?)null), (failed.Outcome, failed.ExitCode));
        Assert.Equal(["attempt 1: Script 'flaky.sh' was ended because it ran longer than its Timeout of 10.0 s."], _project.Notes);
    }

    [Fact]
    public void Each_attempt_begins_as_the_first_did_without_the_half_written_outputs_of_the_one_before()
    {
        _project.Add("append.sh", "echo line >> out.txt; [ -e second ] && exit 0; : > second; exit 3", outputs: ["out.txt"]);
        _project.Change("append.sh", script => script with { Retries = "1", RetryDelay = "1ms" });

        Assert.Equal(Outcome.Succeeded, _project.RunRecord().Outcome);

        Assert.Equal("line\n", _project.Read("out.txt"));
        Assert.Equal("line\n", _project.Read("obj/scripts/failed/append.sh/out.txt"));
        Assert.Equal("1: Failed 3 Script 'append.sh' exited with code 3.", Sqlite.Scalar(_project, "SELECT attempt || ': ' || outcome || ' ' || exit_code || ' ' || problem FROM failed_attempts"));
        Assert.Equal(2L, Sqlite.Scalar(_project, "SELECT attempts FROM script_runs"));
        Assert.Empty(_project.Run());
    }

    [Theory]
    [InlineData("All")]
    [InlineData("OnFailure")]
    public void The_log_holds_all_attempts_and_each_is_shown_once(string output)
    {
        _project.Output = output;
        _project.Add("flaky.sh", "[ -e second ] && echo two && exit 4; : > second; echo one; printf 'and no newline'; exit 3");
        _project.Change("flaky.sh", script => script with { Retries = "1", RetryDelay = "1ms" });

        _project.RunRecord();

        Assert.Equal("one\nand no newline\n--- attempt 2 of 2 ---\ntwo\n", _project.Read("obj/scripts/logs/flaky.sh.log"));
        Assert.Equal(["one", "and no newline", "--- attempt 2 of 2 ---", "two"], _project.Shown.Select(line => line.Replace("[flaky.sh] ", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_output_that_was_not_written_is_a_failure_to_try_again_like_any_other()
    {
        _project.Add("forgets.sh", "[ -e second ] && : > out.txt; : > second", outputs: ["out.txt"]);
        _project.Change("forgets.sh", script => script with { Retries = "1", RetryDelay = "1ms" });

        var script = Assert.Single(_project.RunRecord().Scripts);

        Assert.Equal((Outcome.Succeeded, 2), (script.Outcome, script.Attempts));
        Assert.Equal("Script 'forgets.sh' succeeded, but did not write 'out.txt', which it has in Outputs.", Assert.Single(script.FailedAttempts).Problem);
    }

    [Fact]
    public void A_tolerated_failure_does_not_keep_what_depends_on_it_from_running_on_what_is_there()
    {
        _project.Add("fetch.sh", "exit 1", outputs: ["fresh.txt"]);
        _project.Change("fetch.sh", script => script with { ContinueOnError = "true" });
        _project.Add("use.sh", "cat fresh.txt cached.txt 2> errors > used.txt || true", inputs: ["fresh.txt", "cached.txt"], outputs: ["used.txt"]);
        _project.Write("cached.txt", "cached\n");

        var record = _project.RunRecord();

        Assert.Equal((Outcome.Succeeded, Outcome.Failed, Outcome.Succeeded), (record.Outcome, record.Scripts[0].Outcome, record.Scripts[1].Outcome));
        Assert.Equal("cached\n", _project.Read("used.txt"));
        Assert.Equal(["fetch.sh failed: it did not succeed last time"], _project.Run());
    }

    [Theory]
    [InlineData("Timeout", "soon", "PSCR1024: Script 's.sh' has Timeout 'soon', which is not a length of time: it is not a number and a unit. Write it as 90s, 10m, 1h30m, 250ms or hh:mm:ss; a plain number is milliseconds. Or as a percentage of what the script usually takes, such as 400%.")]
    [InlineData("Timeout", "90%", "PSCR1024: Script 's.sh' has Timeout '90%', which is not a length of time: a percentage is of what the script usually takes, and more than 100. Write it as 90s, 10m, 1h30m, 250ms or hh:mm:ss; a plain number is milliseconds. Or as a percentage of what the script usually takes, such as 400%.")]
    [InlineData("RetryDelay", "1 fortnight", "PSCR1024: Script 's.sh' has RetryDelay '1 fortnight', which is not a length of time: 'fortnight' is no unit of time. Write it as 90s, 10m, 1h30m, 250ms or hh:mm:ss; a plain number is milliseconds.")]
    [InlineData("Retries", "often", "PSCR1028: Script 's.sh' has Retries 'often', which is not a number of retries. Set it to a whole number from 0 to 1000: how often the script is tried again when it fails.")]
    [InlineData("Retries", "-1", "PSCR1028: Script 's.sh' has Retries '-1', which is not a number of retries. Set it to a whole number from 0 to 1000: how often the script is tried again when it fails.")]
    [InlineData("Retries", "1001", "PSCR1028: Script 's.sh' has Retries '1001', which is not a number of retries. Set it to a whole number from 0 to 1000: how often the script is tried again when it fails.")]
    [InlineData("ContinueOnError", "perhaps", "PSCR1006: ContinueOnError of script 's.sh' is 'perhaps', which is none of its values. Use one of: ErrorAndStop, WarnAndContinue, ErrorAndContinue.")]
    public void What_cannot_be_read_is_said_before_anything_runs(string metadata, string value, string expected)
    {
        _project.Add("s.sh", "");
        _project.Change("s.sh", script => metadata switch
        {
            "Timeout" => script with { Timeout = value },
            "RetryDelay" => script with { RetryDelay = value },
            "Retries" => script with { Retries = value },
            _ => script with { ContinueOnError = value },
        });

        Assert.Equal([expected], _project.Problems());
    }

    [Theory]
    [InlineData("true", ContinueOnError.WarnAndContinue)]
    [InlineData("WarnAndContinue", ContinueOnError.WarnAndContinue)]
    [InlineData("erroRandcontinue", ContinueOnError.ErrorAndContinue)]
    [InlineData("ErrorAndStop", ContinueOnError.ErrorAndStop)]
    [InlineData("False", ContinueOnError.ErrorAndStop)]
    [InlineData("", ContinueOnError.ErrorAndStop)]
    public void ContinueOnError_takes_the_words_of_MSBuild(string value, ContinueOnError expected)
    {
        _project.Add("s.sh", "");
        _project.Change("s.sh", script => script with { ContinueOnError = value });

        Assert.Equal(expected, Assert.Single(_project.Prepare().FailureRules).ContinueOnError);
    }
}
