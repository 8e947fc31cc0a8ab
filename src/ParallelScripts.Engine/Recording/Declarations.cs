using System.Globalization;

namespace ParallelScripts;

/// <summary>Compares what scripts declare to need with what they used, for a person who would like to know.</summary>
internal static class Declarations
{
    /// <summary>What ran for less says little: it may have done nothing but start.</summary>
    private const double ShortestToJudge = 1;

    private const int MostLines = 5;

    /// <summary>A line for each script whose declaration is far off.</summary>
    public static IEnumerable<string> FarOff(PreparedRun run, RunRecord record)
    {
        if (run.Demands.Count == 0)
        {
            yield break;
        }

        string[] lines = [.. Enumerable.Range(0, run.Demands.Count).SelectMany(script => FarOff(run.Demands[script], run.Graph[script], record.Scripts[script]))];
        foreach (var line in lines.Take(MostLines))
        {
            yield return line;
        }

        if (lines.Length > MostLines)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{lines.Length - MostLines} more declarations are far off; PlanAnalyses shows what each script used.");
        }
    }

    /// <summary><c>1.3 cores, 2.1 GB</c>, or null if nothing is known.</summary>
    public static string? Show(Usual? usual)
    {
        var cores = usual?.Cores is { } used ? $"{Number(used)} cores" : null;
        var memory = usual?.PeakMemory is { } peak ? Sizes.Show(peak) : null;
        return cores is null ? memory : memory is null ? cores : $"{cores}, {memory}";
    }

    private static IEnumerable<string> FarOff(Demand demand, Script script, ScriptRecord record)
    {
        if (record.Outcome != Outcome.Succeeded || record.Seconds is not (>= ShortestToJudge and var seconds))
        {
            yield break;
        }

        // Half is worth the wait of others, and twice as much takes it from them.
        if (demand.DeclaredCores is { } cores && record.CpuSeconds / seconds is { } used && (used < cores / 2.0 || used > (cores * 1.5) + 0.5) && (cores > 1 || used > 1))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"[{script.Name}] declares Cores={cores}, used {Number(used)}.");
        }

        if (demand.Memory is { } memory && record.PeakMemoryBytes is { } peak && (peak > memory * 1.1 || peak < memory / 4))
        {
            yield return $"[{script.Name}] declares Memory={script.Memory}, used {Sizes.Show(peak)}.";
        }
    }

    private static string Number(double cores) => cores.ToString("0.0", CultureInfo.InvariantCulture);
}
