using System.Globalization;

namespace ParallelScripts;

/// <summary>Reads where scripts are to run, <c>Executor</c> and <c>SlurmOptions</c>, and what the run says about the cluster.</summary>
internal sealed class PlacementReader(RunRequest request, ICollection<Problem> problems)
{
    /// <summary>More are more than any controller takes.</summary>
    private const int MostJobs = 1_000_000;

    /// <summary>What we say to sbatch ourselves, or what would end a job, or its name, otherwise than we count on.</summary>
    private static readonly HashSet<string> _ours = new(StringComparer.Ordinal)
    {
        "--parsable", "--job-name", "-J", "--output", "-o", "--error", "-e", "--input", "-i", "--chdir", "-D", "--export", "--export-file",
        "--array", "-a", "--wait", "-W", "--wrap", "--dependency", "-d", "--requeue", "--no-requeue", "--hold", "-H", "--test-only",
        "--help", "-h", "--usage", "--version", "-V", "--quiet", "-Q", "--get-user-env", "--open-mode", "--kill-on-invalid-dep",
    };

    private readonly ExecutorKind _otherwise = OptionReader.ReadName(request.Executor, ExecutorKind.Local, problems);

    public SlurmSettings Settings { get; } = new()
    {
        MaxJobs = ReadMaxJobs(request.SlurmMaxJobs, problems),
        Patience = OptionReader.ReadTime(request.SlurmPatience, new SlurmSettings().Patience, problems) ?? TimeSpan.Zero,
        OnCancel = OptionReader.ReadName(request.OnCancel, OnCancel.Cancel, problems),
        Submit = OptionReader.ReadName(request.SlurmSubmit, SlurmSubmit.Ready, problems),
    };

    public Placement Read(Script script)
    {
        var executor = script.Executor == ""
            ? _otherwise
            : OptionReader.ReadName(new Setting($"{nameof(Script.Executor)} of script '{script.Name}'", script.Executor, script.Place), _otherwise, problems);
        if (executor == ExecutorKind.Local)
        {
            return Placement.Here;
        }

        if (script.EnvironmentVariables.Concat(script.SecretVariables).Select(pair => pair.Split('=')[0].Trim()).FirstOrDefault(name => name != "" && !IsIdentifier(name)) is { } variable)
        {
            problems.Add(Problems.NotAVariableOfAShell(script, variable));
        }

        return new Placement(executor, ReadOptions(script));
    }

    private static int ReadMaxJobs(Setting setting, ICollection<Problem> problems)
    {
        if (string.IsNullOrWhiteSpace(setting.Value))
        {
            return new SlurmSettings().MaxJobs;
        }

        if (!int.TryParse(setting.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var jobs) || jobs is < 1 or > MostJobs)
        {
            problems.Add(Problems.NotANumberOfJobs(setting));
        }

        return Math.Clamp(jobs, 1, MostJobs);
    }

    private IReadOnlyList<string> ReadOptions(Script script)
    {
        var words = CommandLine.TrySplit(script.SlurmOptions);
        if (words is null)
        {
            problems.Add(Problems.QuoteNotClosed(script.Place, $"Script '{script.Name}'", nameof(Script.SlurmOptions), script.SlurmOptions));
            return [];
        }

        if (words.Count > 0 && !words[0].StartsWith('-'))
        {
            problems.Add(Problems.NotAnOptionOfSlurm(script, words[0]));
        }

        foreach (var word in words.Where(IsOurs))
        {
            problems.Add(Problems.OptionIsOurs(script, word.Split('=')[0]));
        }

        return words;
    }

    /// <summary>sbatch takes a long option also by the beginning of its name, and a short one with its value behind it.</summary>
    private static bool IsOurs(string word)
    {
        if (!word.StartsWith("--", StringComparison.Ordinal))
        {
            return word.Length > 1 && word[0] == '-' && _ours.Contains(word[..2]);
        }

        var name = word.Split('=')[0];
        return _ours.Contains(name);
    }

    private static bool IsIdentifier(string name) => !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
