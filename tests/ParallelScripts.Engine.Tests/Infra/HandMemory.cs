namespace ParallelScripts.Tests;

/// <summary>Memory of a machine that the test fills and empties by hand.</summary>
internal sealed class HandMemory(long total = 16_000_000_000) : MachineMemory
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _available = total;

    public override long Total => total;

    public override long? Available
    {
        get
        {
            lock (_gate)
            {
                return _available;
            }
        }
    }

    /// <summary>How often somebody has begun to wait for a change.</summary>
    public int Waits { get; private set; }

    public void Set(long? available)
    {
        lock (_gate)
        {
            _available = available;
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public override async Task ChangedAsync(CancellationToken stop)
    {
        Task changed;
        lock (_gate)
        {
            Waits++;
            changed = _changed.Task;
        }

        await changed.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
