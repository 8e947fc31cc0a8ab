using System.Text;

namespace ParallelScripts;

/// <summary>
/// Ends what scripts of a killed run have left running. A script and all it starts carry in their environment which state directory
/// they belong to; whoever has the lock of that directory is the only one who may have processes with the mark.
/// </summary>
internal static class Orphans
{
    /// <summary>The mark: the state directory that a script's run records to.</summary>
    public const string Variable = "PARALLELSCRIPTS_STATE";

    /// <summary>Kills every process with the mark of this state directory. Gives their numbers.</summary>
    /// <remarks>Only where the system shows the environment of other processes, in /proc; elsewhere nothing is found.</remarks>
    public static IReadOnlyList<int> End(string stateDirectory)
    {
        var ended = new List<int>();
        if (!OperatingSystem.IsLinux())
        {
            return ended;
        }

        // Again until none is found: one may have started another while we looked.
        var mark = Encoding.UTF8.GetBytes($"{Variable}={stateDirectory}\0");
        for (var found = true; found;)
        {
            found = false;
            foreach (var process in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture)))
            {
                if (process != Environment.ProcessId && HasMark(process, mark) && LibC.kill(process, LibC.SIGKILL) == 0)
                {
                    found |= !ended.Contains(process);
                    ended.Add(process);
                }
            }
        }

        return [.. ended.Distinct()];
    }

    private static bool HasMark(int process, byte[] mark)
    {
        try
        {
            var environment = File.ReadAllBytes($"/proc/{process}/environ");
            return environment.AsSpan().StartsWith(mark) || environment.AsSpan().IndexOf((ReadOnlySpan<byte>)[0, .. mark]) >= 0;
        }
        catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
        {
            // It has ended, or belongs to somebody else.
            return false;
        }
    }
}
