namespace ParallelScripts;

/// <summary>
/// The events of one run. Nearly all scripts stop by the same cancellation, and share one; those with a time limit of their own have one
/// each.
/// </summary>
/// <param name="descriptor">Makes a descriptor, or gives −1.</param>
internal sealed class StopEvents(Func<int> descriptor) : IDisposable
{
    private readonly Lock _gate = new();
    private StopEvent? _shared;

    public StopEvent Take(CancellationToken token)
    {
        lock (_gate)
        {
            if (_shared is null || (_shared.Users == 0 && (_shared.Token != token || _shared.Descriptor < 0)))
            {
                _shared?.Close();
                _shared = new StopEvent(descriptor(), token);
            }

            var taken = _shared.Token == token ? _shared : new StopEvent(descriptor(), token);
            taken.Users++;
            return taken;
        }
    }

    public void Give(StopEvent taken)
    {
        lock (_gate)
        {
            if (--taken.Users > 0 || taken == _shared)
            {
                return;
            }
        }

        taken.Close();
    }

    public void Dispose() => _shared?.Close();
}

/// <summary>A cancellation that <c>poll</c> can hear.</summary>
internal sealed unsafe class StopEvent
{
    private readonly CancellationTokenRegistration _registration;

    public StopEvent(int descriptor, CancellationToken token)
    {
        (Token, Descriptor) = (token, descriptor);
        _registration = descriptor < 0 ? default : token.UnsafeRegister(
            _ =>
            {
                var one = 1UL;
                _ = LibC.write(descriptor, (byte*)&one, sizeof(ulong));
            },
            null);
    }

    public CancellationToken Token { get; }

    /// <summary>Readable once it is cancelled; −1 if the system had none to give, and the token has to be looked at.</summary>
    public int Descriptor { get; }

    /// <summary>How many processes are followed with it.</summary>
    public int Users { get; set; }

    public void Close()
    {
        // In this order: Dispose waits for a registration that is just being called.
        _registration.Dispose();
        if (Descriptor >= 0)
        {
            _ = LibC.close(Descriptor);
        }
    }
}
