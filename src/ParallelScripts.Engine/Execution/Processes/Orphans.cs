using System.Diagnostics;

namespace ParallelScripts;

/// <summary>
/// Ends what scripts of a killed run have left running. Whoever has the lock of a state directory is the only one who may have processes
/// with its mark; so what carries that of another run is left from one that was killed.
/// </summary>
internal static class Orphans
{
    /// <summary>Asks them to end, and kills them when <paramref name="grace"/> is over. Gives what was found.</summary>
    /// <remarks>Only where the system shows the environment of other processes, in /proc; elsewhere nothing is found.</remarks>
    public static IReadOnlyList<LeftProcess> End(Marks marks, TimeSpan grace)
    {
        if (!LinuxProcessRunner.IsSupported)
        {
            return [];
        }

        using var table = new ProcessTable();
        var asked = new Dictionary<ProcessKey, LeftProcess>();
        var began = Stopwatch.GetTimestamp();
        for (var pause = 1; ; pause = Math.Min(pause * 2, 20))
        {
            var left = Find(table, marks);
            var elapsed = Stopwatch.GetElapsedTime(began);
            if (left.Count == 0 || elapsed > grace + Descendants.Undying)
            {
                return [.. asked.Values];
            }

            foreach (var process in left)
            {
                var isNew = asked.TryAdd(process, new LeftProcess(process.Number, table.CommandOf(process.Number)));
                if (elapsed >= grace)
                {
                    table.Signal(process, LibC.SIGKILL);
                }
                else if (isNew)
                {
                    table.Signal(process, LibC.SIGTERM);
                    table.Signal(process, LibC.SIGCONT);
                }
            }

            Thread.Sleep(elapsed >= grace ? 1 : pause);
        }
    }

    private static List<ProcessKey> Find(ProcessTable table, Marks marks)
    {
        var numbers = new List<int>();
        var found = new List<ProcessKey>();
        table.List(numbers);
        foreach (var number in numbers)
        {
            if (marks.IsOfEarlierRun(table.EnvironmentOf(number)) && number != Environment.ProcessId
                && table.TryGet(number, out var entry) && entry.IsAlive && ProcessTable.IsAtHome(number))
            {
                found.Add(entry.Key);
            }
        }

        return found;
    }
}
