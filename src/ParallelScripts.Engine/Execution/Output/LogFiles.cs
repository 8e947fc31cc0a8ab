using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ParallelScripts;

/// <summary>Names the log file of each script: one to one, and a plain file name on every system, whatever the script is called.</summary>
internal sealed class LogFiles(string stateDirectory, IEnumerable<string> scripts)
{
    /// <summary>Names that another script has too where upper and lower case are one.</summary>
    private readonly Lazy<HashSet<string>> _alikeButForCase = new(() => scripts
        .GroupBy(script => script, StringComparer.OrdinalIgnoreCase)
        .SelectMany(group => group.Skip(1))
        .ToHashSet(StringComparer.Ordinal));

    /// <summary>Leaves room for an ending within the 255 bytes that file systems allow a name.</summary>
    private const int LongestName = 180;

    private static readonly HashSet<string> _reservedOnWindows = new(StringComparer.OrdinalIgnoreCase)
    {
        "con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
        "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
    };

    /// <summary>The folder of all logs.</summary>
    public string Folder { get; } = Path.Combine(stateDirectory, "logs");

    public string Of(string script) => Path.Combine(Folder, NameFor(script));

    /// <summary>Removes the log of a script: a silent run must not seem to have printed what the one before it did.</summary>
    public void Forget(string script)
    {
        try
        {
            File.Delete(Of(script));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The folder is gone, or not ours. If the script prints anything, it will be said that this could not be logged.
        }
    }

    internal string NameFor(string script)
    {
        var name = new StringBuilder();
        foreach (var c in Encoding.UTF8.GetBytes(script))
        {
            // Percent-encoded, percent included, so that two names never meet in one file.
            var plain = c < 128 && (char.IsAsciiLetterOrDigit((char)c) || "._-+=@,".Contains((char)c));
            _ = plain ? name.Append((char)c) : name.Append(CultureInfo.InvariantCulture, $"%{c:X2}");
        }

        var text = name.ToString();
        if (_reservedOnWindows.Contains(text.Split('.')[0]) || text.StartsWith('.'))
        {
            text = $"%{(int)text[0]:X2}{text[1..]}";
        }

        if (text.Length > LongestName || _alikeButForCase.Value.Contains(script))
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script)))[..8];
            text = $"{text[..Math.Min(text.Length, LongestName)]}~{hash}";
        }

        return text + ".log";
    }
}
