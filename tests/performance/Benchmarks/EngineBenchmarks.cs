using BenchmarkDotNet.Attributes;

namespace ParallelScripts.Benchmarks;

/// <summary>Valid graphs, from their declaration to the record of their run.</summary>
[MemoryDiagnoser]
public class EngineBenchmarks
{
    private Script[] _scripts = [];
    private ScriptGraph _graph = null!;
    private RunRecord _record = null!;
    private string _folder = "";

    [Params(1_000, 10_000, 100_000)]
    public int Scripts { get; set; }

    [ParamsAllValues]
    public Shape Shape { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("parallelscripts-").FullName;
        _scripts = Shapes.Of(Shape, Scripts);
        _graph = Work.Build(_scripts).Graph!;
        _record = Work.Run(_graph);
    }

    [GlobalCleanup]
    public void CleanUp() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Description = "build and validate the graph")]
    public int Build() => Work.Build(_scripts).Graph!.Count;

    [Benchmark(Description = "run through the plan")]
    public int Plan() => Work.RunThrough(_graph);

    [Benchmark(Description = "run scripts that do nothing")]
    public int Run() => Work.Run(_graph).Scripts.Count;

    [Benchmark(Description = "write run.json")]
    public void Json() => RunJson.Write(_record, _folder);
}

/// <summary>Graphs with much that is wrong with them: all of it is found.</summary>
[MemoryDiagnoser]
public class ProblemBenchmarks
{
    private Script[] _unknown = [];
    private Script[] _circles = [];

    [Params(1_000, 10_000)]
    public int Problems { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _unknown = Faulty.UnknownNames(Problems);
        _circles = Faulty.Circles(Problems / 10);
    }

    [Benchmark(Description = "as many unknown names")]
    public int Unknown() => Work.Build(_unknown).Problems;

    [Benchmark(Description = "a tenth as many circles of ten")]
    public int Circles() => Work.Build(_circles).Problems;
}

/// <summary>Declares graphs that are wrong.</summary>
internal static class Faulty
{
    public static Script[] UnknownNames(int count) => [.. Enumerable.Range(0, count).Select(i => Named($"s{i}.sh", $"t{i}.sh"))];

    public static Script[] Circles(int count) => [.. Enumerable.Range(0, count * 10).Select(i => Named($"s{i}.sh", $"s{(i % 10 == 9 ? i - 9 : i + 1)}.sh"))];

    private static Script Named(string name, string after) => new() { Name = name, Include = name, DependsOn = [after] };
}
