using CsCheck;

namespace ParallelScripts.Tests;

/// <summary>In what order scripts come that may start, against a sort that is easy to believe.</summary>
public sealed class OrderOfStarts
{
    [Fact]
    public void Is_by_priority_then_by_path_then_as_declared() =>
        Gen.Select(Gen.OneOf(Gen.Int[0, 3].Select(whole => (double)whole), Gen.Double[0, 1e9]), Gen.Int[-2, 2]).Array[0, 300].Sample(scripts =>
        {
            var paths = scripts.Select(script => script.Item1).ToArray();
            var order = new StartOrder(scripts.Length, paths, [.. scripts.Select(script => Demand.Default with { Priority = script.Item2 })]);
            var expected = Enumerable.Range(0, scripts.Length).OrderByDescending(script => scripts[script].Item2).ThenByDescending(script => paths[script]).ThenBy(script => script).ToArray();

            return expected.Select((script, place) => order.At(place) == script && order.PlaceOf(script) == place).All(same => same);
        });

    [Fact]
    public void Is_by_path_where_nobody_declares_a_priority()
    {
        var order = new StartOrder(3, [1, 2.5, 2.5, 7], []);

        Assert.Equal([1, 2, 0], Enumerable.Range(0, 3).Select(order.At));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(5_000)]
    public void Is_kept_by_a_set_of_places_that_come_and_go(int bound) =>
        Gen.Select(Gen.Bool, Gen.Int[0, bound - 1]).Array[0, 400].Sample(
            steps =>
            {
                var set = new NumberSet(bound);
                var expected = new SortedSet<int>();
                foreach (var (adds, number) in steps)
                {
                    if (adds)
                    {
                        set.Add(number);
                        expected.Add(number);
                    }
                    else if (set.TryTake(out var taken) != expected.Count > 0 || (expected.Count > 0 && taken != expected.Min) || (expected.Count > 0 && !expected.Remove(taken)))
                    {
                        return false;
                    }

                    if (set.Count != expected.Count || set.TryPeek(out var first) != expected.Count > 0 || (expected.Count > 0 && first != expected.Min))
                    {
                        return false;
                    }
                }

                return true;
            },
            iter: 200);
}
