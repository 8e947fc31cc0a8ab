using System.Diagnostics;

namespace ParallelScripts;

/// <summary>What came of a submission: an id, or why there is none; neither if nobody wanted the job any more.</summary>
internal sealed record Submission(string? Id, Refusal? Refusal, string Said);

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

    public async Task<Submission> SubmitAsync(SlurmJob job)
    {
        await _room.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            return await SubmitUntilTakenAsync(job).ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();

    private async Task<Submission> SubmitUntilTakenAsync(SlurmJob job)
    {
        var began = Stopwatch.GetTimestamp();
        for (var wait = _firstWait; !job.IsUnwanted && !job.End.IsCompleted && !over.IsCancellationRequested; wait = wait * 2 < _longestWait ? wait * 2 : _longestWait)
        {
            var answer = commands.Submit(job.Options, folder.CommonScript, job.Key);
            if (answer.IsGood && SlurmText.ReadJobId(answer.Printed) is { } id)
            {
                return new Submission(id, null, answer.Printed);
            }

            var refusal = SlurmText.ReadRefusal(answer.Printed);
            if (refusal is Refusal.ForGood or Refusal.NoCluster || Stopwatch.GetElapsedTime(Math.Max(began, progress())) > patience)
            {
                return new Submission(null, refusal, answer.Printed);
            }

            if (wait == _firstWait)
            {
                silent(answer.Printed);
            }

            await Task.Delay(wait, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return new Submission(null, null, "");
    }
}
