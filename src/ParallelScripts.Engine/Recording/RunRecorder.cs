using System.Diagnostics;
using System.Globalization;

namespace ParallelScripts;

/// <summary>Hears a run and keeps what happened, until <see cref="RecordSoFar"/> makes a record of it.</summary>
/// <param name="resources">What the scripts needed, and what there was; null if that is of no interest.</param>
public sealed class RunRecorder(PreparedRun run, RunStart start, Resources? resources = null) : IRunListener
{
    private readonly ScriptEnd?[] _ends = new ScriptEnd?[run.Graph.Count];
    private readonly int[] _slots = new int[run.Graph.Count];

    /// <summary>Attempts that failed and were followed by another. Never changed but replaced: <see cref="RecordSoFar"/> may be asked meanwhile, on another thread.</summary>
    private readonly AttemptRecord[]?[] _failedAttempts = new AttemptRecord[run.Graph.Count][];

    private readonly HashSet<int> _stranded = [];

    private readonly string?[] _skipReasons = new string?[run.Graph.Count];

    public void Started(int script, int slot) => _slots[script] = slot;

    public void Runs(int script, string reason)
    {
    }

    public void Output(int script, string line)
    {
    }

    public void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait)
    {
        var failed = new AttemptRecord
        {
            Outcome = end.Outcome,
            StartTime = end.StartTime!.Value,
            Seconds = Rounded(end.Duration.TotalSeconds),
            Slot = _slots[script],
            ExitCode = end.ExitCode,
            Problem = end.Problem?.What ?? "",
        };
        _failedAttempts[script] = [.. _failedAttempts[script] ?? [], failed];
    }

    public void Noted(string line)
    {
    }

    public void Warned(Problem problem)
    {
    }

    public void Ended(int script, ScriptEnd end, int left) => _ends[script] = end;

    public void Skipped(SkippedScript skipped)
    {
        _skipReasons[skipped.Script] = Reasons.Skipped(run.Graph, skipped);
        if (skipped is { DependsOnIt: true, Because: not null })
        {
            _stranded.Add(skipped.Script);
        }
    }

    /// <summary>What became known of a script after its end.</summary>
    internal void Account(int script, TimeSpan? cpuTime, long? peakMemory)
    {
        if (_ends[script] is { } end)
        {
            _ends[script] = end with { CpuTime = end.CpuTime ?? cpuTime, PeakMemory = end.PeakMemory ?? peakMemory, IsPeakMemorySampled = end.PeakMemory is null && peakMemory is not null };
        }
    }

    /// <summary>The record of the run as it is at this moment; that of the whole run once it is over.</summary>
    /// <param name="canceled">Whether it was stopped from outside.</param>
    /// <param name="slots">The most slots there were at once; as many as the options say, if it is not known better.</param>
    public RunRecord RecordSoFar(bool canceled, int? slots = null)
    {
        var most = slots ?? run.Options.Slots;
        var path = LongestPath.Of(run.Graph, SecondsOf);
        var seconds = new double[run.Graph.Count];
        var work = 0.0;
        for (var script = 0; script < seconds.Length; script++)
        {
            seconds[script] = SecondsOf(script);
            work += seconds[script];
        }

        var wall = Stopwatch.GetElapsedTime(start.Timestamp).TotalSeconds;
        var outcome = HasFailed() ? Outcome.Failed : canceled ? Outcome.Canceled : Outcome.Succeeded;
        var bound = Bound.Of(resources ?? Resources.Of(run), most, path.Weight, seconds);
        return new RunRecord
        {
            RunId = start.RunId,
            Outcome = outcome,
            StartTime = start.Time,
            WallSeconds = Rounded(wall),
            WorkSeconds = Rounded(work),
            Slots = most,
            Schedule = run.Options.Schedule,
            LongestPath = new PathRecord(Rounded(path.Weight), [.. path.Scripts.Where(script => SecondsOf(script) > 0).Select(script => run.Graph[script].Name)]),
            BoundSeconds = Rounded(bound.Seconds),
            BoundBy = bound.By,
            BoundPool = bound.Pool,
            Outlook = resources is not null && outcome == Outcome.Succeeded ? Outlook.Of(run, resources, most, seconds, path.Scripts, wall) : null,
            Scripts = [.. Enumerable.Range(0, run.Graph.Count).Select(RecordOf)],
        };
    }

    /// <summary>Whether a script was not started because of another one's failure that it depends on.</summary>
    internal bool IsStranded(int script) => _stranded.Contains(script);

    private bool HasFailed()
    {
        for (var script = 0; script < _ends.Length; script++)
        {
            if (_ends[script] is { } end && run.FailureRules[script].FailsTheRun(end.Outcome))
            {
                return true;
            }
        }

        return false;
    }

    private double SecondsOf(int script) => _ends[script]?.Duration.TotalSeconds ?? 0;

    private ScriptRecord RecordOf(int number)
    {
        var script = run.Graph[number];
        var end = _ends[number];
        return new ScriptRecord
        {
            Name = script.Name,
            Tier = run.Graph.TierOf(number),
            DependsOn = JoinedNames.Of(run.Graph, number),
            Outcome = end?.Outcome ?? Outcome.Skipped,
            Reason = _skipReasons[number] ?? end?.Reason ?? "",
            StartTime = end?.StartTime,
            Seconds = end?.StartTime is null ? null : Rounded(end.Duration.TotalSeconds),
            Slot = end?.StartTime is null ? null : _slots[number],
            ExitCode = end?.ExitCode,
            Attempts = end?.StartTime is null ? 0 : end.Attempts,
            FailedAttempts = _failedAttempts[number] ?? [],
            IsTolerated = end is not null && end.Outcome.IsFailure() && !run.FailureRules[number].FailsTheRun(end.Outcome),
            CpuSeconds = end?.CpuTime is { } cpu ? Rounded(cpu.TotalSeconds) : null,
            PeakMemoryBytes = end?.PeakMemory,
            PeakMemoryIs = end?.PeakMemoryIs,
            Node = end?.Node,
            QueuedSeconds = end?.QueuedFor is { } queued ? Rounded(queued.TotalSeconds) : null,
            Problem = end?.Problem?.What,
            Command = [.. (end?.Program is { } real ? run.Launches[number] with { Program = real } : run.Launches[number]).CommandForPeople.Select(run.Secrets.Mask)],
            LogFile = end?.LogFile is { } log ? Relative(run.Place.StateDirectory, log) : null,
            Project = ProjectOf(script),
            Line = script.Place.Line > 0 ? script.Place.Line : null,
        };
    }

    /// <summary>Milliseconds are what a clock can be trusted with; more digits only make files longer.</summary>
    private static double Rounded(double seconds) => Math.Round(seconds, 3);

    /// <summary>Ten thousand scripts are declared in a file or two.</summary>
    private readonly Dictionary<string, string> _projects = [];

    private string ProjectOf(Script script)
    {
        var file = script.Place.File ?? "";
        if (!_projects.TryGetValue(file, out var relative))
        {
            _projects[file] = relative = Relative(run.Place.ProjectDirectory, file);
        }

        return relative;
    }

    private static string Relative(string folder, string? file) =>
        string.IsNullOrEmpty(file) ? "" : Path.GetRelativePath(folder, file).Replace('\\', '/');
}

/// <summary>When a run began: by the clock on the wall, and by one that never jumps, to measure with.</summary>
public sealed record RunStart(string RunId, DateTimeOffset Time, long Timestamp)
{
    /// <summary>A run that begins now. Its id sorts by time and is unique.</summary>
    public static RunStart Now() => new(Guid.CreateVersion7().ToString("N"), DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());

    /// <summary>An id that sorts after another, whatever the clock says; null if that is none of ours. The first 48 bits of an id are milliseconds (RFC 9562, version 7).</summary>
    internal static string? IdAfter(string id) =>
        id.Length == 32 && long.TryParse(id.AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var milliseconds)
            ? Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds + 1)).ToString("N")
            : null;
}
