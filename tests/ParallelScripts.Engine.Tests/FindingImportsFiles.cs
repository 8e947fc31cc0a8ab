namespace ParallelScripts.Tests;

/// <summary>Made-up files for the tests of imports: one a line, <c>/s/a.py: import b</c>, with <c>\n</c> for a new line.</summary>
internal sealed class FindingImportsFiles
{
    private readonly Dictionary<string, string> _texts = [];

    public FindingImportsFiles(string files)
    {
        foreach (var line in files.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split(':', 2);
            _texts[parts[0]] = parts[1].Trim().Replace("\\n", "\n");
        }
    }

    /// <summary>How often somebody asked whether a file is there.</summary>
    public int Questions { get; private set; }

    /// <summary>What a text says, <c>|</c> between.</summary>
    public static string Scan(string extension, string text) => string.Join(" | ", ImportScanner.Scan(extension, text));

    /// <summary>What the first file pulls in, when it is started in /w.</summary>
    public static string Modules(string files, params string[] pythonPath)
    {
        var all = new FindingImportsFiles(files);
        return all.ModulesOf(all._texts.Keys.First(), pythonPath);
    }

    public string ModulesOf(string script, params string[] pythonPath) =>
        string.Join(' ', LocalModules.Of(
            script,
            [Path.GetDirectoryName(script)!, .. pythonPath, "/w"],
            IsThere,
            file => ImportScanner.Scan(Path.GetExtension(file), _texts[file])));

    private bool IsThere(string file)
    {
        Questions++;
        return _texts.ContainsKey(file);
    }
}
