namespace ParallelScripts;

/// <summary>How a process came to its end, in the words that follow its name.</summary>
internal static class Deaths
{
    /// <summary>Such as <c>was killed by SIGKILL, probably out of memory: it held 6.1 GB</c>.</summary>
    public static string Describe(ProcessEnd end)
    {
        var how = end.Signal is { } signal ? $"was killed by {Signals.NameOf(signal)}"
            : Signals.OfExitCode(end.ExitCode ?? -1) is { } ofChild ? $"exited with code {end.ExitCode}, which a shell says of a child killed by {ofChild}"
            : $"exited with code {end.ExitCode ?? -1}";

        // Said only where the system itself says that it killed for want of memory, and somebody was killed here.
        return !end.WasMemoryShort ? how
            : end.PeakMemory is { } peak ? $"{how}, probably out of memory: it held {Sizes.Show(peak)}"
            : $"{how}, probably out of memory";
    }
}
