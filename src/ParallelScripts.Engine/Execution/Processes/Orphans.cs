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
        var asked = new List<Orphan>();
        var began = Stopwatch.GetTimestamp();
        for (var pause = 1; ; pause = Math.Min(pause * 2, 20))
        {
            var left = Find(table, marks);
            var elapsed = Stopwatch.GetElapsedTime(began);
            if (left.Count == 0 || elapsed > grace + Descendants.Undying)
            {
                return [.. asked.Select(orphan => orphan.Process)];
            }

            foreach (var orphan in left)
            {
                var isNew = !asked.Exists(known => known.Key == orphan.Key);
                if (isNew)
                {
                    asked.Add(orphan);
                }

                if (elapsed >= grace)
                {
                    table.Signal(orphan.Key, LibC.SIGKILL);
                }
                else if (isNew)
                {
                    table.Signal(orphan.Key, LibC.SIGTERM);
                    table.Signal(orphan.Key, LibC.SIGCONT);
                }
            }

            Thread.Sleep(elapsed >= grace ? 1 : pause);
        }
    }

    private static List<Orphan> Find(ProcessTable table, Marks marks)
    {
        var numbers = new List<int>();
        var found = new List<Orphan>();
        table.List(numbers);
        foreach (var number in numbers)
        {
            if (marks.IsOfEarlierRun(table.EnvironmentOf(number)) && number != Environment.ProcessId
                && table.TryGet(number, out var entry) && entry.IsAlive && ProcessTable.IsAtHome(number))
            {
                found.Add(new Orphan(entry.Key, new LeftProcess(number, table.CommandOf(number))));
            }
        }

        return found;
    }

    private sealed record Orphan(ProcessKey Key, LeftProcess Process);
}
