using System.Text.Encodings.Web;
using System.Text.Json;

namespace ParallelScripts;

/// <summary><c>progress.json</c>: how far the run is, for other programs. Replaced in one step, so that whoever reads it reads it whole.</summary>
public static class ProgressFile
{
    public const string FileName = "progress.json";

    /// <summary>The version of its names and their meanings; within one of them none changes.</summary>
    public const int SchemaVersion = 1;

    private static readonly JsonWriterOptions _options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Default };

    public static string FileOf(string stateDirectory) => Path.Combine(stateDirectory, FileName);

    /// <param name="outcome">How the run ended; null while it goes on.</param>
    internal static void Write(RunProgress now, PreparedRun run, RunStart start, Outcome? outcome) => WholeFile.Write(FileOf(run.Place.StateDirectory), stream =>
    {
        using var json = new Utf8JsonWriter(stream, _options);
        Write(json, now, run, start, outcome);
    });

    private static void Write(Utf8JsonWriter json, RunProgress now, PreparedRun run, RunStart start, Outcome? outcome)
    {
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", SchemaVersion);
        json.WriteString("runId", start.RunId);
        json.WriteString("project", run.Secrets.Mask(run.Place.Project));
        json.WriteNumber("processId", Environment.ProcessId);
        json.WriteString("state", outcome is null ? "Running" : "Finished");
        json.WriteString("outcome", outcome?.ToString());
        json.WriteString("startTime", start.Time);
        json.WriteString("time", now.Time);
        json.WriteNumber("seconds", Rounded(now.Seconds));
        Write(json, "secondsLeft", now.SecondsLeft);
        json.WriteNumber("total", now.Total);
        json.WriteNumber("done", now.Done);
        json.WriteNumber("waiting", now.Total - now.Done - now.Running.Count);
        json.WriteNumber("succeeded", now.With(Outcome.Succeeded));
        json.WriteNumber("upToDate", now.With(Outcome.UpToDate));
        json.WriteNumber("failed", now.With(Outcome.Failed));
        json.WriteNumber("timedOut", now.With(Outcome.TimedOut));
        json.WriteNumber("canceled", now.With(Outcome.Canceled));
        json.WriteNumber("skipped", now.With(Outcome.Skipped));
        json.WriteNumber("handedOver", now.With(Outcome.HandedOver));

        json.WriteStartArray("running");
        foreach (var script in now.Running)
        {
            json.WriteStartObject();
            json.WriteString("name", script.Name);
            json.WriteNumber("slot", script.Slot);
            json.WriteNumber("attempt", script.Attempt);
            json.WriteNumber("seconds", Rounded(script.Seconds));
            Write(json, "usualSeconds", script.UsualSeconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double? seconds)
    {
        if (seconds is { } some)
        {
            json.WriteNumber(name, Rounded(some));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static double Rounded(double seconds) => Math.Round(seconds, 3);
}
