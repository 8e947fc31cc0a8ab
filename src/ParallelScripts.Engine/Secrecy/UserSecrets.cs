using System.Text.Json;

namespace ParallelScripts;

/// <summary>
/// The user secrets of a project, as <c>dotnet user-secrets</c> keeps them: a JSON file in the person's own folder. What .NET
/// calls <c>Db:Password</c> is <c>Db__Password</c> as an environment variable.
/// </summary>
internal sealed class UserSecrets
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    private UserSecrets()
    {
    }

    /// <summary>What they are called as environment variables.</summary>
    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>Why the file cannot be used, or null. Says nothing of what is in it.</summary>
    public string? Trouble { get; private set; }

    public string? Find(string name) => _values.GetValueOrDefault(name.Replace(":", "__", StringComparison.Ordinal));

    /// <param name="id">The project's <c>UserSecretsId</c>; may be empty.</param>
    /// <param name="environment">Where the person's folder is named.</param>
    public static UserSecrets Read(string id, IReadOnlyDictionary<string, string> environment)
    {
        var secrets = new UserSecrets();
        if (FileOf(id, environment) is not { } file || !File.Exists(file))
        {
            return secrets;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            secrets.Add("", json.RootElement);
        }
        catch (JsonException broken)
        {
            secrets.Trouble = $"line {broken.LineNumber + 1} of '{file}' is not JSON";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            secrets.Trouble = unreadable.Message.TrimEnd('.');
        }

        return secrets;
    }

    /// <summary>By the rules of Microsoft.Extensions.Configuration.UserSecrets (PathHelper.cs).</summary>
    internal static string? FileOf(string id, IReadOnlyDictionary<string, string> environment)
    {
        if (id == "" || Path.GetFileName(id) != id)
        {
            return null;
        }

        return Variable("APPDATA") is { } roaming ? Path.Combine(roaming, "Microsoft", "UserSecrets", id, "secrets.json")
            : (Variable("HOME") ?? Variable("DOTNET_USER_SECRETS_FALLBACK_DIR")) is { } home ? Path.Combine(home, ".microsoft", "usersecrets", id, "secrets.json")
            : null;

        string? Variable(string name) => environment.TryGetValue(name, out var value) && value != "" ? value : null;
    }

    private void Add(string path, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    Add(path == "" ? property.Name : $"{path}:{property.Name}", property.Value);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    Add($"{path}:{index++}", item);
                }

                break;
            case JsonValueKind.Null:
                break;
            default:
                _values[path.Replace(":", "__", StringComparison.Ordinal)] = element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
                break;
        }
    }
}
