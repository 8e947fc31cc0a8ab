namespace ParallelScripts.Tests;

public sealed class HandingOver(Cluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public void Submits_all_and_ends_and_the_next_run_collects_what_has_happened()
    {
        using var project = NewProject();
        using var gate = new Gate(project);
        for (var i = 0; i < 5; i++)
        {
            project.Add($"load{i}.sh", $"{gate.Wait}; echo load{i} > load{i}.txt; echo load{i} >> ran.txt", outputs: [$"load{i}.txt"]);
        }

        for (var i = 0; i < 20; i++)
        {
            project.Add($"fit{i}.sh", $"cat load{i % 5}.txt > fit{i}.txt; echo fit{i} >> fit{i}.txt; echo fit{i} >> ran.txt", inputs: [$"load{i % 5}.txt"], outputs: [$"fit{i}.txt"]);
        }

        for (var i = 0; i < 4; i++)
        {
            project.Add($"join{i}.sh", $"cat {string.Join(' ', Enumerable.Range(0, 5).Select(k => $"fit{(i * 5) + k}.txt"))} > join{i}.txt; echo join{i} >> ran.txt", inputs: [.. Enumerable.Range(0, 5).Select(k => $"fit{(i * 5) + k}.txt")], outputs: [$"join{i}.txt"]);
        }

        project.Add("all.sh", "cat join?.txt > all.txt; echo all >> ran.txt", inputs: ["join?.txt"], outputs: ["all.txt"]);

        project.SlurmSubmit = "Whole";
        var handedOver = project.RunRecord();

        Assert.All(handedOver.Scripts, script => Assert.Equal(Outcome.HandedOver, script.Outcome));
        Assert.Equal(30, handedOver.Scripts.Count);
        Assert.Equal(Outcome.Succeeded, handedOver.Outcome);
        Assert.False(project.Has("ran.txt"));
        Assert.Matches("^Slurm has 30 jobs of this run [(][0-9]+ to [0-9]+[)] and goes on without it[.] 'squeue --me' shows them; the next run collects what has ended[.]$", Assert.Single(project.Notes));

        gate.Open();
        Eventually.True(() => project.Has("all.txt") && project.Read("all.txt") != "", "all has run without us");
        project.SlurmSubmit = "";
        var collected = project.RunRecord();

        Assert.DoesNotContain(project.Notes, note => !note.StartsWith("Took over", StringComparison.Ordinal));
        Assert.All(collected.Scripts, script => Assert.Equal(Outcome.Succeeded, script.Outcome));
        Assert.Equal(30, project.Read("ran.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count());
        Assert.Equal(30, project.Read("ran.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Empty(project.Run());
    }

    [Fact]
    public void What_depends_on_a_failure_does_not_run_and_the_next_run_says_so()
    {
        using var project = NewProject();
        project.Add("a.sh", "echo a > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", "echo oh no; exit 3", inputs: ["a.txt"], outputs: ["b.txt"]);
        project.Add("c.sh", "echo c > c.txt", inputs: ["b.txt"], outputs: ["c.txt"]);
        project.Add("d.sh", "echo d > d.txt", inputs: ["c.txt"], outputs: ["d.txt"]);
        project.Add("e.sh", "echo e > e.txt", inputs: ["a.txt"], outputs: ["e.txt"]);
        project.OnFailure = OnFailure.StopStarting;
        project.SlurmSubmit = "Whole";
        Assert.Equal("a.sh HandedOver, b.sh HandedOver, c.sh HandedOver, d.sh HandedOver, e.sh HandedOver", Outcomes(project.RunRecord()));
        project.SlurmSubmit = "";

        var collected = project.RunRecord();

        Assert.Equal("a.sh Succeeded, b.sh Failed, c.sh Skipped, d.sh Skipped, e.sh Succeeded", Outcomes(collected));
        Assert.Contains($"PSCR2001: Script 'b.sh' exited with code 3. Its output is in {project["obj/scripts/logs/b.sh.log"]}. To run it by hand, in '{project[""].TrimEnd('/')}': /usr/bin/sh {project["b.sh"]}", project.Notes);
        Assert.False(project.Has("c.txt"));

        // Mended, the rest runs, and the jobs of before are in nobody's way.
        project.Write("b.sh", "cat a.txt > b.txt");
        Assert.Equal(["b.sh runs: it did not succeed last time", "c.sh runs: it did not finish last time", "d.sh runs: it did not finish last time"], project.Run());
        Assert.Equal("d\n", project.Read("d.txt"));
        Assert.Empty(project.Run());
    }
}

/// <summary>Holds scripts until it is opened.</summary>
internal sealed class Gate(TestProject project) : IDisposable
{
    private readonly string _file = project[$"gate-{Guid.NewGuid():N}"];

    /// <summary>What a script does to wait for it.</summary>
    public string Wait => $"until [ -e '{_file}' ]; do sleep 0.05; done";

    public void Open() => File.WriteAllText(_file, "");

    public void Dispose()
    {
        if (Directory.Exists(Path.GetDirectoryName(_file)))
        {
            Open();
        }
    }
}
