using System.Text.Json;
using System.Text.Json.Serialization;

namespace ParallelScripts;

/// <summary><c>run.json</c>: the last run, for programs.</summary>
public static class RunJson
{
    public const string FileName = "run.json";

    /// <summary>Puts the record into the state directory in one step: whoever reads it sees the run before or this one, whole.</summary>
    public static void Write(RunRecord record, string stateDirectory)
    {
        Directory.CreateDirectory(stateDirectory);
        var file = Path.Combine(stateDirectory, FileName);
        var temporary = file + ".new";
        using (var stream = File.Create(temporary))
        {
            JsonSerializer.Serialize(stream, record, RunJsonContext.Default.RunRecord);
        }

        File.Move(temporary, file, overwrite: true);
    }
}

[JsonSerializable(typeof(RunRecord))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    NewLine = "\n")]
internal sealed partial class RunJsonContext : JsonSerializerContext;
