namespace ParallelScripts.Tests;

/// <summary>What the scripts of a test need and are known to take, as text: <c>wide cores 4; db pool 0; big memory 10</c> (in GB), <c>slow takes 60</c>.</summary>
internal static class Needs
{
    public static Resources Of(string graph, string needs, long memory = 16_000_000_000, params int[] depths)
    {
        var parsed = Graphs.Parse(graph);
        var demands = Enumerable.Repeat(Demand.Default, parsed.Count).ToArray();
        var usual = new Usual?[parsed.Count];
        foreach (var words in needs.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(need => need.Split(' ')))
        {
            var script = parsed.NumberOf(words[0]);
            for (var i = 1; i < words.Length; i += 2)
            {
                var number = double.Parse(words[i + 1], System.Globalization.CultureInfo.InvariantCulture);
                demands[script] = words[i] switch
                {
                    "cores" => demands[script] with { DeclaredCores = (int)number },
                    "memory" => demands[script] with { Memory = (long)(number * 1e9) },
                    "pool" => demands[script] with { Pools = [.. demands[script].Pools, (int)number] },
                    "priority" => demands[script] with { Priority = (int)number },
                    _ => demands[script],
                };
                usual[script] = words[i] switch
                {
                    "takes" => (usual[script] ?? new Usual(0, null, null)) with { Seconds = number },
                    "held" => (usual[script] ?? new Usual(1, null, null)) with { PeakMemory = (long)(number * 1e9) },
                    _ => usual[script],
                };
            }
        }

        return new Resources
        {
            Demands = demands,
            Pools = [.. depths.Select((depth, pool) => new ScriptPool($"pool{pool}", depth))],
            Memory = new HandMemory(memory),
            Now = () => 0,
            LookUp = () => usual.Any(known => known is not null) ? usual : [],
        };
    }
}
