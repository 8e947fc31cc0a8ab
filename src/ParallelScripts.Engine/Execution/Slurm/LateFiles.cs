using System.Diagnostics;

namespace ParallelScripts;

/// <summary>Waits for files that another machine has written and a network's file system does not show here yet.</summary>
internal static class LateFiles
{
    /// <summary>What is not there by then is missing.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <param name="files">Files, folders or globs, absolute.</param>
    /// <param name="areThere">Looks whether all is there.</param>
    public static async Task WaitAsync(IEnumerable<string> files, Func<bool> areThere, CancellationToken stop)
    {
        string[] all = [.. files];
        var began = Stopwatch.GetTimestamp();
        Refresh(all);
        while (!areThere() && Stopwatch.GetElapsedTime(began) < Longest && !stop.IsCancellationRequested)
        {
            await Task.Delay(_pause, CancellationToken.None).ConfigureAwait(false);
            Refresh(all);
        }
    }

    /// <summary>To open a file, or to read its folder, asks the server; to look at it may give what was known a minute ago.</summary>
    private static void Refresh(string[] files)
    {
        foreach (var folder in files.Select(Path.GetDirectoryName).Distinct())
        {
            if (Directory.Exists(folder))
            {
                _ = Directory.EnumerateFileSystemEntries(folder).Any();
            }
        }

        foreach (var file in files.Where(File.Exists))
        {
            try
            {
                using var open = File.OpenHandle(file, share: FileShare.ReadWrite | FileShare.Delete);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // Whoever reads it will say so.
            }
        }
    }
}
