using System.Text;

namespace ParallelScripts.Tests;

/// <summary>What a person sees of a script's lines: whole as long as it is not too much, then the first and the last.</summary>
public sealed class LinesShown : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HandClock _clock = new();
    private readonly List<string> _shown = [];
    private readonly ScriptOutput _output;

    public LinesShown() => _output = Live("live.log");

    [Fact]
    public void Come_at_once_while_the_script_prints_slowly()
    {
        for (var second = 1; second <= 3600; second++)
        {
            _clock.Pass(TimeSpan.FromSeconds(1));
            Print(_output, 10, $"second {second}, line ");

            Assert.Equal(10 * second, _shown.Count);
        }
    }

    [Fact]
    public void Are_the_first_and_the_last_of_a_flood()
    {
        Print(_output, 1_000_000);
        Assert.Equal(2000, _shown.Count);
        _output.Dispose();

        Assert.Equal(Numbers(0, 2000), _shown[..2000]);
        Assert.Equal($"… 997,800 lines ({Sizes.Show(Numbers(2000, 997_800).Sum(number => number.Length + 1L))}) left out; the whole output is in {_folder["live.log"]}", _shown[2000]);
        Assert.Equal(Numbers(999_800, 200), _shown[2001..]);
    }

    [Fact]
    public void Are_all_where_only_a_few_would_be_left_out()
    {
        Print(_output, 2200);
        _output.Dispose();

        Assert.Equal(Numbers(0, 2200), _shown);
    }

    [Fact]
    public void Come_again_when_a_flood_is_over()
    {
        Print(_output, 100_000);
        _clock.Pass(TimeSpan.FromSeconds(49));
        Print(_output, 1, "still too early ");
        Assert.Equal(2000 + 1, _shown.Count);
        _clock.Pass(TimeSpan.FromSeconds(2));
        Print(_output, 1, "calm ");

        Assert.StartsWith("… 98,001 lines (", _shown[^2], StringComparison.Ordinal);
        Assert.Equal("calm 0", _shown[^1]);
    }

    [Fact]
    public void Say_after_a_while_that_there_are_more()
    {
        Print(_output, 3000);
        _clock.Pass(TimeSpan.FromSeconds(9));
        Print(_output, 3000);
        Assert.Equal(2000, _shown.Count);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Print(_output, 3000);

        Assert.Equal($"… prints more than is shown here; the whole output is in {_folder["live.log"]}", _shown[^1]);
        Assert.Equal(2001, _shown.Count);
    }

    [Fact]
    public void Are_of_a_line_without_an_end_its_beginning_and_how_much_follows()
    {
        _output.Write(Encoding.UTF8.GetBytes(new string('x', 10_000_000) + "\nnext\n"));

        Assert.Equal(new string('x', 16 * 1024), _shown[0]);
        Assert.Equal($"… 10 MB more of this line left out; the whole output is in {_folder["live.log"]}", _shown[1]);
        Assert.Equal("next", _shown[2]);
    }

    [Fact]
    public void Are_fewer_where_they_are_long()
    {
        Print(_output, 100_000, new string('x', 2560));
        _output.Dispose();

        Assert.InRange(_shown.Sum(line => line.Length), 400_000, 600_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(2200)]
    [InlineData(2201)]
    [InlineData(100_000)]
    public void Are_the_same_when_they_were_held_back(int count)
    {
        var held = new HeldLines(_folder["held.log"]);
        using (var output = new ScriptOutput(_folder["held.log"], shown: held))
        {
            Print(output, count);
        }

        Print(_output, count);
        _output.Dispose();

        Assert.Equal(_shown.Select(line => line.Replace("live.log", "held.log", StringComparison.Ordinal)), held.Read());
    }

    [Fact]
    public void That_were_held_back_are_the_last_ones_when_the_log_is_gone()
    {
        var held = new HeldLines(_folder["held.log"]);
        using (var output = new ScriptOutput(_folder["held.log"], shown: held))
        {
            Print(output, 1000);
            File.Delete(_folder["held.log"]);
        }

        Assert.Equal(["… 800 lines (3.1 KB) left out; not all of it could be logged", .. Numbers(800, 200)], held.Read());
    }

    [Fact]
    public void That_were_held_back_hold_little_memory()
    {
        var held = new HeldLines(_folder["held.log"]);
        using (var output = new ScriptOutput(_folder["held.log"], shown: held))
        {
            Print(output, 1000, new string('x', 10_000));
        }

        Assert.InRange(held.Read().Sum(line => line.Length), 500_000, 700_000);
    }

    public void Dispose()
    {
        _output.Dispose();
        _folder.Dispose();
    }

    private ScriptOutput Live(string log) => new(_folder[log], shown: new LiveLines(_folder[log], _shown.Add, _clock));

    private static void Print(ScriptOutput output, int count, string before = "") =>
        output.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i => $"{before}{i}\n"))));

    private static IEnumerable<string> Numbers(int from, int count) => Enumerable.Range(from, count).Select(i => $"{i}");
}
