using System.Text;

namespace ParallelScripts.Tests;

/// <summary>What a process' environment says about where it comes from.</summary>
public sealed class TheMark
{
    private readonly Marks _marks = new("/projects/obj/scripts", "this", "");

    [Fact]
    public void Says_which_process_of_the_run_it_comes_from() => Assert.Equal(17, _marks.NumberIn(Environment(_marks.Of(17))));

    [Theory]
    [InlineData("first")]
    [InlineData("middle")]
    [InlineData("last")]
    public void Is_found_wherever_it_stands(string where)
    {
        var mark = $"{Marks.Variable}={_marks.Of(3)}";
        var text = where switch
        {
            "first" => $"{mark}\0A=1\0B=2\0",
            "middle" => $"A=1\0{mark}\0B=2\0",
            _ => $"A=1\0B=2\0{mark}",
        };

        Assert.Equal(3, _marks.NumberIn(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A=1\0B=2\0")]
    [InlineData("XPARALLELSCRIPTS_MARK=0-this-1\0")]
    [InlineData("A=PARALLELSCRIPTS_MARK=0-this-1\0")]
    [InlineData("PARALLELSCRIPTS_MARK=\0")]
    [InlineData("PARALLELSCRIPTS_MARK=nonsense:::\0")]
    public void Is_not_seen_where_there_is_none(string environment) => Assert.Null(_marks.NumberIn(Encoding.UTF8.GetBytes(environment)));

    [Fact]
    public void Of_another_run_is_not_taken_for_one_of_this()
    {
        var other = new Marks("/projects/obj/scripts", "other", "");

        Assert.Null(_marks.NumberIn(Environment(other.Of(1))));
        Assert.True(_marks.IsOfEarlierRun(Environment(other.Of(1))));
        Assert.False(_marks.IsOfEarlierRun(Environment(_marks.Of(1))));
    }

    [Fact]
    public void Of_another_state_directory_is_nobody_of_ours()
    {
        var elsewhere = new Marks("/projects/obj/scripts2", "other", "");

        Assert.Null(_marks.NumberIn(Environment(elsewhere.Of(1))));
        Assert.False(_marks.IsOfEarlierRun(Environment(elsewhere.Of(1))));
    }

    [Fact]
    public void Of_a_run_inside_a_script_belongs_to_both_runs()
    {
        var inner = new Marks("/inner/obj/scripts", "inner", _marks.Of(4));

        Assert.Equal(9, inner.NumberIn(Environment(inner.Of(9))));
        Assert.Equal(4, _marks.NumberIn(Environment(inner.Of(9))));
        Assert.False(inner.IsInsideItself);
    }

    [Fact]
    public void Lets_no_run_end_what_it_comes_from()
    {
        var inner = new Marks("/projects/obj/scripts", "inner", _marks.Of(4));

        Assert.True(inner.IsInsideItself);
        Assert.False(inner.IsOfEarlierRun(Environment(_marks.Of(4))));
    }

    private static byte[] Environment(string mark) => Encoding.UTF8.GetBytes($"HOME=/home/ada\0{Marks.Variable}={mark}\0PATH=/bin\0");
}
