using System.Globalization;

namespace ParallelScripts;

/// <summary>How far a run is, in words: the lines of a log, and the few words that a terminal has room for.</summary>
internal static class ProgressText
{
    /// <summary>So many of the scripts that run are named in a line.</summary>
    private const int MostNames = 5;

    /// <summary>A script has ended: <c>[ 37/120 30%] ok  clean/a.py 4.20 s (6 running, 2 m left)</c>.</summary>
    /// <param name="attempts">How often it may be started at all.</param>
    public static string Ended(RunProgress now, string name, ScriptEnd end, int attempts) =>
        $"{Head(now)} {Word(end.Outcome)}  {name}{(end.Outcome == Outcome.HandedOver ? "" : $" {Durations.Show(end.Duration.TotalSeconds)}")}{(end.Attempts > 1 ? Invariant($", attempt {end.Attempts} of {attempts}") : "")}{OnNode(end)}{Tail(now)}";

    /// <summary>Where it ran, if it was elsewhere.</summary>
    private static string OnNode(ScriptEnd end) =>
        end.Node is null ? "" : end.QueuedFor is { } queued ? $", on {end.Node} after {Durations.Show(queued.TotalSeconds)} in the queue" : $", on {end.Node}";

    /// <summary>Several have succeeded in too short a time to say so of each.</summary>
    public static string Succeeded(RunProgress now, int count, string last, ScriptEnd end) =>
        Invariant($"{Head(now)} {Word(Outcome.Succeeded)}  {count} scripts, the last {last} {Durations.Show(end.Duration.TotalSeconds)}{Tail(now)}");

    /// <summary>Nothing has ended for a while, and this is why.</summary>
    public static string StillRunning(RunProgress now)
    {
        var running = now.Running.Take(MostNames).Select(script =>
            $"{script.Name} for {Durations.Show(script.Seconds)}{(script.UsualSeconds is { } usual ? $" (usually {Durations.Show(usual)})" : "")}").ToList();
        if (running.Count < now.Running.Count)
        {
            running.Add(Invariant($"{now.Running.Count - running.Count} more"));
        }

        if (running.Count > 0)
        {
            return $"{Head(now)} still running: {string.Join(", ", running)}{(Left(now) is { } left ? $"; {left}" : "")}";
        }

        return now.Resting.Count > 0
            ? $"{Head(now)} nothing runs, and {now.Resting[0]}{(now.Resting.Count > 1 ? Invariant($" and {now.Resting.Count - 1} more") : "")} will be tried again"
            : $"{Head(now)} nothing runs";
    }

    /// <summary>What runs, for where no script is told of.</summary>
    public static string Running(RunProgress now) => $"{Head(now)} running: {string.Join(", ", now.Running.Select(script => script.Name))}";

    /// <summary>How many are over, in very few words.</summary>
    public static string Counts(RunProgress now) => Invariant($"{now.Done}/{now.Total}{(now.Failed > 0 ? $", {now.Failed} failed" : "")}");

    /// <summary>How long it still takes and what runs, in so many characters.</summary>
    public static string InBrief(RunProgress now, int width)
    {
        var text = Left(now) ?? "";
        var named = 0;
        foreach (var script in now.Running)
        {
            var separator = text == "" ? "" : named == 0 ? ": " : ", ";
            var rest = More(named + 1);
            var room = width - text.Length - separator.Length - rest.Length;
            if (script.Name.Length > room)
            {
                return named > 0 ? text + More(named) : Cut(text + separator + Cut(script.Name, Math.Max(1, room)) + rest, width);
            }

            text += separator + script.Name;
            named++;
        }

        return Cut(text, width);

        string More(int without) => now.Running.Count > without ? Invariant($", +{now.Running.Count - without}") : "";
    }

    /// <summary>A time that is guessed: no more digits than one would bet on.</summary>
    public static string About(double seconds) => seconds switch
    {
        < 59.5 => Invariant($"{Math.Max(1, Math.Round(seconds, MidpointRounding.AwayFromZero)):0} s"),
        < 3570 => Invariant($"{Math.Round(seconds / 60):0} m"),
        < 86_400 - 30 => Invariant($"{(long)Math.Round(seconds / 60) / 60} h {(long)Math.Round(seconds / 60) % 60} m"),
        _ => Invariant($"{(long)Math.Round(seconds / 3600) / 24} d {(long)Math.Round(seconds / 3600) % 24} h"),
    };

    private static string Cut(string text, int width)
    {
        if (text.Length <= width)
        {
            return text;
        }

        // Not through the middle of a character that is two.
        var length = width > 1 && char.IsHighSurrogate(text[width - 2]) ? width - 2 : width - 1;
        return text[..length] + "…";
    }

    // Rounded down: nothing is at 100 % that is not done.
    private static string Head(RunProgress now) =>
        Invariant($"[{now.Done.ToString(CultureInfo.InvariantCulture).PadLeft(Invariant($"{now.Total}").Length)}/{now.Total} {100L * now.Done / now.Total,2}%]");

    private static string Tail(RunProgress now)
    {
        var running = now.Running.Count > 0 ? Invariant($"{now.Running.Count} running") : null;
        return (running, Left(now)) switch
        {
            (null, null) => "",
            ({ } only, null) => $" ({only})",
            (null, { } only) => $" ({only})",
            var (both, left) => $" ({both}, {left})",
        };
    }

    private static string? Left(RunProgress now) => now.SecondsLeft is { } seconds && now.Done < now.Total ? $"{About(seconds)} left" : null;

    private static string Word(Outcome outcome) => outcome == Outcome.Succeeded ? "ok" : Summary.Words(outcome);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
