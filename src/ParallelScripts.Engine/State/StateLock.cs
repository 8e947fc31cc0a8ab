using System.Globalization;

namespace ParallelScripts;

/// <summary>
/// One run at a time in a state directory, by a lock of the operating system on an open file: it ends with the process that
/// holds it, however that ends, so there is never a stale one.
/// </summary>
internal sealed class StateLock : IDisposable
{
    /// <summary>The system wakes nobody when a lock becomes free.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private StateLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; null if it is held by somebody and <paramref name="wait"/> is not wanted, or cancelled.</summary>
    /// <param name="stateDirectory">What is locked.</param>
    /// <param name="wait">Whether to wait for it.</param>
    /// <param name="isHeld">Told once who holds it, if somebody does.</param>
    public static StateLock? Take(string stateDirectory, bool wait, Action<string> isHeld, CancellationToken cancellation)
    {
        var file = Path.Combine(stateDirectory, "lock");
        var owner = Path.Combine(stateDirectory, "lock.owner");
        for (var told = false; ; told = true)
        {
            try
            {
                var taken = new StateLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
                WriteOwner(owner);
                return taken;
            }
            catch (IOException) when (File.Exists(file))
            {
                if (!told)
                {
                    isHeld(ReadOwner(owner));
                }

                if (!wait || cancellation.WaitHandle.WaitOne(_pause))
                {
                    return null;
                }
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private static void WriteOwner(string owner)
    {
        try
        {
            File.WriteAllText(owner, string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}, since {DateTime.Now:yyyy-MM-dd HH:mm:ss}"));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Only those who wait would have read it.
        }
    }

    private static string ReadOwner(string owner)
    {
        try
        {
            return File.ReadAllText(owner);
        }
        catch (IOException)
        {
            return "a process that has not said its number yet";
        }
    }
}
