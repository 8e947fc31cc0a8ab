using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ParallelScripts.Benchmarks;

// Started by tests/performance/benchmark. `scaling [rounds]` and `numbers GRAPH...` answer one question each in a minute; everything else is BenchmarkDotNet's, such as `--filter '*Rehears*'`.
if (args is ["scaling", .. var rest])
{
    Scaling.Print(rest is [var rounds] ? int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture) : 5);
    return;
}

if (args is ["numbers", .. var files])
{
    Numbers.Print(files);
    return;
}

// In this process: a project that BenchmarkDotNet makes for each benchmark would be built by the rules of this repository.
var config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "parallelscripts-benchmarks"));
BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmarks).Assembly).Run(args, config);
