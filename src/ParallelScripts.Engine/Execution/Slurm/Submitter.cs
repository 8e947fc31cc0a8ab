using System.Diagnostics;

namespace ParallelScripts;

/// <summary>
/// Calls sbatch until Slurm takes a job, or says that it never will. An answer that is lost on the way may leave two jobs; only one of them finds
/// something to run.
/// </summary>
/// <param name="patience">How long it is tried while nothing happens.</param>
/// <param name="progress">When something happened last: while jobs end there will be room for more.</param>
/// <param name="silent">Told, of each job once, that Slurm does not take it just now, with what it says.</param>
/// <param name="over">Cancelled when nobody waits any more.</param>
internal sealed class Submitter(SlurmCommands commands, JobFolder folder, TimeSpan patience, Func<long> progress, Action<string> silent, CancellationToken over) : IDisposable
{
    /// <summary>How often sbatch runs at once.</summary>
    private const int AtOnce = 4;

    private static readonly TimeSpan _firstWait = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _room = new(AtOnce);

    /// <param name="jobs">One job, or those of an array that are to be submitted.</param>
    /// <param name="name">What Slurm calls it.</param>
    public async Task<Submission> SubmitAsync(IReadOnlyList<SlurmJob> jobs, string name)
    {
        await _room.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            return await SubmitUntilTakenAsync(jobs, name).ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();

    private async Task<Submission> SubmitUntilTakenAsync(IReadOnlyList<SlurmJob> jobs, string name)
    {
        var began = Stopwatch.GetTimestamp();
        for (var wait = _firstWait; jobs.Where(job => !job.IsUnwanted && !job.End.IsCompleted).ToArray() is { Length: > 0 } wanted && !over.IsCancellationRequested; wait = wait * 2 < _longestWait ? wait * 2 : _longestWait)
        {
            string[] array = wanted[0].Number > 0 ? [$"--array={Sweeps.Numbers(wanted.Select(job => job.Number))}"] : [];
            var answer = commands.Submit([$"--job-name={name}", .. wanted[0].Options, .. array], folder.CommonScript, name);
            if (answer.IsGood && SlurmText.ReadJobId(answer.Printed) is { } id)
            {
                return new Submission(wanted, id, null, answer.Printed);
            }

            var refusal = SlurmText.ReadRefusal(answer.Printed);
            if ((refusal == Refusal.TooMany && wanted.Length > 1) || refusal is Refusal.ForGood or Refusal.NoCluster || Stopwatch.GetElapsedTime(Math.Max(began, progress())) > patience)
            {
                return new Submission(wanted, null, refusal, answer.Printed);
            }

            if (wait == _firstWait)
            {
                silent(answer.Printed);
            }

            await Task.Delay(wait, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return new Submission([], null, null, "");
    }
}

/// <summary>What came of a submission: an id, or why there is none; neither if nobody wanted the jobs any more.</summary>
/// <param name="Jobs">Those that were still wanted.</param>
internal sealed record Submission(IReadOnlyList<SlurmJob> Jobs, string? Id, Refusal? Refusal, string Said);
