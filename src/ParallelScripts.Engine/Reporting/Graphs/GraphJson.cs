using System.Text.Encodings.Web;
using System.Text.Json;

namespace ParallelScripts;

/// <summary><c>graph.json</c>: the whole graph, for programs. The names are those of <c>run.json</c>.</summary>
internal static class GraphJson
{
    private static readonly JsonWriterOptions _options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Default };

    public static void Write(KnownGraph known, Stream stream)
    {
        var graph = known.Graph;
        using var json = new Utf8JsonWriter(stream, _options);
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", 1);
        json.WriteString("project", known.Project);
        WriteLastRun(json, known.LastRun);
        WriteLongestPath(json, known);
        IReadOnlyList<string>[] dependencies = [.. Enumerable.Range(0, graph.Count).Select(script => JoinedNames.Of(graph, script))];
        var listsOnce = RunJson.AreListsOnce(dependencies);
        json.WriteStartArray("scripts");
        for (var script = 0; script < graph.Count; script++)
        {
            Write(json, known, script, dependencies[script], listsOnce);
        }

        json.WriteEndArray();
        RunJson.WriteLists(json, dependencies, listsOnce, known.Mask);
        json.WriteEndObject();
    }

    private static void WriteLastRun(Utf8JsonWriter json, KeptReport? run)
    {
        if (run is null)
        {
            json.WriteNull("lastRun");
            return;
        }

        json.WriteStartObject("lastRun");
        json.WriteString("runId", run.RunId);
        json.WriteString("outcome", run.Outcome);
        json.WriteString("startTime", run.Start);
        json.WriteNumber("wallSeconds", run.WallSeconds);
        json.WriteEndObject();
    }

    private static void WriteLongestPath(Utf8JsonWriter json, KnownGraph known)
    {
        if (known.LongestSeconds is not { } seconds)
        {
            json.WriteNull("longestPath");
            return;
        }

        json.WriteStartObject("longestPath");
        json.WriteNumber("seconds", seconds);
        json.WriteStartArray("scripts");
        foreach (var script in known.LongestPath)
        {
            json.WriteStringValue(known.NameOf(script));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, KnownGraph known, int script, IReadOnlyList<string> dependencies, bool listsOnce)
    {
        json.WriteStartObject();
        json.WriteString("name", known.NameOf(script));
        json.WriteNumber("tier", known.Graph.TierOf(script));
        RunJson.WriteDependencies(json, dependencies, listsOnce, known.Mask);
        json.WriteString("outcome", known.Last[script]?.Outcome);
        WriteOptional(json, "seconds", known.Last[script] is { At: not null } last ? last.Seconds : null);
        WriteOptional(json, "usualSeconds", known.Usual.Count == 0 ? null : known.Usual[script]?.Seconds);
        json.WriteBoolean("isOnLongestPath", known.IsOnPath(script));
        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, Math.Round(known, 3));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
