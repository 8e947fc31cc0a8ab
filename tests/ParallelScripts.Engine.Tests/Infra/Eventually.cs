namespace ParallelScripts.Tests;

/// <summary>Waits for what another process does. The limit only turns a hang into a failure.</summary>
internal static class Eventually
{
    public static void True(Func<bool> condition, string what)
    {
        var deadline = DateTime.UtcNow.AddMinutes(5);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"Waited in vain until {what}.");
            Thread.Sleep(5);
        }
    }

    /// <summary>A zombie does not live; somebody just has not looked yet.</summary>
    public static void Dead(int process) => True(() => !IsAlive(process), $"process {process} is gone");

    public static bool IsAlive(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] != 'Z';
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
