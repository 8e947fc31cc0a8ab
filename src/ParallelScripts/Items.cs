using System.Text.RegularExpressions;
using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>Items to what the engine knows, word for word.</summary>
internal static partial class Items
{
    public const string Script = "ScriptItem";

    private const string Interpreter = "ScriptInterpreter";

    private const string Pool = "ScriptPool";

    /// <summary>What our items are called.</summary>
    public static readonly IReadOnlyList<string> Kinds = [Script, Interpreter, Pool];

    /// <summary>The metadata of a script that we read.</summary>
    public static readonly IReadOnlyList<string> Metadata =
        ["Name", "DependsOn", "Inputs", "Outputs", "Command", "Interpreter", "Arguments", "WorkingDirectory", "EnvironmentVariables", "SecretVariables", "Timeout", "Retries", "RetryDelay", "ContinueOnError", "IgnoreStandardErrorWarningFormat", "Cores", "Memory", "Pool", "Priority", "Executor", "SlurmOptions"];

    public static Script ToScript(ITaskItem item, ProjectSource source)
    {
        var include = item.ItemSpec.Replace('\\', '/');
        var name = item.GetMetadata("Name").Trim();
        return new Script
        {
            Name = name == "" ? include : name,
            Include = include,
            DependsOn = ListOf(item, "DependsOn"),
            Command = item.GetMetadata("Command").Trim(),
            Interpreter = item.GetMetadata("Interpreter").Trim(),
            Arguments = item.GetMetadata("Arguments").Trim(),
            WorkingDirectory = PathOf(item, "WorkingDirectory"),
            EnvironmentVariables = ListOf(item, "EnvironmentVariables"),
            SecretVariables = ListOf(item, "SecretVariables"),
            Inputs = ListOf(item, "Inputs"),
            Outputs = ListOf(item, "Outputs"),
            Timeout = item.GetMetadata("Timeout").Trim(),
            Retries = item.GetMetadata("Retries").Trim(),
            RetryDelay = item.GetMetadata("RetryDelay").Trim(),
            ContinueOnError = item.GetMetadata("ContinueOnError").Trim(),
            IgnoreStandardErrorWarningFormat = item.GetMetadata("IgnoreStandardErrorWarningFormat").Trim(),
            Cores = item.GetMetadata("Cores").Trim(),
            Memory = item.GetMetadata("Memory").Trim(),
            Pool = ListOf(item, "Pool"),
            Priority = item.GetMetadata("Priority").Trim(),
            Executor = item.GetMetadata("Executor").Trim(),
            SlurmOptions = item.GetMetadata("SlurmOptions").Trim(),
            Place = source.PlaceOfItem(item, Script),
        };
    }

    public static InterpreterDeclaration ToInterpreter(ITaskItem item, ProjectSource source) =>
        new(item.ItemSpec, item.GetMetadata("Command"), source.PlaceOfItem(item, Interpreter));

    public static PoolDeclaration ToPool(ITaskItem item, ProjectSource source) =>
        new(item.ItemSpec, item.GetMetadata("Depth"), source.PlaceOfItem(item, Pool));

    private static string PathOf(ITaskItem item, string metadata) => item.GetMetadata(metadata).Trim().Replace('\\', '/');

    /// <summary>A list as MSBuild has them: split at each <c>;</c>, and only then is <c>%3B</c> a <c>;</c> again.</summary>
    private static string[] ListOf(ITaskItem item, string metadata)
    {
        var escaped = ((ITaskItem2)item).GetMetadataValueEscaped(metadata);
        return escaped == ""
            ? []
            : Array.ConvertAll(escaped.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Unescape);
    }

    /// <summary>MSBuild's own escape: two hexadecimal digits are one character. What is not that stays as it is.</summary>
    private static string Unescape(string text) =>
        text.Contains('%') ? EscapedCharacter().Replace(text, match => ((char)Convert.ToInt32(match.ValueSpan[1..].ToString(), 16)).ToString()) : text;

    [GeneratedRegex("%[0-9A-Fa-f]{2}")]
    private static partial Regex EscapedCharacter();
}
