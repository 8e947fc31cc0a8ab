namespace ParallelScripts;

/// <summary>Runs graphs: each in a <see cref="RunLoop"/> of its own.</summary>
/// <param name="executor">Where scripts run.</param>
/// <param name="listener">Hears what happens.</param>
/// <param name="options">How the run behaves.</param>
/// <param name="rules">What is done about the failure of each script.</param>
/// <param name="lender">Who lends free slots to what runs inside scripts; null if nobody does.</param>
/// <param name="resources">What scripts need and what there is; null if each needs a slot and nothing is known of earlier runs.</param>
public sealed class Scheduler(IExecutor executor, IRunListener listener, RunOptions options, IReadOnlyList<FailureRules> rules, ISlotLender? lender = null, Resources? resources = null)
{
    /// <summary>The most slots there were at once.</summary>
    public int MostSlots { get; private set; } = options.Slots;

    /// <summary>Runs everything, and returns when every script has ended and the listener has heard of each.</summary>
    public async Task RunAsync(ScriptGraph graph, CancellationToken cancellation)
    {
        using var loop = new RunLoop(graph, executor, listener, options, rules, lender, resources ?? new Resources(), cancellation);
        await loop.RunAsync().ConfigureAwait(false);
        MostSlots = loop.MostSlots;
    }
}
