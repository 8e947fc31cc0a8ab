namespace ParallelScripts;

/// <summary>Whether so little memory is free that nothing more should start, whatever scripts declare; and says so, once for each time it has to be waited for.</summary>
/// <param name="free">How much has to be free, or null if nobody cares.</param>
internal sealed class MemoryGuard(MinFreeMemory? free, MachineMemory memory, IRunListener listener)
{
    private bool _told;

    /// <summary>Whether to wait. Never while nothing runs: nobody would give back anything.</summary>
    public bool IsShort(int running)
    {
        if (free is null || running == 0 || memory.Available is not { } available || available >= free.Of(memory.Total))
        {
            _told = false;
            return false;
        }

        if (!_told)
        {
            _told = true;
            listener.Noted(
                $"Waiting for memory: {Sizes.Show(available)} of {Sizes.Show(memory.Total)} are free, and ScriptsMinFreeMemory is {free.Text}. {Summary.Count(running, "script")} {(running == 1 ? "runs" : "run")} meanwhile, and nothing starts.");
        }

        return true;
    }

    public Task ChangedAsync(CancellationToken stop) => memory.ChangedAsync(stop);
}
