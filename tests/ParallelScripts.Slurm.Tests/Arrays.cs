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

        // One asks whether such jobs would be taken, one looks whether the folder is shared, one is load.sh, and one is all the others; or a few
        // are, where a busy machine takes its time between two of them.
        Assert.InRange(Calls(project, "sbatch"), 3, 15);
        Assert.Equal(["fit 42 failed: it did not succeed last time"], project.Run());
        Assert.Empty(Directory.EnumerateFiles(project["obj/scripts/slurm/claimed"]));
    }

    [Fact]
    public void A_sweep_for_which_there_is_no_room_is_submitted_in_parts()
    {
        using var project = NewProject();
        project.Write("fit.sh", "echo \"$1\" >> ran.txt; echo \"$1\" > fit$1.txt");
        for (var i = 0; i < 20; i++)
        {
            project.Scripts.Add(new Script { Name = $"fit {i}", Include = "fit.sh", Arguments = $"{i}", Outputs = [$"fit{i}.txt"], Place = new Place(project.Place.Project, i + 2, 5) });
        }

        // As where a person may have so many jobs and no more.
        InPlaceOfSbatch(project, $$"""
            case $* in *--test-only*) exec /usr/bin/sbatch "$@" ;; esac
            for word; do case $word in --array=*) tasks=${word#--array=} ;; esac; done
            echo "${tasks-alone}" >> '{{project["calls"]}}'
            case $tasks in
              1-20) echo 'sbatch: error: QOSMaxSubmitJobPerUserLimit' >&2; echo 'sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user'"'"'s size and/or time limits)' >&2; exit 1 ;;
            esac
            exec /usr/bin/sbatch "$@"
            """);

        var record = project.RunRecord();

        Assert.Empty(project.Notes);
        Assert.All(record.Scripts, script => Assert.Equal(Outcome.Succeeded, script.Outcome));
        Assert.Equal(Enumerable.Range(0, 20), File.ReadAllLines(project["ran.txt"]).Select(int.Parse).Order());
        Assert.Equal("1-10 1-20 11-20", string.Join(' ', File.ReadAllLines(project["calls"]).OrderBy(tasks => tasks.Length).ThenBy(tasks => tasks, StringComparer.Ordinal)));
    }
}
