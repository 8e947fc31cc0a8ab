namespace ParallelScripts.Tests;

public sealed class GoodGraphs
{
    [Fact]
    public void Put_a_script_one_tier_above_the_highest_it_depends_on()
    {
        var graph = Graphs.Parse("a\nb: a\nc: a b\nd");

        Assert.Equal([0, 1, 2, 0], Enumerable.Range(0, graph.Count).Select(graph.TierOf));
        Assert.Equal(3, graph.TierCount);
    }

    [Fact]
    public void Take_a_dependency_by_name_by_item_or_by_glob()
    {
        var problems = new List<Problem>();
        var graph = Graphs.TryBuild(
            [
                new Script { Name = "load", Include = "steps/load.py" },
                new Script { Name = "steps/clean.py", Include = "steps/clean.py" },
                new Script { Name = "by name", Include = "x1", DependsOn = ["load"] },
                new Script { Name = "by item", Include = "x2", DependsOn = ["steps/load.py"] },
                new Script { Name = "by item on Windows", Include = "x3", DependsOn = ["steps\\load.py"] },
                new Script { Name = "by glob", Include = "x4", DependsOn = ["steps/*.py"] },
            ],
            problems)!;

        Assert.Empty(problems);
        Assert.Equal(["0", "0", "0", "0 1"], Enumerable.Range(2, 4).Select(script => string.Join(' ', graph.DependenciesOf(script).Order())));
    }

    [Fact]
    public void Take_every_script_of_a_file_that_is_listed_under_several_names()
    {
        var problems = new List<Problem>();
        var graph = Graphs.TryBuild(
            [
                new Script { Name = "fit 1", Include = "fit.py" },
                new Script { Name = "fit 2", Include = "fit.py" },
                new Script { Name = "plot.py", Include = "plot.py", DependsOn = ["fit.py"] },
            ],
            problems)!;

        Assert.Equal([0, 1], graph.DependenciesOf(2).Order());
    }

    [Fact]
    public void Do_not_make_a_script_wait_for_itself_by_its_own_glob()
    {
        var graph = Graphs.Parse("a.py\nb.py\nlast.py: *.py");

        Assert.Equal([0, 1], graph.DependenciesOf(2).Order());
    }

    [Theory]
    [InlineData("*.py", "a.py", true)]
    [InlineData("*.py", "sub/a.py", false)]
    [InlineData("sub/*.py", "sub/a.py", true)]
    [InlineData("**/a.py", "a.py", true)]
    [InlineData("**/a.py", "x/y/a.py", true)]
    [InlineData("x/**", "x/y/a.py", true)]
    [InlineData("?.py", "a.py", true)]
    [InlineData("?.py", "ab.py", false)]
    [InlineData("a.b*", "axb", false)]
    [InlineData("a+(b)*", "a+(b)c", true)]
    [InlineData("*", "with\nnewline", true)]
    public void Match_globs_as_MSBuild_does(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new Glob(pattern).Matches(name));

    [Fact]
    public void Need_a_thousand_times_a_thousand_edges_only_as_two_thousand()
    {
        var first = string.Join('\n', Enumerable.Range(0, 1000).Select(i => $"first/{i}"));
        var then = string.Join('\n', Enumerable.Range(0, 1000).Select(i => $"then/{i}: first/*"));
        var graph = Graphs.Parse(first + "\n" + then);

        Assert.Equal(2001, graph.NodeCount);
        Assert.Equal(2000, Enumerable.Range(0, graph.NodeCount).Sum(node => graph.NodesBefore(node).Length));
        Assert.Equal(1000, graph.DependenciesOf(1500).Count());
        Assert.Equal(1000, graph.DependentsOf(0).Count());
        Assert.Equal(1, graph.TierOf(1999));
    }

    [Fact]
    public void Are_built_of_100_000_scripts()
    {
        var graph = Graphs.From([.. Enumerable.Range(0, 100_000).Select(i => i < 10 ? Array.Empty<int>() : [i - 1, i - 7, i / 2])]);

        Assert.Equal(100_000, graph.Count);
        Assert.Equal(99_991, graph.TierCount);
    }

    [Fact]
    public void Know_their_longest_path()
    {
        // a(1) --> b(5) --> d(1)
        //      \-> c(2) --> d
        var graph = Graphs.Parse("a\nb: a\nc: a\nd: b c");
        double[] weights = [1, 5, 2, 1];

        var (scripts, weight) = LongestPath.Of(graph, script => weights[script]);

        Assert.Equal([0, 1, 3], scripts);
        Assert.Equal(7, weight);
    }

    [Fact]
    public void Of_nothing_are_fine()
    {
        var graph = Graphs.Parse("");

        Assert.Equal((0, 0), (graph.Count, graph.TierCount));
        Assert.Empty(LongestPath.Of(graph, _ => 1).Scripts);
    }
}
