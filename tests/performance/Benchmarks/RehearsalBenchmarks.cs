using BenchmarkDotNet.Attributes;

namespace ParallelScripts.Benchmarks;

/// <summary>What it costs to look for a better order before a run, with as many tries as there are at most.</summary>
[MemoryDiagnoser]
public class RehearsalBenchmarks
{
    private ScriptGraph _graph = null!;
    private double[] _seconds = [];

    [Params(50, 300, 2_000)]
    public int Scripts { get; set; }

    [Params(Shape.Wide, Shape.Layered, Shape.Random)]
    public Shape Shape { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _graph = Work.Build(Shapes.Of(Shape, Scripts)).Graph!;
        _seconds = [.. Enumerable.Range(0, Scripts).Select(script => 10.0 + (script * 7919 % 97))];
    }

    [Benchmark(Description = "one run in numbers")]
    public double Once() => new Simulation(_graph, Schedule.Eager, 8, new Resources()).Wall(_seconds);

    [Benchmark(Description = "look for a better order")]
    public int Look() => Rehearsal.Order(_graph, Schedule.Eager, _seconds, 8, new Resources())?.Length ?? 0;
}
