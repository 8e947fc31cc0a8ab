using System.Diagnostics;
using System.Globalization;

namespace ParallelScripts.Benchmarks;

/// <summary>
/// Whether 100,000 scripts cost each what 1,000 do, in processor time: every step at each size, in turns, in one process, and what the graph and its record
/// hold in memory. Prints a Markdown table.
/// </summary>
internal static class Scaling
{
    private static readonly int[] _sizes = [1_000, 10_000, 100_000];

    private static readonly (string Name, Func<Script[], ScriptGraph, object?> Step)[] _steps =
    [
        ("build and validate", (scripts, _) => Work.Build(scripts)),
        ("run through the plan", (_, graph) => Work.RunThrough(graph)),
        ("run scripts that do nothing", (_, graph) => Work.Run(graph)),
    ];

    public static void Print(int rounds)
    {
        Console.WriteLine("| shape | step | µs a script at 1,000 | at 10,000 | at 100,000 | 100,000 against 1,000 | memory alone | all 100,000 |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var shape in Enum.GetValues<Shape>())
        {
            var cases = _sizes.Select(size => Shapes.Of(shape, size)).Select(scripts => (Scripts: scripts, Graph: Work.Build(scripts).Graph!)).ToArray();
            foreach (var (name, step) in _steps)
            {
                var large = cases[^1];
                var (allocated, kept) = Floor.BytesOf(() => step(large.Scripts, large.Graph), _sizes[^1]);
                var medians = MediansOf(rounds, i => step(cases[i].Scripts, cases[i].Graph));
                var floors = MediansOf(rounds, i => Floor.Allocate(_sizes[i], allocated, kept));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {shape} | {name} | {medians[0]:0.00} | {medians[1]:0.00} | {medians[2]:0.00} | {medians[2] / medians[0]:0.00} | {floors[2] - floors[0]:0.00} µs of {medians[2] - medians[0]:0.00} | {medians[2] * _sizes[^1] / 1000:0} ms |"));
            }
        }

        Console.WriteLine();
        Console.WriteLine("| shape | held: scripts as declared | the graph | the record of its run | peak of the process |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var shape in Enum.GetValues<Shape>())
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var scripts = Shapes.Of(shape, _sizes[^1]);
            var declared = GC.GetTotalMemory(forceFullCollection: true);
            var graph = Work.Build(scripts).Graph!;
            var built = GC.GetTotalMemory(forceFullCollection: true);
            var record = Work.Run(graph);
            var ran = GC.GetTotalMemory(forceFullCollection: true);
            GC.KeepAlive((scripts, graph, record));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {shape} | {Mega(declared - before)} | {Mega(built - declared)} | {Mega(ran - built)} | {Mega(Process.GetCurrentProcess().PeakWorkingSet64)} |"));
        }
    }

    /// <summary>Microseconds a script at each size, the small ones as often as it takes to be as much work as the large one.</summary>
    private static double[] MediansOf(int rounds, Func<int, object?> step)
    {
        var times = _sizes.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < _sizes.Length; i++)
            {
                var repeat = _sizes[^1] / _sizes[i];
                GC.Collect();
                var start = Environment.CpuUsage.TotalTime;
                for (var again = 0; again < repeat; again++)
                {
                    step(i);
                }

                if (round > 0)
                {
                    times[i].Add((Environment.CpuUsage.TotalTime - start).TotalMicroseconds / _sizes[^1]);
                }
            }
        }

        return [.. times.Select(Median)];
    }

    private static string Mega(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
