namespace ParallelScripts.Tests;

/// <summary>Lines in the form of build tools, and what only looks like them.</summary>
public sealed class PrintedLines
{
    [Theory]
    [InlineData("fit.py(12,3): error PY001: no price", "fit.py(12,3): error PY001: no price")]
    [InlineData("fit.py(12): error PY001: no price", "fit.py(12,0): error PY001: no price")]
    [InlineData("fit.py(12,3,12,9): error PY001: no price", "fit.py(12,3): error PY001: no price")]
    [InlineData("fit.py(12-14): error PY001: no price", "fit.py(12,0): error PY001: no price")]
    [InlineData("  fit.py(12,3) : fatal error PY001 : no price", "fit.py(12,3): error PY001: no price")]
    [InlineData("fit.py(12,3): Syntax error PY001: no price", "fit.py(12,3): error PY001: no price")]
    [InlineData("/here/lib/load.py(2): error E1: no price", "lib/load.py(2,0): error E1: no price")]
    [InlineData("not there.c(2): error C2065: undeclared", "not there.c(2,0): error C2065: undeclared")]
    [InlineData("fit.py(2): error no-undef : 'x' is not defined.", "fit.py(2,0): error no-undef: 'x' is not defined.")]
    [InlineData("fit.py(2,1): error CS1: text [/here/work.csproj]", "fit.py(2,1): error CS1: text")]
    [InlineData("fit.py(2): error: no code", "fit.py(2,0): error PSCR2011: no code [fit.py]")]
    [InlineData("fit.py:2:7: error: no price", "fit.py(2,7): error PSCR2011: no price [fit.py]")]
    [InlineData("fit.py:2: error: Name \"x\" is not defined  [name-defined]", "fit.py(2,0): error PSCR2011: Name \"x\" is not defined  [name-defined] [fit.py]")]
    [InlineData("fit.py:2:7: fatal error: x.h: No such file", "fit.py(2,7): error PSCR2011: x.h: No such file [fit.py]")]
    [InlineData("LINK : fatal error LNK1104: cannot open 'x.lib'", "fit.py(0,0): error LNK1104: LINK: cannot open 'x.lib'")]
    [InlineData("cl : Command line error D8003 : missing source filename", "fit.py(0,0): error D8003: cl: missing source filename")]
    [InlineData("error CS5001: no Main", "fit.py(0,0): error CS5001: no Main")]
    [InlineData("/here/work.csproj : error NU1101: no package", "work.csproj(0,0): error NU1101: no package")]
    [InlineData("fit.py(12,3): warning PY002: old", "fit.py(12,3): warning PY002: old")]
    [InlineData("fit.py:2:7: warning: unused [-Wunused]", "fit.py(2,7): warning PSCR2010: unused [-Wunused] [fit.py]")]
    public void That_count_are_taken_with_their_place_code_and_text(string line, string taken)
    {
        using var script = new Reader().With("fit.py", "lib/load.py", "work.csproj");

        Assert.Equal([taken], script.Show(script.Print(line).Fail().Told));
    }

    [Theory]
    [InlineData("WARNING:root:nothing in survey.csv")]
    [InlineData("ERROR:root:error CS1234: not one")]
    [InlineData("ERROR:fit.py:12: error")]
    [InlineData("ValueError: bad error: nested")]
    [InlineData("tests error: none")]
    [InlineData("WARNING conda: text")]
    [InlineData("::error file=fit.py,line=3::text")]
    [InlineData("##[error]text")]
    [InlineData("error: could not compile")]
    [InlineData("ERROR: Could not find a version that satisfies the requirement")]
    [InlineData("warning: redirecting to https://example.org/")]
    [InlineData("Error: 3")]
    [InlineData("12:34:56: error: a time is no place")]
    [InlineData("2026-01-31 12:34:56: error: nor is this")]
    [InlineData("db.example:5432:1: error: nor a host")]
    [InlineData("load(3): error: 0.25")]
    [InlineData("step 3 (12): warning: slow")]
    [InlineData("mean error 0012: 3.5")]
    [InlineData("validation error rate: 0.1")]
    [InlineData("INFO: error E404: nothing found")]
    [InlineData("fit.py:12: in load, error E404: nothing found")]
    [InlineData("npm error code E404")]
    [InlineData("[12:00:01] error TS: x")]
    public void That_only_look_alike_are_passed_over(string line)
    {
        using var script = new Reader().With("fit.py");

        var end = script.Print(line).Succeed();

        Assert.Empty(script.Show(end.Told));
        Assert.Equal(Outcome.Succeeded, end.Outcome);
    }

    [Fact]
    public void That_say_error_make_a_script_fail_that_exits_with_0()
    {
        using var script = new Reader().With("fit.py");

        var end = script.Print("fit.py(1,2): error PY001: one\nfit.py(1,2): error PY001: one\nfit.py(1,2): warning PY001: old").Succeed();

        Assert.Equal(Outcome.Failed, end.Outcome);
        Assert.Equal(["fit.py(1,2): error PY001: one", "fit.py(1,2): warning PY001: old"], script.Show(end.Told));
        Assert.Equal(
            "work.csproj(3,5): error PSCR2012: Script 'fit.py' exited with code 0, but printed an error. Repair what the lines above say. If they are no errors, set IgnoreStandardErrorWarningFormat=\"true\" on it, or take the code out of WarningsAsErrors.",
            script.Show(end.Problem));
    }

    [Fact]
    public void That_say_warning_make_it_fail_where_the_build_takes_their_code_for_an_error()
    {
        using var script = new Reader().With("fit.py");

        var end = script.Print("fit.py:1: DeprecationWarning: old\nfit.py(1,2): warning PY001: old").Succeed(code => code == "PSCR2010");

        Assert.Equal(Outcome.Failed, end.Outcome);
        Assert.StartsWith("work.csproj(3,5): error PSCR2012: Script 'fit.py' exited with code 0, but printed an error.", script.Show(end.Problem), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_script_that_opts_out_are_only_lines()
    {
        using var script = new Reader(ignore: "true").With("fit.py");

        var end = script.Print("fit.py(1,2): error PY001: one\nfit.py:1: DeprecationWarning: old").Succeed();

        Assert.Empty(end.Told);
        Assert.Equal(Outcome.Succeeded, end.Outcome);
    }

    [Fact]
    public void Are_told_once_and_up_to_a_number_and_then_counted()
    {
        using var script = new Reader().With("fit.py");
        for (var i = 0; i < 100_000; i++)
        {
            script.Print($"fit.py:1: UserWarning: row {i / 2}\nfit.py(1): error E1: row {i / 100}");
        }

        var told = script.Show(script.Fail().Told);

        Assert.Equal(52, told.Length);
        Assert.Equal("fit.py(1,0): warning PSCR2010: UserWarning: row 0 [fit.py]", told[0]);
        Assert.Equal("fit.py(1,0): error E1: row 0", told[1]);
        Assert.Equal("fit.py(1,0): warning PSCR2010: UserWarning: row 1 [fit.py]", told[2]);
        Assert.Matches(@"^work\.csproj\(3,5\): error PSCR2011: Script 'fit\.py' printed \d+ more errors than are shown here\. The log file has them\.$", told[50]);
        Assert.Matches(@"^work\.csproj\(3,5\): warning PSCR2010: Script 'fit\.py' printed \d+ more warnings than are shown here\. The log file has them\.$", told[51]);
    }
}
