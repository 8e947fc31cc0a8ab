namespace ParallelScripts.Tests;

/// <summary>What can be said of scripts for a cluster without one.</summary>
public sealed class ScriptsOnSlurm : IDisposable
{
    private readonly TestProject _project = new() { Executor = "Slurm" };

    public ScriptsOnSlurm()
    {
        _project.Write("bin/sbatch", "");
        _project.Environment["PATH"] = $"/usr/bin:/bin:{_project["bin"]}";
    }

    [Theory]
    [InlineData("--output=x.log", "--output")]
    [InlineData("--partition=long --array=1-3", "--array")]
    [InlineData("-J name", "-J")]
    [InlineData("-dafterok:5", "-dafterok:5")]
    [InlineData("--wrap true", "--wrap")]
    public void May_not_be_told_what_we_tell_sbatch(string options, string ours) => Assert.Equal(
        [$"PSCR1050: Script 'a.sh' has '{ours}' in SlurmOptions, which we say to sbatch ourselves. Remove it; docs/slurm.md has what to write in place of it."],
        ProblemsOf(script => script with { SlurmOptions = options }));

    [Fact]
    public void Have_options_that_are_some() => Assert.Equal(
        ["PSCR1051: Script 'a.sh' has SlurmOptions that begin with 'long', which is no option. Write options of sbatch, such as --partition=long --gres=gpu:1."],
        ProblemsOf(script => script with { SlurmOptions = "long" }));

    [Fact]
    public void Have_options_whose_quotes_are_closed() => Assert.Equal(
        ["PSCR1015: Script 'a.sh' has SlurmOptions '--comment=\"x', in which a quote is not closed. Close it, or put the other kind of quote around it."],
        ProblemsOf(script => script with { SlurmOptions = "--comment=\"x" }));

    [Fact]
    public void Have_an_executor_that_there_is() => Assert.Equal(
        ["PSCR1006: Executor of script 'a.sh' is 'Moon', which is none of its values. Use one of: Local, Slurm."],
        ProblemsOf(script => script with { Executor = "Moon" }));

    [Theory]
    [InlineData("0")]
    [InlineData("many")]
    [InlineData("-3")]
    public void Are_bounded_by_a_number_of_jobs(string jobs)
    {
        _project.SlurmMaxJobs = jobs;

        Assert.Equal([$"PSCR1052: SlurmMaxJobs is '{jobs}', which is not a number of jobs. Set it to a whole number from 1 up: how many jobs wait in the queue or run at once."], ProblemsOf(script => script));
    }

    [Fact]
    public void Set_variables_that_a_shell_can_set() => Assert.Equal(
        ["PSCR1053: Script 'a.sh' sets the environment variable 'my-seed', whose name no shell can set: it cannot be handed to a job. Use letters, digits and _ only, or let the script run on this machine with Executor=\"Local\"."],
        ProblemsOf(script => script with { EnvironmentVariables = ["OTHER=1", "my-seed=1"] }));

    [Fact]
    public void Need_something_to_submit_them_with()
    {
        File.Delete(_project["bin/sbatch"]);
        _project.Environment["PATH"] = _project["bin"];
        _project.Add("b.sh", "");
        _project.Change("b.sh", script => script with { Interpreter = "/bin/sh" });

        Assert.Equal(
            ["PSCR4001: Script 'a.sh' and 1 more are to run on Slurm, but there is no 'sbatch' on the PATH. Start the build on a machine of the cluster that jobs are submitted from, or run the scripts here with ScriptsExecutor=Local."],
            ProblemsOf(script => script with { Interpreter = "/bin/sh" }));
    }

    [Fact]
    public void May_need_more_than_this_machine_has()
    {
        _project.MaxDegreeOfParallelism = "1";
        _project.Add("a.sh", "");
        _project.Change("a.sh", script => script with { Cores = "128", Memory = "4TB", SlurmOptions = "--partition=long -x n3 --gres=gpu:1" });

        var run = _project.Prepare();

        Assert.Equal((0, 0L, 128), (run.Demands[0].Slots, run.Demands[0].MemoryHere, run.CoresOf(0)));
        Assert.Equal(["--partition=long", "-x", "n3", "--gres=gpu:1"], run.Placements[0].SlurmOptions);
    }

    [Fact]
    public async Task May_write_what_is_seen_here_late()
    {
        var looks = 0;

        await LateFiles.WaitAsync([_project["a.txt"], _project["nowhere/b.txt"]], () => ++looks == 3, CancellationToken.None);

        Assert.Equal(3, looks);
    }

    public void Dispose() => _project.Dispose();

    private IReadOnlyList<string> ProblemsOf(Func<Script, Script> change)
    {
        if (_project.Scripts.TrueForAll(script => script.Name != "a.sh"))
        {
            _project.Scripts.Insert(0, new Script { Name = "a.sh", Include = "a.sh" });
            _project.Write("a.sh", "");
        }

        _project.Change("a.sh", change);
        return _project.Problems();
    }
}
