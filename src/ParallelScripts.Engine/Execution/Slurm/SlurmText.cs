using System.Globalization;

namespace ParallelScripts;

/// <summary>Reads what Slurm prints and writes what it reads. Pure, so that recorded lines test it.</summary>
internal static class SlurmText
{
    /// <summary>For <c>squeue -o</c>. The name comes last: it alone may hold the separator, if the job is not ours.</summary>
    public const string QueueFormat = "%i|%T|%r|%N|%j";

    /// <summary>For <c>sacct -o</c>.</summary>
    public const string AccountingFormat = "JobID,State,NodeList,TotalCPU,MaxRSS,JobName";

    private static readonly string[] _noAnswer =
        ["timed out", "unable to contact", "connection refused", "connection reset", "communication", "socket", "zero bytes", "temporarily", "try again", "not responding", "controller", "munge", "protocol authentication"];

    private static readonly string[] _noCluster = ["configuration source", "slurm.conf", "failed to fetch config", "unable to status file"];

    private static readonly string[] _tooMany =
        ["maxjobcount", "max_job", "maxsubmit", "max submit", "submitjoblimit", "job submit limit", "job/submit limit", "resource temporarily unavailable", "unable to accept job", "job count limit"];

    /// <summary>The id that <c>sbatch --parsable</c> prints, among warnings and before the name of a cluster; null if there is none.</summary>
    public static string? ReadJobId(string printed)
    {
        foreach (var line in printed.Split('\n').Reverse())
        {
            var id = line.Trim().Split(';')[0];
            if (id.Length > 0 && id.All(char.IsAsciiDigit))
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>Lines of <see cref="QueueFormat"/>; what is none is passed over.</summary>
    public static IReadOnlyList<QueuedJob> ReadQueue(string printed)
    {
        var jobs = new List<QueuedJob>();
        foreach (var line in printed.Split('\n'))
        {
            if (line.Split('|', 5) is [var id, var state, var reason, var node, var name] && id.Length > 0 && char.IsAsciiDigit(id[0]))
            {
                jobs.Add(new QueuedJob(id, KeyOf(name, id), state, reason, node));
            }
        }

        return jobs;
    }

    /// <summary>Lines of <see cref="AccountingFormat"/>: a job's own, and behind it those of its steps, of which the batch step has the figures.</summary>
    public static IReadOnlyList<AccountedJob> ReadAccounting(string printed)
    {
        var jobs = new List<AccountedJob>();
        var ids = new List<string>();
        foreach (var line in printed.Split('\n'))
        {
            if (line.Split('|', 6) is not [var id, var state, var node, var cpu, var memory, var name])
            {
                continue;
            }

            if (!id.Contains('.'))
            {
                ids.Add(id);
                jobs.Add(new AccountedJob(KeyOf(name, id), state, node, ReadCpuTime(cpu), ReadMemory(memory)));
            }
            else if (id.EndsWith(".batch", StringComparison.Ordinal) && ids.LastIndexOf(id[..^".batch".Length]) is var at and >= 0)
            {
                jobs[at] = jobs[at] with { CpuTime = ReadCpuTime(cpu) ?? jobs[at].CpuTime, PeakMemory = ReadMemory(memory) ?? jobs[at].PeakMemory };
            }
        }

        return jobs;
    }

    /// <summary>Processor time as accounting has it: <c>1-02:03:04</c>, <c>02:03:04</c> or <c>00:01.234</c>.</summary>
    public static TimeSpan? ReadCpuTime(string text)
    {
        var days = 0.0;
        if (text.IndexOf('-', StringComparison.Ordinal) is var dash and > 0)
        {
            if (!double.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out days))
            {
                return null;
            }

            text = text[(dash + 1)..];
        }

        var seconds = 0.0;
        foreach (var part in text.Split(':'))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            seconds = (seconds * 60) + number;
        }

        return TimeSpan.FromSeconds((days * 86400) + seconds);
    }

    /// <summary>Memory as accounting has it: <c>1234K</c>, <c>5.5M</c>, bytes without a letter.</summary>
    public static long? ReadMemory(string text)
    {
        text = text.Trim();
        if (text == "")
        {
            return null;
        }

        var power = "KMGTP".IndexOf(text[^1], StringComparison.Ordinal) + 1;
        return double.TryParse(power > 0 ? text.AsSpan(0, text.Length - 1) : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? (long)(number * Math.Pow(1024, power))
            : null;
    }

    /// <summary>Whether a cluster keeps accounts, by what <c>scontrol show config</c> prints.</summary>
    public static bool KeepsAccounts(string config) =>
        ReadSetting(config, "AccountingStorageType") is { } kind && !kind.EndsWith("none", StringComparison.Ordinal) && !kind.StartsWith('(');

    /// <summary>A setting as <c>scontrol show config</c> prints it; null if it is not there.</summary>
    public static string? ReadSetting(string config, string name) => config.Split('\n')
        .Select(line => line.Split('=', 2))
        .Where(parts => parts.Length == 2 && parts[0].Trim() == name)
        .Select(parts => parts[1].Trim())
        .FirstOrDefault();

    /// <summary>How many tasks an array may have, by what <c>scontrol show config</c> prints: their numbers are smaller than <c>MaxArraySize</c>.</summary>
    public static int MostTasks(string config) =>
        int.TryParse(ReadSetting(config, "MaxArraySize"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? Math.Clamp(size - 1, 1, 1000) : 1000;

    /// <summary>The exit code in what <c>scontrol show job</c> prints of a job; null if there is none.</summary>
    public static int? ReadExitCode(string job) =>
        job.Split(' ', '\n').Select(word => word.Split('=', 2)).FirstOrDefault(pair => pair is ["ExitCode", _]) is [_, var code]
        && int.TryParse(code.Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>What sbatch meant when it gave no id. What is not known to pass is for good: it repeats what Slurm said.</summary>
    public static Refusal ReadRefusal(string printed)
    {
        var text = printed.ToLowerInvariant();
        return _noCluster.Any(text.Contains) ? Refusal.NoCluster
            : _tooMany.Any(text.Contains) ? Refusal.TooMany
            : _noAnswer.Any(text.Contains) ? Refusal.NoAnswer
            : Refusal.ForGood;
    }

    /// <summary>What Slurm said, on one line, without the name of the command in front and without hints how to use it.</summary>
    public static string WhatItSaid(string printed)
    {
        var lines = printed.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Replace("sbatch: ", "", StringComparison.Ordinal).Replace("error: ", "", StringComparison.Ordinal))
            .Where(line => !line.StartsWith("Try \"", StringComparison.Ordinal))
            .Distinct()
            .ToArray();
        return lines.Length == 0 ? "nothing" : string.Join("; ", lines.Select(line => line.TrimEnd('.')));
    }

    /// <summary>What we call a job, by its name and id: the tasks of an array (<c>17_3</c>) have one name.</summary>
    private static string KeyOf(string name, string id) => name.TrimEnd('\r') + (id.IndexOf('_', StringComparison.Ordinal) is var at and > 0 ? id[at..] : "");

    /// <summary>Ids for people: the only one, or the first and the last.</summary>
    public static string Range(IEnumerable<string> ids) =>
        ids.Select(id => id.Split('_')[0]).Distinct().OrderBy(id => id.Length).ThenBy(id => id, StringComparer.Ordinal).ToArray() is [var first, .., var last] ? $"{first} to {last}" : ids.First().Split('_')[0];

    /// <summary>A length of time for <c>--time</c>: whole minutes, rounded up.</summary>
    public static string Minutes(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalMinutes)).ToString(CultureInfo.InvariantCulture);

    /// <summary>An amount of memory for <c>--mem</c>: whole MiB, rounded up.</summary>
    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (bytes + (1 << 20) - 1) >> 20)}M");
}

/// <summary>A line of <c>squeue</c>: one job.</summary>
/// <param name="Key">Its name, which is what we call it: ids are given out again after a controller has lost its state.</param>
internal sealed record QueuedJob(string Id, string Key, string State, string Reason, string Node)
{
    public JobPhase Phase => JobStates.PhaseOf(State, Reason);
}

/// <summary>What accounting says of a job. Times and sizes are those of the batch step, which is where the script ran.</summary>
internal sealed record AccountedJob(string Key, string State, string Node, TimeSpan? CpuTime, long? PeakMemory);

/// <summary>What to make of sbatch when it takes no job.</summary>
internal enum Refusal
{
    /// <summary>Slurm will never take this job as it is.</summary>
    ForGood,

    /// <summary>The controller does not answer, or not now.</summary>
    NoAnswer,

    /// <summary>There are as many jobs already as there may be.</summary>
    TooMany,

    /// <summary>The commands of Slurm are here, and know of no cluster.</summary>
    NoCluster,
}
