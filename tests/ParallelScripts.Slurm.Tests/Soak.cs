using System.Globalization;

namespace ParallelScripts.Tests;

/// <summary>What takes minutes. PARALLELSCRIPTS_SOAK says how often; without it these are skipped.</summary>
public sealed class Soak(Cluster cluster) : ClusterTest(cluster)
{
    private static readonly int _times = int.TryParse(Environment.GetEnvironmentVariable("PARALLELSCRIPTS_SOAK"), out var times) ? times : 0;

    [Fact]
    public async Task A_build_killed_at_random_moments_loses_no_job_and_runs_none_twice()
    {
        Assert.SkipWhen(_times == 0, "takes minutes; set PARALLELSCRIPTS_SOAK to how often to kill");
        using var folder = new TemporaryFolder();
        folder.Write("work/obj/scripts/slurm/shared", "");
        var items = new List<string>();
        const int Layers = 8;
        const int Width = 6;
        for (var layer = 0; layer < Layers; layer++)
        {
            for (var i = 0; i < Width; i++)
            {
                string[] before = layer == 0 ? [] : [$"{layer - 1}-{i}.txt", $"{layer - 1}-{(i + 1) % Width}.txt"];
                folder.Write($"work/{layer}-{i}.sh", $"echo >> {layer}-{i}.runs; sleep 0.$((RANDOM_SEED % 9))1; echo half > {layer}-{i}.txt; sleep 0.2; (echo {layer}-{i}; cat /dev/null {string.Join(' ', before)}) | sha256sum > {layer}-{i}.txt");
                items.Add($"""    <ScriptItem Include="{layer}-{i}.sh" Inputs="{string.Join(';', before)}" Outputs="{layer}-{i}.txt" EnvironmentVariables="RANDOM_SEED={(layer * 7) + (i * 3)}" Executor="Slurm" />""");
            }
        }

        var project = folder.Write("work/work.proj", BuiltPackage.ProjectText(folder["package"], string.Join('\n', items)));
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var kill = 0; kill < _times; kill++)
        {
            using var build = BuiltPackage.Start(project, Slurm.Variables);
            var ended = build.WaitForExitAsync();

            // From before the first job to some jobs further than the kill before.
            if (await Task.WhenAny(ended, Task.Delay(random.Next(1000, 3500))) == ended)
            {
                break;
            }

            build.Kill();
            await ended;
        }

        using var last = BuiltPackage.Start(project, Slurm.Variables);
        await last.WaitForExitAsync();

        var log = File.ReadAllText(project + ".log");
        Assert.True(last.ExitCode == 0, $"seed {seed}\n{log}");
        for (var layer = 0; layer < Layers; layer++)
        {
            for (var i = 0; i < Width; i++)
            {
                Assert.True(File.ReadAllLines(folder[$"work/{layer}-{i}.runs"]).Length == 1, string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {layer}-{i} ran more than once\n{log}"));
                string[] before = layer == 0 ? [] : [$"{layer - 1}-{i}.txt", $"{layer - 1}-{(i + 1) % Width}.txt"];
                var expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{layer}-{i}\n" + string.Concat(before.Select(file => File.ReadAllText(folder[$"work/{file}"]))))));
                Assert.Equal($"{expected}  -\n", File.ReadAllText(folder[$"work/{layer}-{i}.txt"]));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}, {log.Split("takes over job").Length - 1} jobs taken over");
        Assert.DoesNotContain("PSCR", log, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder["work/obj/scripts/slurm/claimed"]));
    }

    [Fact]
    public async Task A_node_whose_daemon_is_killed_while_its_job_runs_is_found_out()
    {
        Assert.SkipWhen(_times == 0, "takes half a minute; set PARALLELSCRIPTS_SOAK");
        using var project = NewProject();
        project.Add("reported.sh", "echo > reported.began; exec sleep 600", outputs: ["reported.txt"]);
        project.Add("retried.sh", "[ -e retried.began ] || { echo > retried.began; exec sleep 600; }; echo > retried.txt", outputs: ["retried.txt"]);
        project.Change("reported.sh", script => script with { SlurmOptions = "--nodelist=n2" });
        project.Change("retried.sh", script => script with { SlurmOptions = "--exclude=n1,n3", Retries = "1", RetryDelay = "1ms" });
        Slurm.Ask("scontrol", "update", "nodename=n4", "state=drain", "reason=test");

        var run = Task.Run(() => project.RunRecord());
        Eventually.True(() => project.Has("reported.began") && project.Has("retried.began"), "both begin");
        Slurm.Ask("scontrol", "update", "nodename=n4", "state=resume");
        Slurm.Kill("slurmd.n2", "KILL");
        var record = await run;
        Slurm.StartNode("n2");

        Assert.Equal("reported.sh Failed, retried.sh Succeeded", Outcomes(record));
        Assert.Equal("n4", record.Scripts[1].Node);
        Assert.Contains(project.Notes, note => note.StartsWith("PSCR4006: The job of script 'reported.sh' was lost while it ran on node 'n2': NODE_FAIL.", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_thousand_trivial_jobs_ask_the_controller_once_a_second_at_most()
    {
        Assert.SkipWhen(_times == 0, "takes a minute; set PARALLELSCRIPTS_SOAK");
        using var project = NewProject();
        project.Environment["PATH"] = "/usr/sbin:/usr/bin:/bin";
        CountCalls(project);
        for (var i = 0; i < 2000; i++)
        {
            project.Add($"{i}.sh", $": > {i}.txt", outputs: [$"{i}.txt"]);
        }

        var record = project.RunRecord();

        Assert.Empty(project.Notes);
        Assert.All(record.Scripts, script => Assert.Equal(Outcome.Succeeded, script.Outcome));
        TestContext.Current.TestOutputHelper?.WriteLine($"{record.WallSeconds} s, {Calls(project, "sbatch")} sbatch, {Calls(project, "squeue")} squeue");
        Assert.InRange(Calls(project, "sbatch"), 1, 2001);
        Assert.InRange(Calls(project, "squeue"), 0, record.WallSeconds);
        Assert.Equal(0, Calls(project, "scancel"));
    }
}
