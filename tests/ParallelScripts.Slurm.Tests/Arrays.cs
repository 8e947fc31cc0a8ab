namespace ParallelScripts.Tests;

public sealed class Arrays(Cluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public void A_sweep_of_equal_scripts_is_one_submission()
    {
        using var project = NewProject();
        CountCalls(project);
        project.Write("fit.sh", "echo \"$1 ${SLURM_ARRAY_TASK_ID:-alone}\" > fit$1.txt; [ $1 != 42 ] || exit 3");
        project.Add("load.sh", "echo load > load.txt", outputs: ["load.txt"]);
        for (var i = 0; i < 100; i++)
        {
            project.Scripts.Add(new Script { Name = $"fit {i}", Include = "fit.sh", Arguments = $"{i}", Inputs = ["load.txt"], Outputs = [$"fit{i}.txt"], Place = new Place(project.Place.Project, i + 2, 5) });
        }

        var record = project.RunRecord();

        Assert.Equal("PSCR2001", Assert.Single(project.Notes)[..8]);
        Assert.Equal("fit 42", Assert.Single(record.Scripts, script => script.Outcome != Outcome.Succeeded).Name);
        Assert.Equal("17 alone\n", project.Read("fit17.txt"));

        // One asks whether such jobs would be taken, one looks whether the folder is shared, one is load.sh, and one is all the others.
        Assert.InRange(Calls(project, "sbatch"), 3, 4);
        Assert.Equal(["fit 42 failed: it did not succeed last time"], project.Run());
        Assert.Empty(Directory.EnumerateFiles(project["obj/scripts/slurm/claimed"]));
    }
}
