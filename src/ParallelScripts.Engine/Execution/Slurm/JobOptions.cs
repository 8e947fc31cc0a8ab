using System.Globalization;

namespace ParallelScripts;

/// <summary>What sbatch is told of a job.</summary>
internal static class JobOptions
{
    /// <summary>What all jobs have. The log is written by the job itself: in a path given here, Slurm would replace what looks like a pattern.</summary>
    private static readonly string[] _always = ["--no-requeue", "--export=ALL", "--output=/dev/null", "--chdir=/"];

    /// <summary>What a script asks for. The same for scripts that ask for the same.</summary>
    /// <param name="limit">How long it may take; null for as long as the partition lets it.</param>
    /// <param name="grace">How long it may take to end then.</param>
    public static IReadOnlyList<string> Of(Demand demand, Placement placement, TimeSpan? limit, TimeSpan grace)
    {
        List<string> options = [.. _always];
        if (demand.DeclaredCores is { } cores)
        {
            options.Add(string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={cores}"));
        }

        if (demand.Memory is { } memory)
        {
            options.Add($"--mem={SlurmText.Megabytes(memory)}");
        }

        if (limit is { } time)
        {
            options.Add($"--time={SlurmText.Minutes(time + grace)}");
        }

        // Last, so that what a person writes wins.
        options.AddRange(placement.SlurmOptions);
        return options;
    }

    /// <summary>Leaves out nodes beside those that are left out already: of several options of the kind, sbatch takes the last.</summary>
    public static void Exclude(List<string> options, IEnumerable<string> nodes)
    {
        const string Option = "--exclude=";
        var all = string.Join(',', nodes);
        var at = options.FindLastIndex(option => option.StartsWith(Option, StringComparison.Ordinal));
        if (all == "")
        {
            return;
        }

        if (at >= 0)
        {
            options[at] += "," + all;
        }
        else if (!options.Exists(option => option == "--exclude" || option.StartsWith("-x", StringComparison.Ordinal)))
        {
            options.Add(Option + all);
        }
    }

    /// <summary>The key of a new job: readable in a queue, a plain file name, and unlike any other.</summary>
    public static string KeyOf(string script)
    {
        const int LongestName = 48;
        var name = new string([.. script.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_').Take(LongestName)]).TrimStart('-');
        return $"{(name == "" ? "script" : name)}-{Guid.NewGuid().ToString("N")[..12]}";
    }
}
