using System.Globalization;

namespace ParallelScripts;

/// <summary>What a job leaves in the results folder. Its text is written by <see cref="JobScript"/>.</summary>
/// <param name="Code">What the shell says of the script.</param>
/// <param name="Signal">The signal that the job was sent while the script ran; null if none. Slurm knows why.</param>
/// <param name="Began">By the node's clock.</param>
internal sealed record JobResult(ResultKind Kind, int Code, string? Signal, string JobId, string Node, DateTimeOffset Began, TimeSpan Duration, long? PeakMemory, TimeSpan? CpuTime)
{
    /// <summary>Null if that is no result.</summary>
    public static JobResult? Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines[0].Split(' ') is not [var code, var signal, var kind, var job, var node, var began, var ended, var peak]
            || !int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var exitCode)
            || KindOf(kind) is not { } known
            || ReadSeconds(began) is not { } from || ReadSeconds(ended) is not { } to)
        {
            return null;
        }

        return new JobResult(
            known,
            exitCode,
            signal == "-" ? null : signal,
            job,
            node,
            DateTimeOffset.UnixEpoch.AddSeconds(from),
            TimeSpan.FromSeconds(Math.Max(0, to - from)),
            long.TryParse(peak, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null,
            lines.Length > 2 ? ReadTimes(lines[2]) : null);
    }

    /// <summary>The second line of the shell's <c>times</c>: what the children took, <c>0m1.23s 0m0.10s</c>.</summary>
    private static TimeSpan? ReadTimes(string line)
    {
        var total = 0.0;
        foreach (var part in line.Split(' '))
        {
            if (part.Split('m') is not [var minutes, [.. var seconds, 's']]
                || !double.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
                || !double.TryParse(seconds.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rest))
            {
                return null;
            }

            total += (whole * 60) + rest;
        }

        return TimeSpan.FromSeconds(total);
    }

    /// <summary>A date that knows no parts of seconds leaves the letter of its format in place.</summary>
    private static double? ReadSeconds(string text) =>
        double.TryParse(text.TrimEnd('N', '%').TrimEnd('.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    private static ResultKind? KindOf(string word) => word switch
    {
        "ended" => ResultKind.Ended,
        "over" => ResultKind.Over,
        "requeued" => ResultKind.Requeued,
        "noprogram" => ResultKind.NoProgram,
        "nofile" => ResultKind.NoFile,
        "nodirectory" => ResultKind.NoDirectory,
        _ when word.StartsWith("skipped:", StringComparison.Ordinal) => ResultKind.Skipped,
        _ => null,
    };
}

/// <summary>Why a job's script is over, as the job itself says it.</summary>
internal enum ResultKind
{
    /// <summary>The script ended.</summary>
    Ended,

    /// <summary>The script ran longer than its Timeout, and was ended.</summary>
    Over,

    /// <summary>Slurm has begun the job a second time; the first time is lost.</summary>
    Requeued,

    /// <summary>The node has no such program.</summary>
    NoProgram,

    /// <summary>The node does not see the script's file.</summary>
    NoFile,

    /// <summary>The node does not see the folder that the script is to run in.</summary>
    NoDirectory,

    /// <summary>The script was not started, since a job that it depends on had not succeeded.</summary>
    Skipped,
}
