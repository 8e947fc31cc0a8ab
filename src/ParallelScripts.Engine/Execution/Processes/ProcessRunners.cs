namespace ParallelScripts;

/// <summary>Chooses how processes are run here.</summary>
internal static class ProcessRunners
{
    /// <param name="environment">What every process inherits.</param>
    public static IProcessRunner Best(IReadOnlyDictionary<string, string> environment) =>
        LinuxProcessRunner.IsSupported ? new LinuxProcessRunner(environment) : new PortableProcessRunner(environment);
}
