using BenchmarkDotNet.Running;
using ParallelScripts.Benchmarks;

// `scaling [rounds]` answers one question in a minute; everything else is BenchmarkDotNet's: `--filter '*Build*'`, `--job short`.
if (args is ["scaling", .. var rest])
{
    Scaling.Print(rest is [var rounds] ? int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture) : 5);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmarks).Assembly).Run(args);
