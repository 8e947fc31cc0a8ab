namespace ParallelScripts;

/// <summary>
/// The environment variables by which libraries learn how many threads to start. Each takes all cores of the machine otherwise, and so do
/// its neighbours. Nothing is set that somebody has set, nor what would speak against it.
/// </summary>
/// <remarks>Which are not here, and why: docs/decisions/0061-told-how-many-threads.md. They decide no result: not in <see cref="Launch.Environment"/>.</remarks>
internal static class ThreadVariables
{
    private const string OpenMP = "OMP_NUM_THREADS";

    /// <summary>Each variable, and the one that its library reads in place of it.</summary>
    private static readonly (string Name, string? OrElse)[] _all =
    [
        (OpenMP, null),
        ("MKL_NUM_THREADS", OpenMP),
        ("OPENBLAS_NUM_THREADS", OpenMP),
        ("NUMEXPR_NUM_THREADS", OpenMP),
        ("VECLIB_MAXIMUM_THREADS", null),
        ("POLARS_MAX_THREADS", null),
        ("RAYON_NUM_THREADS", null),
        ("R_DATATABLE_NUM_THREADS", OpenMP),
        ("MC_CORES", null),
        ("JULIA_NUM_THREADS", null),
    ];

    /// <summary>Adds what says <paramref name="cores"/> to <paramref name="environment"/>.</summary>
    /// <param name="inherited">What the script inherits beside that.</param>
    public static void Add(IDictionary<string, string> environment, IReadOnlyDictionary<string, string> inherited, int cores)
    {
        var number = cores.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var openMPIsTheirs = IsTheirs(OpenMP);
        foreach (var (name, orElse) in _all)
        {
            if (!IsTheirs(name) && !(orElse is not null && openMPIsTheirs))
            {
                environment[name] = number;
            }
        }

        bool IsTheirs(string name) => environment.ContainsKey(name) || inherited.ContainsKey(name);
    }
}
