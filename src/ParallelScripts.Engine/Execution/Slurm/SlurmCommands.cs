using System.Globalization;

namespace ParallelScripts;

/// <summary>Calls Slurm's own commands. Blocks the calling thread.</summary>
internal sealed class SlurmCommands : IDisposable
{
    /// <summary>A command line has room for some thousands.</summary>
    private const int MostIdsOfOneCall = 500;

    /// <summary>A controller that does not answer holds squeue for 18 s, and a full queue sbatch for 2 minutes.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(3);

    private readonly IProcessRunner _processes;
    private readonly string _directory;
    private readonly string _searchPath;

    /// <param name="environment">What the commands, and the jobs by them, have.</param>
    /// <param name="directory">A folder that is there, absolute.</param>
    public SlurmCommands(IReadOnlyDictionary<string, string> environment, string directory)
    {
        _processes = ProcessRunners.ForQuestions(environment);
        _directory = directory;
        _searchPath = environment.GetValueOrDefault("PATH", "");
    }

    /// <summary>Where a command is; null if it is nowhere on the search path.</summary>
    public static string? Find(string command, string searchPath) => searchPath
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(Path.IsPathRooted)
        .Select(folder => Path.Combine(folder, command))
        .FirstOrDefault(File.Exists);

    public Answer Submit(IEnumerable<string> options, string script, string key) =>
        Run("sbatch", ["--parsable", .. options, script, key]);

    /// <summary>Asks whether Slurm would take a job, without submitting it.</summary>
    public Answer Try(IEnumerable<string> options, string script, CancellationToken stop) =>
        Run("sbatch", ["--test-only", .. options, script], stop);

    /// <summary>All jobs of this user, those that have ended too as far as the controller remembers them.</summary>
    public Answer Queue() =>
        Run("squeue", ["--noheader", "--me", "--states=all", "--array", $"--format={SlurmText.QueueFormat}"]);

    /// <summary>What accounting knows of these jobs, in as few answers as there can be.</summary>
    public IEnumerable<Answer> Accounts(IReadOnlyCollection<string> ids) =>
        ids.Chunk(MostIdsOfOneCall).Select(some => Run("sacct", ["--noheader", "--parsable2", "--duplicates", $"--format={SlurmText.AccountingFormat}", $"--jobs={string.Join(',', some)}"]));

    public Answer Config() =>
        Run("scontrol", ["show", "config"]);

    /// <summary>Everything about one job, on one line. For jobs that ended as none should.</summary>
    private Answer Show(string id) =>
        Run("scontrol", ["show", "job", "--oneliner", id]);

    /// <summary>Whether a job ended because its node does not see the folder that jobs are read from.</summary>
    public bool FoundNoFolder(string id) => Show(id) is { IsGood: true } shown && SlurmText.ReadExitCode(shown.Printed) == JobScript.NoFolder;

    /// <summary>Cancels jobs, in as few calls as there can be. Those that have ended already do not mind.</summary>
    public bool Cancel(IReadOnlyCollection<string> ids)
    {
        var good = true;
        foreach (var some in ids.Chunk(MostIdsOfOneCall))
        {
            good &= Run("scancel", some).IsGood;
        }

        return good;
    }

    public void Dispose() => _processes.Dispose();

    private Answer Run(string command, IReadOnlyList<string> arguments, CancellationToken stop = default)
    {
        if (Find(command, _searchPath) is not { } program)
        {
            return new Answer(null, $"'{command}' is not on the PATH");
        }

        var output = new AllOutput();
        using var tooLong = CancellationTokenSource.CreateLinkedTokenSource(stop);
        tooLong.CancelAfter(_longest);
        var end = _processes.Run(new ProcessStart(program, arguments, _directory, new Dictionary<string, string>()), output, tooLong.Token);
        return end.Stopped ? new Answer(null, string.Create(CultureInfo.InvariantCulture, $"timed out after {_longest.TotalMinutes} minutes"))
            : new Answer(end.ExitCode, end.Trouble ?? output.ToString());
    }
}

/// <summary>What a command of Slurm's printed, both streams in one, and how it ended.</summary>
internal sealed record Answer(int? ExitCode, string Printed)
{
    public bool IsGood => ExitCode == 0;
}
