using System.Diagnostics;

namespace ParallelScripts.Tests;

/// <summary>Handing over, where something breaks on the way.</summary>
public sealed class HandingOverInTrouble(Cluster cluster) : ClusterTest(cluster)
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void A_build_killed_while_it_hands_over_is_completed_by_the_next_and_nothing_runs_twice(int submission) =>
        IsCompletedByTheNext(submission, i => i == 0 ? "" : $"{i - 1}.txt");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void So_is_one_that_was_killed_while_it_submitted_an_array(int submission) =>
        IsCompletedByTheNext(submission, i => i == Scripts - 1 ? string.Join(';', Enumerable.Range(0, i).Select(before => $"{before}.txt")) : "");

    private const int Scripts = 12;

    private void IsCompletedByTheNext(int submission, Func<int, string> inputsOf)
    {
        using var folder = new TemporaryFolder();
        folder.Write("work/obj/scripts/slurm/shared", "");
        var items = new List<string>();
        for (var i = 0; i < Scripts; i++)
        {
            folder.Write($"work/{i}.sh", $"echo {i} >> ran.txt; cat /dev/null {inputsOf(i).Replace(';', ' ')} > {i}.txt; echo {i} >> {i}.txt");
            items.Add($"""    <ScriptItem Include="{i}.sh" Inputs="{inputsOf(i)}" Outputs="{i}.txt" Executor="Slurm" />""");
        }

        // Slurm takes the job, and its answer never arrives.
        folder.Write("bin/sbatch", $$"""
            #!/bin/sh
            case $* in *--test-only*) exec /usr/bin/sbatch "$@" ;; esac
            echo >> '{{folder.Path}}/calls'
            [ $(wc -l < '{{folder.Path}}/calls') = {{submission}} ] || exec /usr/bin/sbatch "$@"
            /usr/bin/sbatch "$@" > /dev/null
            echo > '{{folder.Path}}/hangs'
            until [ -e '{{folder.Path}}/go' ]; do sleep 0.05; done
            """);
        File.SetUnixFileMode(folder["bin/sbatch"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var project = folder.Write("work/work.proj", BuiltPackage.ProjectText(folder["package"], string.Join('\n', items)));
        var variables = new Dictionary<string, string>(Slurm.Variables) { ["SlurmSubmit"] = "Whole" };
        variables["PATH"] = $"{folder["bin"]}:{variables.GetValueOrDefault("PATH", Environment.GetEnvironmentVariable("PATH")!)}";

        Run(BuiltPackage.Start(project, variables), kill: () => File.Exists(folder["hangs"]));
        File.WriteAllText(folder["go"], "");
        Run(BuiltPackage.Start(project, variables));
        variables["SlurmSubmit"] = "Ready";
        Run(BuiltPackage.Start(project, variables));

        var log = File.ReadAllText(project + ".log");
        Assert.True(File.Exists(folder[$"work/{Scripts - 1}.txt"]), log);
        Assert.True(string.Join(' ', File.ReadAllLines(folder["work/ran.txt"]).OrderBy(int.Parse)) == "0 1 2 3 4 5 6 7 8 9 10 11", log);
        Assert.Equal("0 1 2 3 4 5 6 7 8 9 10 11", string.Join(' ', File.ReadAllLines(folder[$"work/{Scripts - 1}.txt"]).OrderBy(int.Parse)));
        Assert.DoesNotContain("PSCR", log, StringComparison.Ordinal);
        Assert.Contains("12 scripts: ", log, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_script_runs_again_nobody_waits_for_the_jobs_after_it()
    {
        using var project = NewProject();
        project.Write("in.txt", "1");
        project.Add("a.sh", "cat in.txt > a.txt", inputs: ["in.txt"], outputs: ["a.txt"]);
        project.Add("b.sh", "[ -e b.began ] || { echo > b.began; exec sleep 600; }; cat a.txt > b.txt", inputs: ["a.txt"], outputs: ["b.txt"]);
        project.Add("c.sh", "cat b.txt > c.txt", inputs: ["b.txt"], outputs: ["c.txt"]);
        project.SlurmSubmit = "Whole";
        Assert.Equal("a.sh HandedOver, b.sh HandedOver, c.sh HandedOver", Outcomes(project.RunRecord()));
        Eventually.True(() => project.Has("b.began"), "the second has begun");

        project.Write("in.txt", "2");
        project.SlurmSubmit = "Ready";

        Assert.Equal("a.sh Succeeded, b.sh Succeeded, c.sh Succeeded", Outcomes(project.RunRecord()));
        Assert.Equal("2", project.Read("c.txt"));
    }

    [Fact]
    public void Where_two_scripts_run_again_a_job_after_both_is_ended_once()
    {
        using var project = NewProject();
        project.Write("in.txt", "1");
        project.Add("a.sh", "cat in.txt > a.txt", inputs: ["in.txt"], outputs: ["a.txt"]);
        project.Add("b.sh", "cat in.txt > b.txt", inputs: ["in.txt"], outputs: ["b.txt"]);
        project.Add("c.sh", "cat a.txt b.txt > c.txt; echo > c.ran", inputs: ["a.txt", "b.txt"], outputs: ["c.txt"]);
        project.SlurmSubmit = "Whole";
        Assert.Equal("a.sh HandedOver, b.sh HandedOver, c.sh HandedOver", Outcomes(project.RunRecord()));
        Eventually.True(() => project.Has("c.ran"), "all have run");

        project.Write("in.txt", "2");
        project.SlurmSubmit = "Ready";

        Assert.Equal("a.sh Succeeded, b.sh Succeeded, c.sh Succeeded", Outcomes(project.RunRecord()));
        Assert.Equal("22", project.Read("c.txt"));
    }

    [Fact]
    public async Task Cancelling_a_build_that_hands_over_cancels_what_it_has_handed_over()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo > a.began; exec sleep 600", outputs: ["a.txt"]);
        project.Add("b.sh", "echo b > b.txt", inputs: ["a.txt"], outputs: ["b.txt"]);
        InPlaceOfSbatch(project, $"case $* in *--dependency*) echo > '{project["hangs"]}'; until [ -e '{project["go"]}' ]; do sleep 0.05; done ;; esac\nexec /usr/bin/sbatch \"$@\"\n");
        project.SlurmSubmit = "Whole";
        using var cancel = new CancellationTokenSource();
        var run = Task.Run(() => project.RunRecord(cancel.Token), TestContext.Current.CancellationToken);
        Eventually.True(() => project.Has("hangs") && project.Has("a.began"), "the second is being submitted");

        await cancel.CancelAsync();
        project.Write("go", "");
        var record = await run;

        Assert.Equal("a.sh HandedOver, b.sh Canceled", Outcomes(record));
        Assert.Equal(Outcome.Canceled, record.Outcome);
        Eventually.True(() => Slurm.Ask("squeue", "--noheader", "--states=PENDING,RUNNING") == "", "nothing is left");
        project.SlurmSubmit = "";
        project.Write("a.sh", "echo a > a.txt");
        Assert.Equal("a.sh Succeeded, b.sh Succeeded", Outcomes(project.RunRecord()));
    }

    [Fact]
    public void A_pipeline_that_somebody_cancelled_is_told_of_and_the_rest_runs_again_later()
    {
        using var project = NewProject();
        using var gate = new Gate(project);
        project.Add("a.sh", $"echo > a.began; {gate.Wait}; echo a > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", "echo b > b.txt", inputs: ["a.txt"], outputs: ["b.txt"]);
        project.SlurmSubmit = "Whole";
        project.RunRecord();
        project.SlurmSubmit = "";
        Eventually.True(() => project.Has("a.began"), "it runs");
        Slurm.Ask("scancel", $"--name={KeyOf(project, "a.sh")}");

        Assert.Equal("a.sh Failed, b.sh Skipped", Outcomes(project.RunRecord()));
        Assert.Contains(project.Notes, note => note.StartsWith("PSCR4007: The job of script 'a.sh'", StringComparison.Ordinal));

        gate.Open();
        Assert.Equal("a.sh Succeeded, b.sh Succeeded", Outcomes(project.RunRecord()));
    }

    [Fact]
    public void A_job_that_ended_just_after_the_one_before_it_was_seen_running_is_collected_with_that_one()
    {
        using var project = NewProject();
        using var gate = new Gate(project);
        project.Add("a.sh", $"echo > a.began; {gate.Wait}; echo a > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", "echo b >> b.ran; echo b > b.txt", inputs: ["a.txt"], outputs: ["b.txt"]);
        project.SlurmSubmit = "Whole";
        project.RunRecord();
        Eventually.True(() => project.Has("a.began"), "it runs");

        // As if both had ended between the looks at one and at the other.
        var result = $"obj/scripts/slurm/results/{KeyOf(project, "b.sh")}";
        project.Write("b.txt", "b\n");
        project.Write(result, "0 - ended 1 n1 1700000000 1700000001 -\n");
        Assert.Equal("a.sh HandedOver, b.sh HandedOver", Outcomes(project.RunRecord()));

        File.Delete(project[result]);
        gate.Open();
        project.SlurmSubmit = "";
        Assert.Equal("a.sh Succeeded, b.sh Succeeded", Outcomes(project.RunRecord()));
        Assert.Equal("b\n", project.Read("b.ran"));
    }

    [Fact]
    public void A_predecessor_that_failed_and_that_Slurm_has_forgotten_does_not_count_as_one_that_succeeded()
    {
        using var project = NewProject();
        project.Add("other.sh", "echo", outputs: ["other.txt"]);
        Directory.CreateDirectory(project["state"]);
        var folder = new JobFolder(project["state"]);
        folder.Create();
        using var commands = new SlurmCommands(Slurm.Variables, project[""]);
        Submit("failed", "exit 3", []);
        Eventually.True(() => folder.FindResult("failed") is { Code: 3 }, "the first has failed");

        // For Slurm there is no such job any more, nor ever was.
        var answer = Submit("after", $"echo > '{project["after.ran"]}'", [new Predecessor("failed", "987654321", 0, MayFail: false)]);
        Submit("allowed", $"echo > '{project["allowed.ran"]}'", [new Predecessor("failed", "987654321", 0, MayFail: true)]);

        Assert.True(answer.IsGood, answer.Printed);
        Eventually.True(() => folder.FindResult("after") is not null && folder.FindResult("allowed") is not null, "the others have ended");
        Assert.Equal(ResultKind.Skipped, folder.FindResult("after")!.Kind);
        Assert.False(project.Has("after.ran"));
        Assert.Equal(ResultKind.Ended, folder.FindResult("allowed")!.Kind);
        Assert.True(project.Has("allowed.ran"));

        Answer Submit(string key, string text, IReadOnlyList<Predecessor> before)
        {
            folder.Add(key, JobScript.Job("/bin/sh", ["-c", text], project[""], "", new Dictionary<string, string>(), null, TimeSpan.Zero, before));
            return commands.Submit([$"--job-name={key}", .. JobOptions.Of(Demand.Default, Placement.Here, null, TimeSpan.Zero), .. NativeOrder.OptionsFor(before)], folder.CommonScript, key);
        }
    }

    private static void Run(Process build, Func<bool>? kill = null)
    {
        using (build)
        {
            if (kill is null)
            {
                Assert.True(build.WaitForExit(TimeSpan.FromMinutes(10)), "the build hangs");
                return;
            }

            Eventually.True(() => kill() || build.HasExited, "it is time to kill");
            build.Kill();
            build.WaitForExit();
        }
    }
}
