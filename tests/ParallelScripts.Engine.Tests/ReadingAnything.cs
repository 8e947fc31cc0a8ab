namespace ParallelScripts.Tests;

/// <summary>Output may be anything: cut, mixed, endless. Reading it never throws, never takes long, and keeps little.</summary>
[Collection(nameof(Alone))]
public sealed class ReadingAnything
{
    /// <summary>Every line of every recording.</summary>
    private static readonly string[] _lines = [.. Recording.Names.SelectMany(name => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Recorded", name + ".out"))).Distinct()];

    [Fact]
    public void That_is_cut_and_mixed_never_throws_and_is_told_in_few_words()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            using var script = new Reader(((string[])["fit.py", "fit.R", "fit.js", "fit.rb", "fit.pl", "fit.sh", "fit.ps1", "fit.jl", "fit.cs"])[seed % 9]);
            for (var i = 0; i < 300; i++)
            {
                script.Print(Broken(random, _lines[random.Next(_lines.Length)]));
            }

            var end = seed % 2 == 0 ? script.Fail() : script.Succeed();

            Assert.All(end.Told.Append(end.Problem).OfType<Problem>(), problem => Assert.InRange(problem.ToString().Length, 1, 20_000));
            Assert.InRange(end.Told.Count, 0, 52);
        }
    }

    [Fact]
    public void That_never_ends_keeps_no_more_than_its_first_part()
    {
        var random = new Random(1);
        using var script = new Reader();
        void PrintMuch()
        {
            for (var i = 0; i < 100_000; i++)
            {
                script.Print(Broken(random, _lines[random.Next(_lines.Length)]));
            }
        }

        PrintMuch();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        PrintMuch();
        var after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.InRange(after - before, long.MinValue, 2_000_000);
    }

    [Theory]
    [InlineData("(1)")]
    [InlineData("a:1: ")]
    [InlineData(" at a line 1, <b> line 2")]
    [InlineData("error error ")]
    [InlineData("warning : error ")]
    [InlineData("    at ")]
    [InlineData("A.")]
    [InlineData("x.rb:1:in `a' ")]
    [InlineData("Warning: ")]
    [InlineData("1,")]
    [InlineData(" | ")]
    [InlineData("File \"")]
    [InlineData("source('stop(\"")]
    public void That_is_one_endless_line_takes_no_longer_than_any_other(string part)
    {
        var line = string.Concat(Enumerable.Repeat(part, (16 * 1024 / part.Length) + 1))[..(16 * 1024)];
        using var script = new Reader();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (var beginning in _beginnings)
        {
            script.Print(beginning + line);
            script.Print(beginning + line + ": error CS1: x");
        }

        script.Fail();

        // What backtracks without bound takes hours.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static readonly string[] _beginnings =
    [
        "", "Traceback (most recent call last):\n  ", "  File \"", "    at f (", "Unhandled exception. ", "   at ", "Error in ", "Error: ", "Warning in ", "ERROR: ",
        "Stacktrace:\n [1] ", "\tfrom ", "\t", "x.ps1: ", "At ", "fit.py(", "fit.py:1", "___ ", "/x", "(node:1) ", "E   ", "usage: x\n", "In ", "Warning message:\n",
    ];

    private static string Broken(Random random, string line) => random.Next(6) switch
    {
        0 => line[..random.Next(line.Length + 1)],
        1 => line[random.Next(line.Length + 1)..],
        2 => line + line,
        3 => line.Insert(random.Next(line.Length + 1), ((char)random.Next(1, 0x2fff)).ToString()),
        4 => line.Replace('1', '9').Replace(":", ": ", StringComparison.Ordinal),
        _ => line,
    };
}
