namespace ParallelScripts;

/// <summary>
/// The environment variables by which libraries learn how many threads to start. Each takes all cores of the machine otherwise, and so do
/// its neighbours. Nothing is set that somebody has set, nor what would speak against it.
/// </summary>
/// <remarks>Which are not here, and why: docs/decisions/0061-told-how-many-threads.md. They decide no result: not in <see cref="Launch.Environment"/>.</remarks>
internal static class ThreadVariables
{
    private const string OpenMP = "OMP_NUM_THREADS";

    /// <summary>Each variable, and those that its library reads in place of it, or may not be above it.</summary>
    private static readonly (string Name, string[] OrElse)[] _all =
    [
        ("NUMEXPR_MAX_THREADS", ["NUMEXPR_NUM_THREADS", OpenMP]),
        ("NUMEXPR_NUM_THREADS", [OpenMP]),
        ("MKL_NUM_THREADS", [OpenMP]),
        ("OPENBLAS_NUM_THREADS", [OpenMP]),
        ("R_DATATABLE_NUM_THREADS", [OpenMP]),
        (OpenMP, []),
        ("VECLIB_MAXIMUM_THREADS", []),
        ("POLARS_MAX_THREADS", []),
        ("RAYON_NUM_THREADS", []),
        ("MC_CORES", []),
        ("JULIA_NUM_THREADS", []),
    ];

    /// <summary>Adds what says <paramref name="cores"/> to <paramref name="environment"/>.</summary>
    /// <param name="inherited">What the script inherits beside that.</param>
    public static void Add(IDictionary<string, string> environment, IReadOnlyDictionary<string, string> inherited, int cores)
    {
        var number = cores.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (name, orElse) in _all)
        {
            // Before those are set here that others are left out for.
            if (!IsTheirs(name) && !Array.Exists(orElse, IsTheirs))
            {
                environment[name] = number;
            }
        }

        bool IsTheirs(string name) => environment.ContainsKey(name) || inherited.ContainsKey(name);
    }
}
