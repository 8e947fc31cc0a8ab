using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ParallelScripts;

/// <summary>
/// What a report shows, as JSON: what the history keeps of a run, and what the page is filled with. Scripts are numbers in it, and what is not
/// there or empty is left out, so that ten thousand of them are a page that opens at once.
/// </summary>
/// <remarks>Written member by member, for the reason that <see cref="RunJson"/> gives.</remarks>
internal static class ReportData
{
    /// <summary>
    /// ASCII, with every character that means something in HTML escaped: it stands in a script element as it is, and no name in it can end that.
    /// </summary>
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.Default };

    public static byte[] Of(ReportedRun reported)
    {
        var bytes = new ArrayBufferWriter<byte>(4096 + (reported.Run.Scripts.Count * 256));
        using (var json = new Utf8JsonWriter(bytes, _options))
        {
            Write(json, reported);
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, ReportedRun reported)
    {
        var run = reported.Run;
        var numbers = new Dictionary<string, int>(run.Scripts.Count, StringComparer.Ordinal);
        for (var number = 0; number < run.Scripts.Count; number++)
        {
            numbers[run.Scripts[number].Name] = number;
        }

        json.WriteStartObject();
        json.WriteNumber("version", 1);
        json.WriteString("project", reported.Project);
        json.WriteString("run", run.RunId);
        json.WriteString("outcome", reported.States is null ? run.Outcome.ToString() : "Running");
        json.WriteString("start", run.StartTime);
        json.WriteNumber("wall", run.WallSeconds);
        json.WriteNumber("work", run.WorkSeconds);
        json.WriteNumber("slots", run.Slots);
        json.WriteString("schedule", run.Schedule.ToString());
        json.WriteNumber("longest", run.LongestPath.Seconds);
        json.WriteNumber("bound", run.BoundSeconds);
        WriteText(json, "boundBy", run.BoundBy == BoundBy.LongestPath ? null : run.BoundBy.ToString());
        WriteText(json, "boundPool", run.BoundPool);
        Write(json, run.Outlook, numbers);
        WriteNumbers(json, "path", run.LongestPath.Scripts, numbers);
        var runs = EarlierRunsOf(reported);
        WriteTexts(json, "earlier", [.. runs.Keys.Order(StringComparer.Ordinal)]);
        var lists = SharedLists.Of(run.Scripts, numbers);
        WriteLists(json, lists.All);
        json.WriteStartArray("scripts");
        for (var number = 0; number < run.Scripts.Count; number++)
        {
            Write(json, run.Scripts[number], lists.IndexOf(number), StateOf(reported, number), reported.Details[number], run.StartTime, numbers, runs);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The runs before this one that a script is compared with, oldest first; scripts name them by number.</summary>
    private static Dictionary<string, int> EarlierRunsOf(ReportedRun reported)
    {
        var runs = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var details in reported.Details)
        {
            foreach (var earlier in details?.Earlier ?? [])
            {
                runs.TryAdd(earlier.Run, 0);
            }
        }

        var number = 0;
        foreach (var run in runs.Keys.Order(StringComparer.Ordinal).ToArray())
        {
            runs[run] = number++;
        }

        return runs;
    }

    private static (string Words, Usual? Usual)? StateOf(ReportedRun reported, int script) => reported.States?[script] is { } words
        ? (words, reported.Usual.Count > 0 ? reported.Usual[script] : null)
        : null;

    private static void Write(Utf8JsonWriter json, Outlook? outlook, Dictionary<string, int> numbers)
    {
        if (outlook is null)
        {
            return;
        }

        json.WriteStartObject("outlook");
        if (outlook.MoreSlotsHelp)
        {
            json.WriteNumber("moreSlots", outlook.MoreSlots);
            json.WriteNumber("withMoreSlots", outlook.SecondsWithMoreSlots);
        }

        if (outlook.Script is { } script)
        {
            json.WriteNumber("script", numbers[script]);
            json.WriteNumber("withScriptTwiceAsFast", outlook.SecondsWithScriptTwiceAsFast!.Value);
        }

        json.WriteEndObject();
    }

    /// <param name="list">Where what it depends on is among the lists that several scripts have.</param>
    /// <param name="state">Of a script that has not ended.</param>
    private static void Write(Utf8JsonWriter json, ScriptRecord script, int? list, (string Words, Usual? Usual)? state, ReportedDetails? details, DateTimeOffset start, Dictionary<string, int> numbers, Dictionary<string, int> runs)
    {
        json.WriteStartObject();
        json.WriteString("name", script.Name);
        WriteUnlessZero(json, "tier", script.Tier);
        if (list is { } index)
        {
            json.WriteNumber("deps", index);
        }
        else
        {
            WriteNumbers(json, "deps", script.DependsOn, numbers);
        }

        json.WriteString("outcome", state?.Words ?? script.Outcome.ToString());
        if (state?.Usual is { } usual)
        {
            json.WriteNumber("usual", Math.Round(usual.Seconds, 3));
        }

        WriteText(json, "reason", script.Reason);
        if (script.StartTime is { } startTime)
        {
            json.WriteNumber("at", Since(start, startTime));
            json.WriteNumber("seconds", script.Seconds ?? 0);
            json.WriteNumber("slot", script.Slot ?? 0);
        }

        WriteText(json, "node", script.Node);
        if (script.QueuedSeconds is { } queued)
        {
            json.WriteNumber("queuedSeconds", queued);
        }

        if (script.ExitCode is { } exitCode)
        {
            json.WriteNumber("exit", exitCode);
        }

        WriteUnlessZero(json, "attempts", script.Attempts);
        Write(json, script.FailedAttempts, start);
        if (script.IsTolerated)
        {
            json.WriteBoolean("tolerated", true);
        }

        if (script.CpuSeconds is { } cpu)
        {
            json.WriteNumber("cpu", cpu);
        }

        WriteUnlessZero(json, "memory", script.PeakMemoryBytes ?? 0);
        WriteText(json, "memoryIs", script.PeakMemoryIs);
        WriteTexts(json, "command", script.Command);
        WriteText(json, "problem", script.Problem);
        WriteText(json, "log", script.LogFile);
        WriteText(json, "project", script.Project);
        WriteUnlessZero(json, "line", script.Line ?? 0);
        if (details is not null)
        {
            Write(json, details, runs);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<AttemptRecord> attempts, DateTimeOffset start)
    {
        if (attempts.Count == 0)
        {
            return;
        }

        json.WriteStartArray("failed");
        foreach (var attempt in attempts)
        {
            json.WriteStartObject();
            json.WriteString("outcome", attempt.Outcome.ToString());
            json.WriteNumber("at", Since(start, attempt.StartTime));
            json.WriteNumber("seconds", attempt.Seconds);
            json.WriteNumber("slot", attempt.Slot);
            WriteText(json, "problem", attempt.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ReportedDetails details, Dictionary<string, int> runs)
    {
        WriteTexts(json, "environment", details.Environment);
        Write(json, "inputs", details.Inputs);
        Write(json, "outputs", details.Outputs);
        if (details.Log is { } log)
        {
            json.WriteString("logEnd", log.Text);
            if (log.IsCut)
            {
                json.WriteBoolean("logCut", true);
            }
        }

        if (details.Earlier.Count == 0)
        {
            return;
        }

        json.WriteStartArray("earlier");
        foreach (var earlier in details.Earlier)
        {
            json.WriteStartArray();
            json.WriteNumberValue(runs[earlier.Run]);
            json.WriteNumberValue(earlier.Seconds);
            if (earlier.Outcome != nameof(Outcome.Succeeded))
            {
                json.WriteStringValue(earlier.Outcome);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<ReportedFile> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var file in files)
        {
            json.WriteStartArray();
            json.WriteStringValue(file.Name);
            if (file.Bytes is { } bytes)
            {
                json.WriteNumberValue(bytes);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteLists(Utf8JsonWriter json, IReadOnlyList<int[]> lists)
    {
        if (lists.Count == 0)
        {
            return;
        }

        json.WriteStartArray("lists");
        foreach (var list in lists)
        {
            json.WriteStartArray();
            foreach (var number in list)
            {
                json.WriteNumberValue(number);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<string> scripts, Dictionary<string, int> numbers)
    {
        if (scripts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var script in scripts)
        {
            json.WriteNumberValue(numbers[script]);
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteUnlessZero(Utf8JsonWriter json, string name, long number)
    {
        if (number != 0)
        {
            json.WriteNumber(name, number);
        }
    }

    /// <summary>Seconds, to the millisecond; a clock that was set back meanwhile makes nothing start before the run.</summary>
    private static double Since(DateTimeOffset start, DateTimeOffset time) => Math.Max(0, Math.Round((time - start).TotalSeconds, 3));
}
