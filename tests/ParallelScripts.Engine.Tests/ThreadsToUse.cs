namespace ParallelScripts.Tests;

/// <summary>How scripts learn how many threads are theirs.</summary>
public sealed class ThreadsToUse : IDisposable
{
    private const string Print = "env | grep -E '_THREADS=|^MC_CORES=' | sort > threads.txt";

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Are_told_to_each_script() =>
        Assert.Equal(
            [
                "JULIA_NUM_THREADS=1",
                "MC_CORES=1",
                "MKL_NUM_THREADS=1",
                "NUMEXPR_MAX_THREADS=1",
                "NUMEXPR_NUM_THREADS=1",
                "OMP_NUM_THREADS=1",
                "OPENBLAS_NUM_THREADS=1",
                "POLARS_MAX_THREADS=1",
                "RAYON_NUM_THREADS=1",
                "R_DATATABLE_NUM_THREADS=1",
                "VECLIB_MAXIMUM_THREADS=1",
            ],
            Told());

    [Fact]
    public void Are_as_many_as_the_slots_of_the_script()
    {
        var environment = new Dictionary<string, string>();

        ThreadVariables.Add(environment, new Dictionary<string, string>(), cores: 4);

        Assert.All(environment.Values, value => Assert.Equal("4", value));
    }

    [Fact]
    public void Are_not_told_if_they_are_told_already()
    {
        _project.Environment["POLARS_MAX_THREADS"] = "7";

        var told = Told(own: "JULIA_NUM_THREADS=auto");

        Assert.Contains("POLARS_MAX_THREADS=7", told);
        Assert.Contains("JULIA_NUM_THREADS=auto", told);
        Assert.Equal(11, told.Length);
    }

    [Fact]
    public void Are_not_told_as_a_limit_to_a_number_that_is_told_already()
    {
        _project.Environment["NUMEXPR_NUM_THREADS"] = "8";

        Assert.DoesNotContain(Told(), variable => variable.StartsWith("NUMEXPR_MAX_THREADS", StringComparison.Ordinal));
    }

    [Fact]
    public void Are_left_to_OpenMPs_number_wherever_that_is_what_a_library_goes_by() =>
        Assert.Equal(
            [
                "JULIA_NUM_THREADS=1",
                "MC_CORES=1",
                "OMP_NUM_THREADS=8",
                "POLARS_MAX_THREADS=1",
                "RAYON_NUM_THREADS=1",
                "VECLIB_MAXIMUM_THREADS=1",
            ],
            Told(own: "OMP_NUM_THREADS=8"));

    [Fact]
    public void Are_not_told_if_nobody_wants_it()
    {
        _project.SetThreadVariables = "false";

        Assert.Empty(Told());
    }

    [Fact]
    public void Do_not_decide_whether_a_script_is_up_to_date()
    {
        _project.Add("threads.sh", Print, outputs: ["threads.txt"]);
        Assert.Single(_project.Run());

        _project.SetThreadVariables = "false";
        Assert.Empty(_project.Run());

        _project.SetThreadVariables = "true";
        _project.MaxDegreeOfParallelism = "7";
        _project.JobServer = "true";
        Assert.Empty(_project.Run());
    }

    /// <summary>What a script sees of them.</summary>
    private string[] Told(string? own = null)
    {
        _project.Add("threads.sh", Print + "; true");
        if (own is not null)
        {
            _project.Change("threads.sh", script => script with { EnvironmentVariables = [own] });
        }

        Assert.Equal(Outcome.Succeeded, _project.RunRecord().Outcome);
        return _project.Read("threads.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToArray();
    }
}
