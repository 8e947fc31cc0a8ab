namespace ParallelScripts.Tests;

public sealed class Choosing : IDisposable
{
    private readonly TestProject _project = new();

    public Choosing()
    {
        // in.txt --> load --> clean --> fit --> plot
        //                          \--> check        other
        _project.Write("in.txt", "1");
        Copy("load", "in.txt");
        Copy("clean", "load.txt");
        Copy("fit", "clean.txt");
        Copy("plot", "fit.txt");
        Copy("check", "clean.txt");
        Copy("other", "in.txt");
    }

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Only_runs_these_with_what_they_need()
    {
        _project.Only = "fit;other";

        Assert.Equal(["clean", "fit", "load", "other"], Ran());
    }

    [Fact]
    public void From_runs_these_with_what_depends_on_them_on_what_the_others_wrote_before()
    {
        _project.Run();
        _project.Write("in.txt", "2");
        _project.Write("clean.txt", "changed by hand");
        _project.From = "fit";

        // load and clean are stale, and not asked.
        Assert.Equal(["fit runs: clean.txt changed (written by clean)", "plot runs: fit.txt changed (written by fit)"], _project.Run());
    }

    [Fact]
    public void Takes_globs()
    {
        _project.Only = "?lean";

        Assert.Equal(["clean", "load"], Ran());
    }

    [Fact]
    public void Refuses_names_that_nobody_has()
    {
        _project.Only = "claen;x*";
        _project.Force = "nobody";

        Assert.Equal(
            [
                "PSCR1019: ScriptsOnly names 'claen', but no script has that name. PlanAnalyses lists the names there are.",
                "PSCR1019: ScriptsOnly names 'x*', but no script has that name. PlanAnalyses lists the names there are.",
                "PSCR1019: ScriptsForce names 'nobody', but no script has that name. PlanAnalyses lists the names there are.",
            ],
            _project.Problems());

        (_project.Only, _project.Force) = ("", "cleam");
        Assert.Equal(["PSCR1019: ScriptsForce names 'cleam', but no script has that name. Did you mean 'clean'?"], _project.Problems());
    }

    [Fact]
    public void Does_not_ask_for_the_interpreter_of_a_script_that_takes_no_part()
    {
        _project.Write("x.py", "");
        _project.Scripts.Add(new Script { Name = "x.py", Include = "x.py", Interpreter = "not-installed" });
        _project.Only = "load";

        Assert.Equal(["load"], Ran());
    }

    [Fact]
    public void Force_runs_what_is_up_to_date()
    {
        _project.Run();
        _project.Force = "fit";
        Assert.Equal(["fit runs: ScriptsForce says so"], _project.Run());

        _project.Force = "true";
        Assert.Equal(6, _project.Run().Count(line => line.EndsWith("runs: ScriptsForce says so", StringComparison.Ordinal)));

        _project.Force = "false";
        Assert.Empty(_project.Run());
    }

    [Fact]
    public void Accept_takes_the_present_outputs_for_right_and_remembers_that()
    {
        _project.Run();
        _project.Change("load", script => script with { Command = script.Command + " # cosmetic" });
        _project.Accept = "load";

        var record = _project.RunRecord();
        Assert.Equal(
            (Outcome.UpToDate, "its outputs were accepted as they are, though Command changed ('cp in.txt load.txt' -> 'cp in.txt load.txt # cosmetic')"),
            (record.Scripts[0].Outcome, record.Scripts[0].Reason));

        _project.Accept = "";
        Assert.Empty(_project.Run());
        Assert.Equal(1L, Sqlite.Scalar(_project, "SELECT count(*) FROM accepted WHERE script = 'load' AND old_manifest <> new_manifest"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Accept_is_on_record_before_what_depends_on_it_starts(bool declaresOutputs)
    {
        using var project = new TestProject();
        project.Write("in.txt", "1");
        project.Write("load.txt", "1");
        project.Add("load.sh", "exit 1", inputs: ["in.txt"], outputs: ["load.txt"]);

        // Without the log that belongs to it, the database is what was written for good; with it, what is on disk at this moment.
        project.Add("after.sh", "cp obj/scripts/history.db copy.db; cp obj/scripts/history.db-wal copy.db-wal; : > out.txt", outputs: declaresOutputs ? ["out.txt"] : [], after: ["load.sh"]);
        project.Accept = "load.sh";

        project.Run();

        Assert.Equal(1L, Sqlite.Scalar(project["copy.db"], "SELECT count(*) FROM accepted WHERE script = 'load.sh'"));
    }

    [Fact]
    public void Accept_does_not_take_what_is_not_there()
    {
        _project.Accept = "load";

        Assert.StartsWith("check skipped", _project.Run()[0]);
        Assert.Contains("PSCR1021: What script 'load' wrote cannot be accepted as up to date: load.txt is missing. Run it, or take it out of ScriptsAccept.", _project.Notes);
    }

    [Fact]
    public void Accept_is_nothing_for_a_script_that_declares_no_outputs()
    {
        _project.Scripts.Add(new Script { Name = "always", Include = "always", Command = "true" });
        _project.Accept = "always";

        Assert.Equal(["PSCR1021: What script 'always' wrote cannot be accepted as up to date: it declares no Outputs. Run it, or take it out of ScriptsAccept."], _project.Problems());
    }

    [Fact]
    public void Clean_removes_declared_outputs_and_our_state_and_nothing_else()
    {
        _project.Run();
        _project.Write("mine.txt", "");
        _project.Write("obj/scripts/mine.txt", "");
        var problems = new List<Problem>();

        var removed = Cleaner.Clean(_project.Scripts, _project.Place, problems, _ => { }, CancellationToken.None);

        Assert.Empty(problems);
        Assert.Equal(6, removed.Count);
        Assert.Equal(["in.txt", "lock", "mine.txt", "mine.txt"], Directory.GetFiles(_project.Place.ProjectDirectory, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Clean_touches_nothing_when_an_output_is_outside_the_project()
    {
        _project.Run();
        _project.Change("other", script => script with { Outputs = ["../elsewhere.txt"] });
        var problems = new List<Problem>();

        Assert.Empty(Cleaner.Clean(_project.Scripts, _project.Place, problems, _ => { }, CancellationToken.None));

        Assert.Equal("PSCR1022: Script 'other' writes '../elsewhere.txt', which is outside the project's folder: CleanAnalyses does not remove that. Remove it by hand, or let the script write below the project's folder. Nothing has been removed.", $"{problems.Single().Code}: {problems.Single()}");
        Assert.True(_project.Has("load.txt"));
    }

    [Fact]
    public void Clean_touches_nothing_when_a_link_leads_outside_the_project()
    {
        using var elsewhere = new TemporaryFolder();
        elsewhere.Write("theirs.csv", "");
        _project.Run();
        Directory.CreateSymbolicLink(_project["results"], elsewhere.Path);
        _project.Change("other", script => script with { Outputs = ["results/*.csv"] });
        var problems = new List<Problem>();

        Assert.Empty(Cleaner.Clean(_project.Scripts, _project.Place, problems, _ => { }, CancellationToken.None));

        Assert.Equal("PSCR1022: Script 'other' writes 'results/*.csv', which is outside the project's folder: CleanAnalyses does not remove that. Remove it by hand, or let the script write below the project's folder. Nothing has been removed.", $"{problems.Single().Code}: {problems.Single()}");
        Assert.True(File.Exists(elsewhere["theirs.csv"]));
        Assert.True(_project.Has("load.txt"));
    }

    [Fact]
    public void Clean_says_what_it_may_not_remove()
    {
        _project.Run();
        File.Delete(_project["obj/scripts/lock"]);
        Directory.CreateDirectory(_project["obj/scripts/lock"]);
        var problems = new List<Problem>();

        Assert.Empty(Cleaner.Clean(_project.Scripts, _project.Place, problems, _ => { }, CancellationToken.None));

        Assert.Equal($"PSCR3005: Not everything could be removed: Access to the path '{_project["obj/scripts/lock"]}' is denied. Mend what this says, and clean again.", $"{problems.Single().Code}: {problems.Single()}");
    }

    private IEnumerable<string> Ran() => _project.Run().Select(line => line.Split(' ')[0]);

    private void Copy(string name, string input) => _project.Scripts.Add(new Script
    {
        Name = name,
        Include = name,
        Command = $"cp {input} {name}.txt",
        Inputs = [input],
        Outputs = [$"{name}.txt"],
    });
}
