namespace ParallelScripts;

/// <summary>What can be known of a cluster before a run, without asking it.</summary>
internal static class SlurmHere
{
    /// <summary>Whether there is something to submit jobs with.</summary>
    public static void Check(RunRequest request, IEnumerable<Script> scripts, IReadOnlyList<Placement> placements, ICollection<Problem> problems)
    {
        var count = placements.Count(placement => placement.Executor == ExecutorKind.Slurm);
        if (count > 0 && SlurmCommands.Find("sbatch", request.Environment.GetValueOrDefault("PATH", "")) is null)
        {
            problems.Add(Problems.NoSlurmHere(scripts.Where((_, number) => placements[number].Executor == ExecutorKind.Slurm).First(), count));
        }
    }
}
