using System.Text.Encodings.Web;
using System.Text.Json;

namespace ParallelScripts;

/// <summary><c>run.json</c>: the last run, for programs. Its names are those of <see cref="RunRecord"/>.</summary>
/// <remarks>
/// Written member by member. A serializer finds out at run time what there is to write, and for that compiles five hundred methods in
/// every build: 20 ms, as much as all the rest of a run in which nothing has changed.
/// </remarks>
public static class RunJson
{
    public const string FileName = "run.json";

    /// <summary>So many names that come from shared lists are written with each script; of more, each list is written once.</summary>
    private const int MostJoinedNames = 100_000;

    /// <summary>So much is collected before it is written: see docs/decisions/0104-nothing-large-at-once.md.</summary>
    private const int MostPending = 1 << 14;

    private static readonly JsonWriterOptions _options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Default };

    /// <summary>Puts the record into the state directory in one step: whoever reads it sees the run before or this one, whole.</summary>
    public static void Write(RunRecord record, string stateDirectory) => WholeFile.Write(FileOf(stateDirectory), stream =>
    {
        using var json = new Utf8JsonWriter(stream, _options);
        Write(json, record);
    });

    public static string FileOf(string stateDirectory) => Path.Combine(stateDirectory, FileName);

    private static void Write(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", run.SchemaVersion);
        json.WriteString("runId", run.RunId);
        json.WriteString("outcome", run.Outcome.ToString());
        json.WriteString("startTime", run.StartTime);
        json.WriteNumber("wallSeconds", run.WallSeconds);
        json.WriteNumber("workSeconds", run.WorkSeconds);
        json.WriteNumber("slots", run.Slots);
        json.WriteString("schedule", run.Schedule.ToString());
        json.WriteStartObject("longestPath");
        json.WriteNumber("seconds", run.LongestPath.Seconds);
        WriteTexts(json, "scripts", run.LongestPath.Scripts);
        json.WriteEndObject();
        json.WriteNumber("boundSeconds", run.BoundSeconds);
        json.WriteString("boundBy", run.BoundBy.ToString());
        json.WriteString("boundPool", run.BoundPool);
        Write(json, run.Outlook);
        IReadOnlyList<string>[] dependencies = [.. run.Scripts.Select(script => script.DependsOn)];
        var listsOnce = AreListsOnce(dependencies);
        json.WriteStartArray("scripts");
        foreach (var script in run.Scripts)
        {
            Write(json, script, listsOnce);
            if (json.BytesPending > MostPending)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
        WriteLists(json, dependencies, listsOnce, mask: null);
        json.WriteEndObject();
    }

    /// <summary>Whether names come so often from lists that scripts share that each list is written once.</summary>
    /// <param name="dependencies">What each script depends on.</param>
    internal static bool AreListsOnce(IEnumerable<IReadOnlyList<string>> dependencies) =>
        dependencies.OfType<JoinedNames>().Sum(list => list.LengthOfLists) > MostJoinedNames;

    /// <summary>The lists, if they are written once: <see cref="WriteDependencies"/> refers to them.</summary>
    internal static void WriteLists(Utf8JsonWriter json, IEnumerable<IReadOnlyList<string>> dependencies, bool listsOnce, Func<string, string>? mask)
    {
        if (listsOnce)
        {
            json.WriteStartArray("dependencyLists");
            foreach (var list in dependencies.OfType<JoinedNames>().First().AllLists())
            {
                WriteTexts(json, mask is null ? list : list.Select(mask));
            }

            json.WriteEndArray();
        }
    }

    private static void Write(Utf8JsonWriter json, Outlook? outlook)
    {
        if (outlook is null)
        {
            json.WriteNull("outlook");
            return;
        }

        json.WriteStartObject("outlook");
        json.WriteNumber("seconds", outlook.Seconds);
        json.WriteNumber("moreSlots", outlook.MoreSlots);
        json.WriteNumber("secondsWithMoreSlots", outlook.SecondsWithMoreSlots);
        json.WriteString("script", outlook.Script);
        WriteOptional(json, "secondsWithScriptTwiceAsFast", outlook.SecondsWithScriptTwiceAsFast);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ScriptRecord script, bool listsOnce)
    {
        json.WriteStartObject();
        json.WriteString("name", script.Name);
        json.WriteNumber("tier", script.Tier);
        WriteDependencies(json, script.DependsOn, listsOnce, mask: null);
        json.WriteString("outcome", script.Outcome.ToString());
        json.WriteString("reason", script.Reason);
        WriteOptional(json, "startTime", script.StartTime);
        WriteOptional(json, "seconds", script.Seconds);
        WriteOptional(json, "slot", script.Slot);
        WriteOptional(json, "exitCode", script.ExitCode);
        json.WriteNumber("attempts", script.Attempts);
        WriteFailedAttempts(json, script.FailedAttempts);
        if (script.IsTolerated)
        {
            json.WriteBoolean("isTolerated", true);
        }

        WriteOptional(json, "cpuSeconds", script.CpuSeconds);
        WriteOptional(json, "peakMemoryBytes", script.PeakMemoryBytes);
        json.WriteString("peakMemoryIs", script.PeakMemoryIs);
        if (script.Node is { } node)
        {
            json.WriteString("node", node);
            WriteOptional(json, "queuedSeconds", script.QueuedSeconds);
        }

        if (script.Problem is { } problem)
        {
            json.WriteString("problem", problem);
        }

        WriteTexts(json, "command", script.Command);
        json.WriteString("logFile", script.LogFile);
        json.WriteString("project", script.Project);
        WriteOptional(json, "line", script.Line);
        json.WriteEndObject();
    }

    private static void WriteFailedAttempts(Utf8JsonWriter json, IReadOnlyList<AttemptRecord> attempts)
    {
        if (attempts.Count == 0)
        {
            return;
        }

        json.WriteStartArray("failedAttempts");
        foreach (var attempt in attempts)
        {
            json.WriteStartObject();
            json.WriteString("outcome", attempt.Outcome.ToString());
            json.WriteString("startTime", attempt.StartTime);
            json.WriteNumber("seconds", attempt.Seconds);
            json.WriteNumber("slot", attempt.Slot);
            WriteOptional(json, "exitCode", attempt.ExitCode);
            json.WriteString("problem", attempt.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>What a script depends on, as names and, if lists are written once, numbers of these.</summary>
    /// <param name="mask">Null if the names need none.</param>
    internal static void WriteDependencies(Utf8JsonWriter json, IReadOnlyList<string> names, bool listsOnce, Func<string, string>? mask)
    {
        var joined = listsOnce ? names as JoinedNames : null;
        var others = joined?.Others ?? names;
        WriteTexts(json, "dependsOn", mask is null ? others : others.Select(mask));
        if (joined is null)
        {
            return;
        }

        json.WriteStartArray("dependsOnLists");
        foreach (var list in joined.Lists)
        {
            json.WriteNumberValue(list);
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WritePropertyName(name);
        WriteTexts(json, texts);
    }

    private static void WriteTexts(Utf8JsonWriter json, IEnumerable<string> texts)
    {
        json.WriteStartArray();
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
