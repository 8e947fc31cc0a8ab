namespace ParallelScripts.Tests;

/// <summary>progress.json, for programs that look at a run from outside.</summary>
public sealed class ProgressJson
{
    [Fact]
    public void Says_how_far_a_run_is()
    {
        using var run = new ToldRun("load.py\nfit.py: load.py\nclean.py\nplot.py: fit.py\nold.py", new() { ["load.py"] = 4, ["fit.py"] = 10.25, ["plot.py"] = 1 });

        run.Ended("old.py", outcome: Outcome.UpToDate).Started("load.py").Started("clean.py", 1).Passed(2.25).Ended("load.py").Started("fit.py").Retried("clean.py").Started("clean.py", 1).Passed(0.25);

        Assert.Equal(
            $$"""
            {
              "schemaVersion": 1,
              "runId": "0190000000007000800000000000abcd",
              "project": "/projects/work.csproj",
              "processId": {{Environment.ProcessId}},
              "state": "Running",
              "outcome": null,
              "startTime": "2026-01-31T12:00:00+00:00",
              "time": "2026-01-31T12:00:02.5+00:00",
              "seconds": 2.5,
              "secondsLeft": 11,
              "total": 5,
              "done": 2,
              "waiting": 1,
              "succeeded": 1,
              "upToDate": 1,
              "failed": 0,
              "timedOut": 0,
              "canceled": 0,
              "skipped": 0,
              "handedOver": 0,
              "running": [
                {
                  "name": "clean.py",
                  "slot": 1,
                  "attempt": 2,
                  "seconds": 0.25,
                  "usualSeconds": null
                },
                {
                  "name": "fit.py",
                  "slot": 0,
                  "attempt": 1,
                  "seconds": 0.25,
                  "usualSeconds": 10.25
                }
              ]
            }
            """,
            File.ReadAllText(run.FileName));
        Assert.Equal([run.FileName], Directory.GetFiles(run.Folder));
    }

    [Fact]
    public void Is_written_twice_a_second_and_says_when_the_run_has_ended()
    {
        using var run = new ToldRun("a\nb");
        run.Started("a");
        Assert.False(File.Exists(run.FileName));
        Assert.Contains("\"seconds\": 0.5,", Text(run.Passed(0.75)), StringComparison.Ordinal);
        Assert.Contains("\"seconds\": 1,", Text(run.Passed(0.25)), StringComparison.Ordinal);

        run.Ended("a", outcome: Outcome.Failed).Skipped("b").Finish(Outcome.Failed);

        Assert.Contains("\"state\": \"Finished\",\n  \"outcome\": \"Failed\",", Text(run), StringComparison.Ordinal);
        Assert.Contains("\"running\": []", Text(run), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_once_that_it_cannot_be_written_and_the_run_goes_on()
    {
        using var run = new ToldRun("a\nb");
        Directory.CreateDirectory(Path.Combine(run.FileName, "in the way"));

        run.Started("a").Passed(5).Ended("a").Finish();

        var warning = Assert.Single(run.Warnings);
        Assert.StartsWith($"work.csproj PSCR3024: How far the run is cannot be written to '{run.FileName}': ", warning, StringComparison.Ordinal);
        Assert.EndsWith(". Close the program that holds the file, or free the disk. The scripts run all the same.", warning, StringComparison.Ordinal);
        Assert.Equal(["[1/2 50%] ok  a 1.00 s"], run.Lines);
    }

    [Fact]
    public void Is_there_while_scripts_really_run_and_stays_as_it_was_when_none_has_to()
    {
        using var project = new TestProject();
        var file = project[$"obj/scripts/{ProgressFile.FileName}"];
        project.Add("wait.sh", $"i=0; until grep -q '\"name\": \"wait.sh\"' {file} 2>/dev/null; do i=$((i+1)); [ $i -lt 3000 ] || exit 99; sleep 0.02; done; echo done > out.txt", outputs: ["out.txt"]);

        Assert.Equal(["wait.sh runs: it has not run before"], project.Run());
        var written = File.ReadAllText(file);
        Assert.Contains("\"state\": \"Finished\",\n  \"outcome\": \"Succeeded\",", written, StringComparison.Ordinal);

        Assert.Empty(project.Run());
        Assert.Equal(written, File.ReadAllText(file));
    }

    private static string Text(ToldRun run) => File.ReadAllText(run.FileName);
}
