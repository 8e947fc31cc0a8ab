using System.Text;

namespace ParallelScripts.Package.Tests;

/// <summary>The processes of this machine, as far as a test has to know of them.</summary>
internal static class Processes
{
    /// <summary>What has been killed is gone a moment later: at once, but for a machine that is busy. What was missed would sleep for ten minutes.</summary>
    public static void AssertNoneWith(string name, string value)
    {
        for (var limit = DateTime.UtcNow.AddSeconds(20); With(name, value).Count > 0 && DateTime.UtcNow < limit; Thread.Sleep(20))
        {
        }

        Assert.Empty(With(name, value));
    }

    /// <summary>
    /// The command lines of all processes that inherited this setting. What a build started, and what that started, is found
    /// so wherever it went: it may have left its group, its session and its parent, but not its environment.
    /// </summary>
    public static IReadOnlyList<string> With(string name, string value)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows the environment of its processes in /proc.");
        var setting = $"{name}={value}";
        var found = new List<string>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(folder["/proc/".Length])))
        {
            try
            {
                if (Encoding.UTF8.GetString(File.ReadAllBytes($"{process}/environ")).Split('\0').Contains(setting))
                {
                    found.Add($"{Path.GetFileName(process)}: {Encoding.UTF8.GetString(File.ReadAllBytes($"{process}/cmdline")).Replace('\0', ' ')}");
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // Ended while we looked, or somebody else's.
            }
        }

        return found;
    }
}
