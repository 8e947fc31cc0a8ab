namespace ParallelScripts.Package.Tests;

/// <summary>Retries, timeouts and failures that may happen, as a person sees them in a build.</summary>
public sealed class TryingAgain(PackageFixture package) : PackageTest(package)
{
    [Fact]
    public async Task Is_said_with_the_reason_and_counted()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="flaky.sh" Retries="2" RetryDelay="1ms" />
              </ItemGroup>
            """);
        project.Write("flaky.sh", "echo try >> tries; [ $(wc -l < tries) -eq 3 ] || exit 7; echo at last");

        var build = (await project.RunAnalysesAsync("-getItem:ScriptResult")).Succeeded();

        Assert.Contains("\"Attempts\": \"3\"", build.Output, StringComparison.Ordinal);
        Assert.Empty(build.Errors);
        Assert.Empty(build.Warnings);
        var script = project.RunJson()["scripts"]![0]!;
        Assert.Equal(3, (int)script["attempts"]!);
        Assert.Equal(["Failed 7", "Failed 7"], script["failedAttempts"]!.AsArray().Select(attempt => $"{attempt!["outcome"]} {attempt["exitCode"]}"));
    }

    [Fact]
    public async Task Shows_each_attempt_in_the_log()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="flaky.sh" Retries="1" RetryDelay="1ms" />
              </ItemGroup>
            """);
        project.Write("flaky.sh", "[ -e tried ] && exit 0; : > tried; exit 7");

        var build = (await project.RunAnalysesAsync()).Succeeded();

        Assert.Matches(
            @"^\[flaky\.sh\] failed in [\d.]+ m?s, attempt 1 of 2; tries again in [01] ms: Script 'flaky\.sh' exited with code 7\.$",
            Assert.Single(build.Lines, line => line.Contains("tries again", StringComparison.Ordinal)));
        Assert.Matches(
            @"^\[1/1 100%\] ok  flaky\.sh [\d.]+ m?s, attempt 2 of 2$",
            Assert.Single(build.Lines, line => line.Contains("] ok ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Ends_with_an_error_when_every_attempt_took_too_long()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="hang.sh" Timeout="200ms" Retries="1" RetryDelay="1ms" />
                <ScriptItem Include="after.sh" DependsOn="hang.sh" />
              </ItemGroup>
            """);
        project.Write("hang.sh", WaitFor("never"));
        project.Write("after.sh", "");

        var build = (await project.RunAnalysesAsync()).Failed();

        Assert.Equal("hang.sh TimedOut, after.sh Skipped", project.Outcomes());
        Assert.StartsWith(
            "work.proj(4,5): PSCR2008: Script 'hang.sh' was ended because it ran longer than its Timeout of 0.20 s. It printed nothing. To run it by hand, in '",
            Assert.Single(build.Errors),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WarnAndContinue", true)]
    [InlineData("true", true)]
    [InlineData("ErrorAndContinue", false)]
    public async Task Is_not_needed_where_a_failure_may_happen(string continueOnError, bool succeeds)
    {
        var project = Plain($"""
              <ItemGroup>
                <ScriptItem Include="may-fail.sh" ContinueOnError="{continueOnError}" />
                <ScriptItem Include="after.sh" DependsOn="may-fail.sh" />
              </ItemGroup>
            """);
        project.Write("may-fail.sh", "exit 3");
        project.Write("after.sh", "");

        var build = await project.RunAnalysesAsync();

        Assert.Equal("may-fail.sh Failed, after.sh Succeeded", project.Outcomes());
        Assert.Equal(succeeds ? "Succeeded" : "Failed", (string)project.RunJson()["outcome"]!);
        Assert.StartsWith("PSCR2001: Script 'may-fail.sh' exited with code 3.", Assert.Single(succeeds ? build.Succeeded().Warnings : build.Failed().Errors).Split("): ")[^1], StringComparison.Ordinal);
        Assert.Empty(succeeds ? build.Errors : build.Warnings);
    }
}
