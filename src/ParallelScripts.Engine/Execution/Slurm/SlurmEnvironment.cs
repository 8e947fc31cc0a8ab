namespace ParallelScripts;

/// <summary>
/// What of a build's environment Slurm's commands get, and jobs by them: what finds programs, libraries and the cluster. All else a script has to
/// declare: a node is another machine, and half of an environment is about this one.
/// </summary>
internal static class SlurmEnvironment
{
    private static readonly HashSet<string> _kept = new(StringComparer.Ordinal)
    {
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ",
        "SLURM_CONF", "SLURM_CLUSTERS", "SLURM_JWT",
        "LD_LIBRARY_PATH", "MODULEPATH", "LOADEDMODULES", "_LMFILES_",
        "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "R_HOME", "R_LIBS", "R_LIBS_USER", "R_LIBS_SITE", "JULIA_DEPOT_PATH", "JULIA_LOAD_PATH",
        "PERL5LIB", "RUBYLIB", "GEM_PATH", "NODE_PATH", "DOTNET_ROOT",
    };

    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> environment) => environment
        .Where(variable => _kept.Contains(variable.Key) || variable.Key.StartsWith("LC_", StringComparison.Ordinal))
        .ToDictionary(variable => variable.Key, variable => variable.Value, StringComparer.Ordinal);
}
