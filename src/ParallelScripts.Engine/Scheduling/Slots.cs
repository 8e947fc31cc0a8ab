using System.Diagnostics;

namespace ParallelScripts;

/// <summary>
/// How many slots there are at the moment, and which are free. Others may have a say in that (<see cref="ICoreGrant"/>), so it grows and shrinks
/// while a run goes on: what runs finishes, nothing starts above it, and there is always one. The loop that owns the plan owns this too.
/// </summary>
/// <param name="options">How many slots there are at most, and who grants them.</param>
/// <param name="changed">Called, from any thread, when it is worth looking again whether a slot is free.</param>
/// <param name="lender">Who lends slots that are free; null if nobody does.</param>
internal sealed class Slots(RunOptions options, Action changed, ISlotLender? lender = null)
{
    private readonly NumberQueue _given = new((a, b) => a - b);
    private int _everTaken;
    private int _taken;
    private int _lent;

    /// <summary>How many were granted last; all there can be, until it is asked.</summary>
    private int _granted = options.Slots;

    /// <summary>When was asked last; null before a script has been started: a run in which everything is up to date asks nobody.</summary>
    private long? _asked;
    private bool _willAskAgain;
    private volatile bool _isTimeToAsk;

    public bool NoneTaken => _taken == 0;

    /// <summary>How many are taken.</summary>
    public int Taken => _taken;

    /// <summary>How many what runs inside scripts has, or may take at any time.</summary>
    public int Lent => _lent;

    /// <summary>The most that there were at once.</summary>
    public int Most { get; private set; } = options.Slots;

    /// <summary>A number that a person gave is that number. The grant is then asked for all the same, so that others know.</summary>
    public int Count => options.AreSlotsExact ? options.Slots : _granted;

    /// <summary>Whether a script can start, or could if it has to.</summary>
    /// <param name="ofUse">How many more slots would be of use: one for each script that is ready, and those that wide ones wait for.</param>
    /// <param name="ofUseNow">The same, if there are no more than <see cref="Count"/>.</param>
    public bool AnyFree(int ofUse, int ofUseNow)
    {
        if (_asked is not null)
        {
            AskAgain(ofUse);
        }

        // What is ready goes before what runs inside scripts.
        _lent = lender?.Lend(Math.Max(0, Count - _taken - ofUseNow)) ?? 0;
        return _taken + _lent < Count || NoneTaken;
    }

    /// <summary>Takes the lowest that is free, so that a timeline has no more lanes than ever ran at once.</summary>
    /// <param name="ofUse">How many more slots would be of use.</param>
    /// <param name="cores">How many slots the script fills; of these, the one that is returned stands for all.</param>
    public int Take(int ofUse, int cores = 1)
    {
        _taken += cores;
        if (_asked is null)
        {
            Ask(ofUse);
            Most = Count;
        }

        return TakeLane();
    }

    /// <summary>A lane of the timeline for what runs on another machine, and takes no slot of this one.</summary>
    public int TakeLane() => _given.TryDequeue(out var slot) ? slot : _everTaken++;

    public void Give(int slot, int cores = 1)
    {
        _taken -= cores;
        _given.Enqueue(slot);
    }

    private void AskAgain(int ofUse)
    {
        if (options.Grant is null)
        {
            return;
        }

        // What is granted changes with what others do, and nobody says when. Asking costs, and a thousand scripts may end in a second.
        if (_isTimeToAsk || Stopwatch.GetElapsedTime(_asked!.Value) >= options.GrantInterval)
        {
            Ask(ofUse);
            Most = Math.Max(Most, Count);
        }

        if (_granted != Wanted(ofUse) && !_willAskAgain)
        {
            _willAskAgain = true;
            _ = AskLaterAsync();
        }
    }

    private void Ask(int ofUse)
    {
        if (_isTimeToAsk)
        {
            _isTimeToAsk = false;
            _willAskAgain = false;
        }

        _granted = Math.Max(1, options.Grant?.Resize(Wanted(ofUse)) ?? options.Slots);
        _asked = Stopwatch.GetTimestamp();
    }

    /// <summary>More than the machine has is of no use to ask for.</summary>
    private int Wanted(int ofUse) => Math.Clamp(_taken + ofUse, 1, options.AreSlotsExact ? Math.Min(options.Slots, Environment.ProcessorCount) : options.Slots);

    private async Task AskLaterAsync()
    {
        await Task.Delay(options.GrantInterval).ConfigureAwait(false);
        _isTimeToAsk = true;
        changed();
    }
}
