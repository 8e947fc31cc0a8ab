using System.Diagnostics;
using System.Threading.Channels;

namespace ParallelScripts;

/// <summary>
/// Looks after all jobs of a run: one look at the results folder a tick, and one question to the queue a poll, however many jobs there are. This
/// loop alone owns the jobs; whoever submits, cancels or asks speaks to it by messages.
/// </summary>
internal sealed class JobWatch : IAsyncDisposable
{
    /// <summary>Within this all that is cancelled is cancelled together.</summary>
    private static readonly TimeSpan _together = TimeSpan.FromMilliseconds(50);

    /// <summary>Whoever has been told that Slurm does not answer knows it for so long.</summary>
    private static readonly TimeSpan _known = TimeSpan.FromMinutes(10);

    /// <summary>A result that Slurm does not hear of: the job holds its place for nothing.</summary>
    private static readonly TimeSpan _zombie = TimeSpan.FromMinutes(1);

    private readonly SlurmCommands _commands;
    private readonly JobFolder _folder;
    private readonly JobJournal _journal;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _grace;
    private readonly Action<string> _silent;
    private readonly Channel<Action> _news = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, SlurmJob> _jobs = new(StringComparer.Ordinal);
    private readonly Submitter _submitter;
    private readonly CancellationTokenSource _over = new();
    private readonly Pace _pace = new();
    private readonly Task _loop;
    private readonly Lock _told = new();

    /// <summary>Jobs that have ended for us and may not have for Slurm, and since when.</summary>
    private readonly Dictionary<string, long> _ended = new(StringComparer.Ordinal);
    private readonly List<Task> _cancelling = [];
    private bool _asking;
    private long? _silentSince;
    private long? _toldSilent;
    private long _progress = Stopwatch.GetTimestamp();
    private long? _firstUnwanted;

    /// <param name="patience">How long a controller that does not answer is waited for.</param>
    /// <param name="grace">How long a cancelled job may take to end after Slurm has been told.</param>
    /// <param name="silent">Told that the controller does not answer, or takes no jobs, with what it says; not more often than a person wants to know it.</param>
    public JobWatch(SlurmCommands commands, JobFolder folder, JobJournal journal, TimeSpan patience, TimeSpan grace, Action<string> silent)
    {
        (_commands, _folder, _journal, _patience, _grace, _silent) = (commands, folder, journal, patience, grace, silent);
        _submitter = new Submitter(commands, folder, patience, () => Volatile.Read(ref _progress), TellSilent, _over.Token);
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Submits a job whose file is laid down and which is in the journal, and completes when it is over.</summary>
    public Task<JobEnd> SubmitAsync(SlurmJob job)
    {
        Post(() => _jobs[job.Key] = job);
        _ = Task.Run(() => SubmitAndTellAsync([job], job.Key));
        return job.End;
    }

    /// <summary>The same for a job that <see cref="SubmitTogether"/> submits.</summary>
    public Task<JobEnd> ExpectAsync(SlurmJob job)
    {
        Post(() => _jobs[job.Key] = job);
        return job.End;
    }

    /// <summary>Submits jobs that are expected, as an array.</summary>
    public void SubmitTogether(IReadOnlyList<SlurmJob> jobs, string name) => Task.Run(() => SubmitAndTellAsync(jobs, name));

    /// <summary>Looks after a job of an earlier run, and completes when it is over.</summary>
    public Task<JobEnd> AdoptAsync(SlurmJob job)
    {
        Post(() =>
        {
            _jobs[job.Key] = job;
            _pace.Hurry();
        });
        return job.End;
    }

    /// <summary>Cancels a job; it is over when nothing of it is left.</summary>
    public void Cancel(SlurmJob job) => Post(() =>
    {
        job.IsUnwanted = true;
        _firstUnwanted ??= Stopwatch.GetTimestamp();
    });

    /// <summary>Lets a job go on without us.</summary>
    public void Detach(SlurmJob job) => Post(() => Finish(job, new JobEnd(JobEndKind.Detached, null, job.Row) { GoesOn = true }));

    /// <summary>Completes when Slurm has been told of all that was cancelled.</summary>
    public Task CancelledAsync()
    {
        var told = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => told.SetResult(Task.WhenAll(_cancelling)));
        return told.Task.Unwrap();
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _submitter.Dispose();
        _over.Dispose();
    }

    private void TellSilent(string said)
    {
        lock (_told)
        {
            if (_toldSilent is { } told && Stopwatch.GetElapsedTime(told) < _known)
            {
                return;
            }

            _toldSilent = Stopwatch.GetTimestamp();
        }

        _silent(said);
    }

    private void Post(Action news) => _news.Writer.TryWrite(news);

    private async Task LoopAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            try
            {
                while (_news.Reader.TryRead(out var news))
                {
                    news();
                }

                LookForResults();
                if (_firstUnwanted is { } first && Stopwatch.GetElapsedTime(first) >= _together)
                {
                    CancelUnwanted();
                }

                if (!_asking && _jobs.Count > 0 && _pace.IsTimeToAsk)
                {
                    _asking = true;
                    _ = Task.Run(Ask);
                }

                Decide();
            }
            catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
            {
                // The file system may be back at the next look.
                TellSilent(broken.Message);
            }
            catch (Exception broken)
            {
                // Whoever waits must hear of it: a job that is waited for in vain hangs the build.
                foreach (var job in _jobs.Values)
                {
                    job.Break(broken);
                }

                _jobs.Clear();
            }

            await NextTickAsync().ConfigureAwait(false);
        }
    }

    /// <summary>News come at once; else it looks again after a tick, or not at all while there is nothing to look for.</summary>
    private async Task NextTickAsync()
    {
        using var tick = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
        if (_jobs.Count > 0)
        {
            tick.CancelAfter(_pace.Tick);
        }

        try
        {
            await _news.Reader.WaitToReadAsync(tick.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It is time.
        }
    }

    private void LookForResults()
    {
        if (_jobs.Count == 0)
        {
            return;
        }

        foreach (var key in _folder.Results())
        {
            if (_jobs.TryGetValue(key, out var job) && job.Result is null && _folder.FindResult(key) is { } result)
            {
                job.See(result);
                job.OutputRead = _folder.ReadOutput(key, job.OutputRead, job.Output);
                _progress = Stopwatch.GetTimestamp();
                _pace.Hurry();
            }
        }
    }

    /// <summary>Blocks the thread it runs on: a controller that does not answer takes its time.</summary>
    private void Ask()
    {
        var answer = _commands.Queue();
        Post(() =>
        {
            _asking = false;
            if (answer.IsGood)
            {
                _silentSince = null;
                Hear(SlurmText.ReadQueue(answer.Printed));
            }
            else
            {
                HearNothing(answer.Printed);
            }
        });
    }

    private void Hear(IReadOnlyList<QueuedJob> rows)
    {
        var ofEach = new Dictionary<string, QueuedJob>(StringComparer.Ordinal);
        var zombies = new List<string>();
        foreach (var row in rows)
        {
            if (_ended.TryGetValue(row.Key, out var since))
            {
                if (row.Phase.IsAlive() && Stopwatch.GetElapsedTime(since) > _zombie)
                {
                    zombies.Add(row.Id);
                }
            }

            // Where the answer to a submission was lost there may be two of a key; the one that is alive counts, and only one of them ever runs.
            else if (_jobs.ContainsKey(row.Key) && !(ofEach.TryGetValue(row.Key, out var other) && other.Phase.IsAlive() && !row.Phase.IsAlive()))
            {
                ofEach[row.Key] = row;
            }
        }

        var changed = false;
        foreach (var job in _jobs.Values.Where(job => job.Id is not null))
        {
            var row = ofEach.GetValueOrDefault(job.Key);
            changed |= row?.Phase != job.Phase;
            job.See(row?.Phase);
            job.Row = row ?? job.Row;
            if (row is { Phase: JobPhase.Running })
            {
                job.OutputRead = _folder.ReadOutput(job.Key, job.OutputRead, job.Output);
            }
        }

        if (zombies.Count > 0)
        {
            TellToCancel(zombies);
        }

        _pace.Asked(changed);
    }

    private void HearNothing(string said)
    {
        _pace.AskedInVain();
        if (_silentSince is null)
        {
            _silentSince = Stopwatch.GetTimestamp();
            TellSilent(said);
        }
        else if (Stopwatch.GetElapsedTime(_silentSince.Value) > _patience)
        {
            foreach (var job in _jobs.Values.ToArray())
            {
                Finish(job, new JobEnd(JobEndKind.NoAnswer, job.Result, job.Row, said) { GoesOn = true });
            }
        }
    }

    private void Decide()
    {
        foreach (var job in _jobs.Values.ToArray())
        {
            // Without an id, Slurm may not have it yet; and one that is to be handed over is over once Slurm has it.
            if (job.Id is null && (job.Result is null || job is { IsHandedOver: true, IsUnwanted: false }))
            {
                continue;
            }

            if (job is { IsHandedOver: true, IsUnwanted: false, Result: null, Row.Phase: JobPhase.Queued or JobPhase.Running or JobPhase.Unknown })
            {
                Finish(job, new JobEnd(JobEndKind.HandedOver, null, job.Row) { GoesOn = true });
                continue;
            }

            // What Slurm said a while ago says nothing about a result that came after it.
            var signs = new JobSigns(job.Result, job.Result is not null || (MayHaveEnded(job) && _folder.HasBegun(job.Key)), job.Phase, job.IsUnwanted, Stopwatch.GetElapsedTime(job.Changed));
            if (JobVerdict.TryDecide(signs) is { } kind)
            {
                Finish(job, new JobEnd(kind, job.Result, job.Row));
            }
            else if (MayHaveEnded(job) || job.Result is not null)
            {
                _pace.Hurry();
            }
            else if (job.ToldToEnd is { } told && Stopwatch.GetElapsedTime(told) > _grace)
            {
                // It was to end and nobody says that it has; the next run tries again.
                _journal.SetUnwanted(job.Script);
                Finish(job, new JobEnd(JobEndKind.Canceled, job.Result, job.Row) { GoesOn = true });
            }
        }
    }

    private static bool MayHaveEnded(SlurmJob job) => job.Phase is not { } phase || !phase.IsAlive();

    private void CancelUnwanted()
    {
        _firstUnwanted = null;
        var ids = new List<string>();
        foreach (var job in _jobs.Values.Where(job => job.IsUnwanted && job.ToldToEnd is null && job.Result is null).ToArray())
        {
            // What has not begun never will, whether or not Slurm can be told.
            var isWithdrawn = _folder.TryWithdraw(job.Key);
            if (job.KnownId is { } id)
            {
                ids.Add(id);
            }

            if (isWithdrawn)
            {
                Finish(job, new JobEnd(JobEndKind.Canceled));
            }
            else if (job.Id is not null)
            {
                job.ToldToEnd = Stopwatch.GetTimestamp();
            }
        }

        _pace.Hurry();
        if (ids.Count > 0)
        {
            TellToCancel(ids);
        }
    }

    private void TellToCancel(IReadOnlyCollection<string> ids) => _cancelling.Add(Task.Run(() => _commands.Cancel(ids)));

    private void Finish(SlurmJob job, JobEnd end)
    {
        _jobs.Remove(job.Key);
        _ended[job.Key] = Stopwatch.GetTimestamp();
        _progress = Stopwatch.GetTimestamp();
        if (end.Kind is JobEndKind.Stuck or JobEndKind.Requeued && job.Id is { Length: > 0 } id)
        {
            _folder.TryWithdraw(job.Key);
            TellToCancel([id]);
        }

        if (end.Kind != JobEndKind.HandedOver)
        {
            job.OutputRead = _folder.ReadOutput(job.Key, job.OutputRead, job.Output);
        }

        job.Finish(end);
    }

    private async Task SubmitAndTellAsync(IReadOnlyList<SlurmJob> jobs, string name)
    {
        try
        {
            var submission = await _submitter.SubmitAsync(jobs, name).ConfigureAwait(false);
            if (submission is { Refusal: Refusal.TooMany, Jobs.Count: > 1 })
            {
                // There may be room for some of them; those with numbers that follow each other, which are short to write.
                var inOrder = submission.Jobs.OrderBy(job => job.Number).ToArray();
                var half = inOrder.Length / 2;
                await Task.WhenAll(SubmitAndTellAsync(inOrder[..half], name), SubmitAndTellAsync(inOrder[half..], name)).ConfigureAwait(false);
                return;
            }

            if (submission is { Id: null, Refusal: null })
            {
                Post(() => NotKnown(jobs));
            }

            foreach (var job in submission.Jobs)
            {
                if (submission.Id is { } id)
                {
                    var own = job.Number > 0 ? $"{id}_{job.Number}" : id;
                    job.ArraySize = job.Number > 0 ? submission.Jobs.Count : 0;
                    _journal.SetId(job.Script, own);
                    Post(() => Taken(job, own));
                }
                else if (submission.Refusal is { } refusal)
                {
                    Post(() => Refuse(job, refusal, submission.Said));
                }
            }
        }
        catch (Exception broken)
        {
            foreach (var job in jobs)
            {
                Post(() =>
                {
                    _jobs.Remove(job.Key);
                    job.Break(broken);
                });
            }
        }
    }

    private void Taken(SlurmJob job, string id)
    {
        _silentSince = null;
        _progress = Stopwatch.GetTimestamp();
        if (!_jobs.ContainsKey(job.Key))
        {
            // Cancelled or let go meanwhile. What was withdrawn finds nothing to run, but need not wait in the queue for that.
            if (job.IsUnwanted)
            {
                TellToCancel([id]);
            }

            return;
        }

        job.Id = id;
        job.See(JobPhase.Queued);
        _pace.Hurry();
        if (job.IsUnwanted)
        {
            _firstUnwanted ??= Stopwatch.GetTimestamp();
        }
        else if (job.IsHandedOver)
        {
            Finish(job, new JobEnd(JobEndKind.HandedOver) { GoesOn = true });
        }
    }

    /// <summary>Cancelled while sbatch was to be asked again. One of which an answer was lost may run all the same, and nobody knows by which id.</summary>
    private void NotKnown(IEnumerable<SlurmJob> jobs)
    {
        foreach (var job in jobs.Where(job => job.Id is null && _jobs.ContainsKey(job.Key)))
        {
            job.Id = "";
            _firstUnwanted ??= Stopwatch.GetTimestamp();
        }
    }

    private void Refuse(SlurmJob job, Refusal refusal, string said)
    {
        if (_jobs.ContainsKey(job.Key))
        {
            var kind = refusal is Refusal.ForGood or Refusal.NoCluster ? JobEndKind.Refused
                : _folder.TryWithdraw(job.Key) ? JobEndKind.NotTaken
                : JobEndKind.NoAnswer;
            Finish(job, new JobEnd(kind, null, job.Row, said) { GoesOn = kind == JobEndKind.NoAnswer });
        }
    }
}
