using System.Diagnostics;
using System.Globalization;

namespace ParallelScripts;

/// <summary>A job that somebody waits for. Only the loop of <see cref="JobWatch"/> touches what can change.</summary>
/// <param name="script">The name of its script.</param>
/// <param name="key">What the job is called: in Slurm, in the journal and in the folder.</param>
/// <param name="options">What sbatch is told of it beside what all jobs have.</param>
/// <param name="output">Takes what it prints, as it prints it.</param>
internal sealed class SlurmJob(string script, string key, IReadOnlyList<string> options, IOutputSink output)
{
    private readonly TaskCompletionSource<JobEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Script { get; } = script;

    public string Key { get; } = key;

    public IReadOnlyList<string> Options { get; } = options;

    /// <summary>Its number in the array that it is part of; 0 if it is a job of its own.</summary>
    public int Number { get; } = key.LastIndexOf('_') is var at and > 0 && int.TryParse(key.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>How many tasks the array has that Slurm took it with; 0 if it is none, or that is not known.</summary>
    public int ArraySize { get; set; }

    public IOutputSink Output { get; } = output;

    /// <summary>Completes when the job is over for us.</summary>
    public Task<JobEnd> End => _end.Task;

    /// <summary>Slurm's id; null until it is known.</summary>
    public string? Id { get; set; }

    /// <summary>The id to call it by, if there is one: the queue knows it also where the answer of sbatch was lost.</summary>
    public string? KnownId => Id is { Length: > 0 } ? Id : Row?.Id;

    /// <summary>Its last line in the queue, and when that began to say what it says.</summary>
    public QueuedJob? Row { get; set; }

    /// <summary>What the last answer of the queue means; null if the job was not in it.</summary>
    public JobPhase? Phase { get; private set; } = JobPhase.Queued;

    public JobResult? Result { get; private set; }

    /// <summary>When <see cref="Phase"/> or <see cref="Result"/> became what it is.</summary>
    public long Changed { get; private set; } = Stopwatch.GetTimestamp();

    /// <summary>Whether nobody waits for its end: it is over for us as soon as Slurm has it.</summary>
    public bool IsHandedOver { get; init; }

    /// <summary>Whether it is to be cancelled.</summary>
    public bool IsUnwanted { get; set; }

    /// <summary>Whether scancel has been told, and when.</summary>
    public long? ToldToEnd { get; set; }

    /// <summary>How much of its output has been handed on.</summary>
    public long OutputRead { get; set; }

    public void See(JobPhase? phase)
    {
        if (phase != Phase)
        {
            (Phase, Changed) = (phase, Stopwatch.GetTimestamp());
        }
    }

    public void See(JobResult result)
    {
        if (Result is null)
        {
            (Result, Changed) = (result, Stopwatch.GetTimestamp());
        }
    }

    public void Finish(JobEnd end) => _end.TrySetResult(end);

    public void Break(Exception broken) => _end.TrySetException(broken);
}

/// <summary>How a job ended, with all that was known of it then.</summary>
/// <param name="Row">Its last line in the queue; null if it was never seen there.</param>
/// <param name="Said">What Slurm said, where it said something; else empty.</param>
internal sealed record JobEnd(JobEndKind Kind, JobResult? Result = null, QueuedJob? Row = null, string Said = "")
{
    /// <summary>Whether the job found that its node does not see our folder.</summary>
    public bool SeesNoFolder { get; init; }

    /// <summary>Whether the job may still run.</summary>
    public bool GoesOn { get; init; }
}
