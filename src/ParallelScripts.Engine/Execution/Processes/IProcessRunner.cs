namespace ParallelScripts;

/// <summary>One way to run a process: the seam between a system and the rest.</summary>
internal interface IProcessRunner : IDisposable
{
    /// <summary>
    /// Starts a process, hands every byte it prints to <paramref name="output"/>, and returns when it has ended and
    /// nothing of its process group is left. Blocks the calling thread, which is a slot's own.
    /// </summary>
    /// <param name="stop">When it is cancelled, all that the process has started is asked to end, and killed when the grace is over. Whatever
    /// they do, this returns within the grace and a second.</param>
    ProcessEnd Run(ProcessStart start, IOutputSink output, CancellationToken stop);

    /// <summary>Ends whatever is left of all processes that ran; nothing is started after this.</summary>
    void EndTheRest()
    {
    }
}

/// <summary>Takes what a process prints, both streams in one, from one thread at a time.</summary>
internal interface IOutputSink
{
    void Write(ReadOnlySpan<byte> bytes);
}

/// <summary>What to start. All paths are absolute.</summary>
/// <param name="Environment">What is set beside, or instead of, what the runner's processes inherit.</param>
internal sealed record ProcessStart(
    string Program,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Open files of ours that it is to have under the same numbers, as far as the system can.</summary>
    public IReadOnlyList<int> Inherits { get; init; } = [];

    /// <summary>Told when something that it left behind had to be ended after <see cref="IProcessRunner.Run"/> had returned. Comes from any thread.</summary>
    public Action<IReadOnlyList<LeftProcess>> LeftBehind { get; init; } = _ => { };
}

/// <summary>How a process ended. Exactly one of the first three is set, except that a stopped one may have exited or been killed.</summary>
/// <param name="ExitCode">What it returned.</param>
/// <param name="Signal">The number of the signal that killed it.</param>
/// <param name="Trouble">Why it could not be started, in words.</param>
/// <param name="Stopped">Whether we ended it because we were asked to.</param>
internal sealed record ProcessEnd(int? ExitCode, int? Signal, string? Trouble, bool Stopped)
{
    /// <summary>User and system time of it and the children it waited for.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>The largest resident set of it or one of those children, in bytes.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>Whether that is what was seen a few times a second, and not what the system counted.</summary>
    public bool IsPeakMemorySampled { get; init; }

    /// <summary>Whether, while it ran, the system killed something for want of memory.</summary>
    public bool WasMemoryShort { get; init; }

    /// <summary>Whether it ran; with <see cref="Trouble"/>, that how it ended cannot be told.</summary>
    public bool WasStarted { get; init; }

    /// <summary>What it had left running when it ended by itself, and what has been ended.</summary>
    public IReadOnlyList<LeftProcess> LeftBehind { get; init; } = [];

    /// <summary>What of it did not die, though it was killed.</summary>
    public IReadOnlyList<LeftProcess> Undying { get; init; } = [];

    public static ProcessEnd NotStarted(string trouble) => new(null, null, trouble, Stopped: false);
}
