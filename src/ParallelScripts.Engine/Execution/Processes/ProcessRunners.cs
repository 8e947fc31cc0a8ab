namespace ParallelScripts;

/// <summary>Chooses how processes are run here.</summary>
internal static class ProcessRunners
{
    /// <summary>For scripts, which may do anything: what they start is found wherever it goes, as far as the system lets us.</summary>
    /// <param name="run">Whose scripts.</param>
    /// <param name="environment">What every process inherits.</param>
    /// <param name="foundOrphans">Told what an earlier run had left running, and what has been ended.</param>
    public static IProcessRunner ForScripts(PreparedRun run, IReadOnlyDictionary<string, string> environment, Action<IReadOnlyList<LeftProcess>> foundOrphans) =>
        LinuxProcessRunner.IsSupported
            ? new LinuxProcessRunner(environment, run.Options.KillGrace, Marks.Of(run.Place, environment), foundOrphans)
            : new PortableProcessRunner(environment);

    /// <summary>For what we ask programs ourselves, such as their version.</summary>
    public static IProcessRunner ForQuestions(IReadOnlyDictionary<string, string> environment) =>
        LinuxProcessRunner.IsSupported ? new LinuxProcessRunner(environment, TimeSpan.Zero) : new PortableProcessRunner(environment);
}
