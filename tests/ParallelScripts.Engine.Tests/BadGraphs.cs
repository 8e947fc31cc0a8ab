namespace ParallelScripts.Tests;

public sealed class BadGraphs
{
    [Theory]
    [InlineData("a: a", "PSCR1004: Script 'a' depends on itself. Remove 'a' from its DependsOn.")]
    [InlineData("a: c\nb: a\nc: b", "PSCR1004: Scripts depend on each other in a circle: a [work.csproj(1)] -> c [work.csproj(3)] -> b [work.csproj(2)] -> a [work.csproj(1)]. Remove one of these from the DependsOn of the one before it.")]
    [InlineData("compile\ntest: complie", "PSCR1002: Script 'test' depends on 'complie', but no script has that name. Did you mean 'compile'?")]
    [InlineData("a\nb: zzz", "PSCR1002: Script 'b' depends on 'zzz', but no script has that name. Add a script named 'zzz', or remove it from DependsOn.")]
    [InlineData("a\na", "PSCR1001: Two scripts are named 'a'; the first is at work.csproj(1). Give each its own Name; or, where a glob takes the file in already, write Update instead of a second Include.")]
    [InlineData("a\nb: *.py", "PSCR1003: Script 'b' depends on '*.py', but no script's name matches that. Correct the pattern, or remove it from DependsOn.")]
    public void Are_refused_with_a_message_that_says_what_to_do(string graph, string expected) =>
        Assert.Equal([expected], Graphs.ProblemsOf(graph).Select(problem => $"{problem.Code}: {problem}"));

    [Fact]
    public void Have_all_their_problems_told_at_once()
    {
        // Two rings, a duplicate and an unknown name.
        var problems = Graphs.ProblemsOf("a: b\nb: a\nc: d\nd: c\ne\ne\nf: nobody");

        Assert.Equal(["PSCR1001 6", "PSCR1002 7", "PSCR1004 1", "PSCR1004 3"], problems.Select(problem => $"{problem.Code} {problem.Place.Line}").Order());
    }

    [Fact]
    public void Show_the_shortest_ring_of_a_knot()
    {
        // a -> b -> c -> d -> a, and the short cut c -> b.
        var problem = Assert.Single(Graphs.ProblemsOf("b: c\nc: b d\nd: a\na: b"));

        Assert.Contains("b [work.csproj(1)] -> c [work.csproj(2)] -> b [work.csproj(1)].", problem.What);
    }

    [Fact]
    public void See_a_ring_through_a_list_that_several_scripts_share()
    {
        // x and y both wait for "a b"; a waits for x.
        var problem = Assert.Single(Graphs.ProblemsOf("a: x\nb\nx: a b\ny: a b"));

        Assert.Contains("a [work.csproj(1)] -> x [work.csproj(3)] -> a [work.csproj(1)].", problem.What);
    }

    [Fact]
    public void Are_refused_when_all_wait_for_all_by_a_glob()
    {
        // Each waits for all others: named by the first two, and not by ten thousand copies of a list of ten thousand.
        var problem = Assert.Single(Graphs.ProblemsOf(string.Join('\n', Enumerable.Range(0, 10_000).Select(i => $"s{i:0000}: s*"))));

        Assert.Equal("PSCR1004", problem.Code);
        Assert.Contains("s0000 [work.csproj(1)] -> s0001 [work.csproj(2)] -> s0000", problem.What);
    }
}
