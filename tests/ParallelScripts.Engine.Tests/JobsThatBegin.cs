using System.Diagnostics;

namespace ParallelScripts.Tests;

/// <summary>When a job has begun: the script that Slurm runs, run here by a shell.</summary>
public sealed class JobsThatBegin
{
    [Fact]
    public void Have_not_begun_while_they_wait_for_what_others_write()
    {
        using var folder = new TemporaryFolder();
        var jobs = new JobFolder(folder.Path);
        jobs.Create();
        jobs.Add("b-1", JobScript.Job("/bin/true", [], folder.Path, "", new Dictionary<string, string>(), null, TimeSpan.Zero, [new Predecessor("a-1", "6", 0, MayFail: false)]));
        Process.Start("/bin/ln", [folder["slurm/jobs/b-1"], folder["laid-down"]]).WaitForExit();

        using var job = Process.Start(new ProcessStartInfo("/bin/sh", [jobs.CommonScript, "b-1"]) { Environment = { ["SLURM_JOB_ID"] = "7" } })!;
        Eventually.True(() => Directory.GetFiles(folder["slurm/claimed"], "b-1.*") is [var claim] && File.ReadAllText(claim) == "waits", "it waits");
        Assert.Null(jobs.FindBegin("b-1"));

        folder.Write("a.txt", "a");
        folder.Write("slurm/results/.a-1", "0 - ended 6 n1 1 2 -\n");
        File.Move(folder["slurm/results/.a-1"], folder["slurm/results/a-1"]);
        job.WaitForExit();

        Assert.Equal((ResultKind.Ended, 0), (jobs.FindResult("b-1")!.Kind, jobs.FindResult("b-1")!.Code));
        Assert.True(jobs.FindBegin("b-1") >= FileStamp.Of(folder["a.txt"])!.Value.Changed);

        // Replaced, and not emptied where it is: while that goes on it would be empty, and as old as what was in it.
        Assert.NotEqual("", File.ReadAllText(folder["laid-down"]));
    }
}
