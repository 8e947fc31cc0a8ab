using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ParallelScripts.Benchmarks;

/// <summary>
/// What a graph of scripts with run times (see workflows.py) takes by numbers alone, longest path first and rehearsed: what
/// tests/performance/replay takes longer is not the order's fault. Prints a Markdown table.
/// </summary>
internal static class Numbers
{
    public static void Print(IEnumerable<string> files)
    {
        Console.WriteLine("| graph (scripts) | slots | bound | longest path first | rehearsed | the rehearsal took |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var file in files)
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file));
            JsonElement[] scripts = [.. json.RootElement.GetProperty("scripts").EnumerateArray()];
            double[] seconds = [.. scripts.Select(script => script.GetProperty("seconds").GetDouble())];
            var graph = Work.Build([.. scripts.Select(script => new Script
            {
                Name = script.GetProperty("name").GetString()!,
                Include = script.GetProperty("name").GetString()!,
                DependsOn = [.. script.GetProperty("dependsOn").EnumerateArray().Select(name => name.GetString()!)],
            })]).Graph!;
            foreach (var slots in new[] { 4, 8, 16 })
            {
                var resources = new Resources();
                var bound = Bound.Of(resources, slots, LongestPath.FromEach(graph, script => seconds[script]).Max(), seconds).Seconds;
                var simulation = new Simulation(graph, Schedule.Eager, slots, resources);
                var start = Stopwatch.GetTimestamp();
                var order = Rehearsal.Order(graph, Schedule.Eager, seconds, slots, resources);
                var took = Stopwatch.GetElapsedTime(start);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {Path.GetFileNameWithoutExtension(file)} ({graph.Count}) | {slots} | {bound:0.0} s | {simulation.Wall(seconds) / bound:0.000} | {simulation.Wall(seconds, order) / bound:0.000} | {took.TotalMilliseconds:0} ms |"));
            }
        }
    }
}
