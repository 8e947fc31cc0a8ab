using System.Text.Json;

namespace ParallelScripts;

/// <summary>
/// What <see cref="ReportData"/> has written, read back, as far as the trace, the summary and the coloured graph tell of it. They are made of this and
/// nothing else, so that they are the same again whenever they are written.
/// </summary>
internal sealed record KeptReport
{
    public required string Project { get; init; }

    public required string RunId { get; init; }

    public required string Outcome { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required double WallSeconds { get; init; }

    public required double WorkSeconds { get; init; }

    public required int Slots { get; init; }

    public required double LongestSeconds { get; init; }

    public required double BoundSeconds { get; init; }

    /// <summary>A name of <see cref="ParallelScripts.BoundBy"/>.</summary>
    public required string BoundBy { get; init; }

    public required string? BoundPool { get; init; }

    /// <summary>The scripts of the longest path, by number.</summary>
    public required int[] Path { get; init; }

    public required KeptScript[] Scripts { get; init; }

    /// <exception cref="InvalidDataException">It is not what a report's data are.</exception>
    public static KeptReport Read(byte[] data)
    {
        try
        {
            using var json = JsonDocument.Parse(data);
            return RunOf(json.RootElement);
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException(other.Message, other);
        }
    }

    private static KeptReport RunOf(JsonElement run)
    {
        int[][] lists = run.TryGetProperty("lists", out var shared) ? [.. shared.EnumerateArray().Select(NumbersOf)] : [];
        return RunOf(run, lists);
    }

    private static KeptReport RunOf(JsonElement run, int[][] lists) => new()
    {
        Project = TextOf(run, "project") ?? "",
        RunId = TextOf(run, "run") ?? "",
        Outcome = TextOf(run, "outcome") ?? "",
        Start = run.GetProperty("start").GetDateTimeOffset(),
        WallSeconds = NumberOf(run, "wall") ?? 0,
        WorkSeconds = NumberOf(run, "work") ?? 0,
        Slots = (int)(NumberOf(run, "slots") ?? 1),
        LongestSeconds = NumberOf(run, "longest") ?? 0,
        BoundSeconds = NumberOf(run, "bound") ?? 0,
        BoundBy = TextOf(run, "boundBy") ?? nameof(ParallelScripts.BoundBy.LongestPath),
        BoundPool = TextOf(run, "boundPool"),
        Path = run.TryGetProperty("path", out var path) ? NumbersOf(path) : [],
        Scripts = [.. run.GetProperty("scripts").EnumerateArray().Select(script => ScriptOf(script, lists))],
    };

    private static KeptScript ScriptOf(JsonElement script, int[][] lists) => new()
    {
        Name = TextOf(script, "name") ?? "",
        Tier = (int)(NumberOf(script, "tier") ?? 0),
        DependsOn = script.TryGetProperty("deps", out var before) ? DependenciesOf(before, lists) : [],
        Outcome = TextOf(script, "outcome") ?? "",
        IsTolerated = script.TryGetProperty("tolerated", out _),
        At = NumberOf(script, "at"),
        Seconds = NumberOf(script, "seconds") ?? 0,
        Slot = (int)(NumberOf(script, "slot") ?? 0),
        ExitCode = (int?)NumberOf(script, "exit"),
        FailedAttempts = script.TryGetProperty("failed", out var failed) ? [.. failed.EnumerateArray().Select(AttemptOf)] : [],
        CpuSeconds = NumberOf(script, "cpu"),
        PeakMemoryBytes = (long?)NumberOf(script, "memory"),
        Problem = TextOf(script, "problem"),
        LogFile = TextOf(script, "log"),
        LogEnd = TextOf(script, "logEnd"),
    };

    private static KeptAttempt AttemptOf(JsonElement attempt) => new()
    {
        Outcome = TextOf(attempt, "outcome") ?? "",
        At = NumberOf(attempt, "at") ?? 0,
        Seconds = NumberOf(attempt, "seconds") ?? 0,
        Slot = (int)(NumberOf(attempt, "slot") ?? 0),
    };

    private static string? TextOf(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static double? NumberOf(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetDouble() : null;

    /// <param name="before">The numbers themselves, or which of the lists they are.</param>
    /// <param name="lists">The lists that several scripts have.</param>
    private static int[] DependenciesOf(JsonElement before, int[][] lists) =>
        before.ValueKind != JsonValueKind.Number ? NumbersOf(before)
        : before.GetInt32() is var index && index >= 0 && index < lists.Length ? lists[index]
        : throw new InvalidDataException($"there is no list {index}");

    private static int[] NumbersOf(JsonElement values)
    {
        var numbers = new int[values.GetArrayLength()];
        var next = 0;
        foreach (var value in values.EnumerateArray())
        {
            numbers[next++] = value.GetInt32();
        }

        return numbers;
    }
}

/// <summary>A script in a <see cref="KeptReport"/>.</summary>
internal sealed record KeptScript
{
    public required string Name { get; init; }

    public int Tier { get; init; }

    /// <summary>By number.</summary>
    public int[] DependsOn { get; init; } = [];

    /// <summary>A name of <see cref="ParallelScripts.Outcome"/>.</summary>
    public required string Outcome { get; init; }

    public bool IsTolerated { get; init; }

    /// <summary>Seconds after the run's start; null if it was not started.</summary>
    public double? At { get; init; }

    public double Seconds { get; init; }

    /// <summary>Counts from 0.</summary>
    public int Slot { get; init; }

    public int? ExitCode { get; init; }

    public KeptAttempt[] FailedAttempts { get; init; } = [];

    public double? CpuSeconds { get; init; }

    public long? PeakMemoryBytes { get; init; }

    public string? Problem { get; init; }

    public string? LogFile { get; init; }

    public string? LogEnd { get; init; }

    /// <summary>Whether it failed, allowed to or not.</summary>
    public bool HasFailed => Outcome is nameof(ParallelScripts.Outcome.Failed) or nameof(ParallelScripts.Outcome.TimedOut);
}

/// <summary>An attempt that failed and was followed by another.</summary>
internal sealed record KeptAttempt
{
    public required string Outcome { get; init; }

    public double At { get; init; }

    public double Seconds { get; init; }

    public int Slot { get; init; }
}
