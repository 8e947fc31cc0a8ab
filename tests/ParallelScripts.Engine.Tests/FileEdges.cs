namespace ParallelScripts.Tests;

/// <summary>Dependencies that nobody wrote down: one script reads what another writes.</summary>
public sealed class FileEdges : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("data/a.csv", "data/a.csv")]
    [InlineData("./data/../data/a.csv", "data/a.csv")]
    [InlineData("data/*.csv", "data/a.csv")]
    [InlineData("data/a.csv", "data/*.csv")]
    [InlineData("data/*.csv", "data/a*.csv")]
    [InlineData("**/*.csv", "data/a?.csv")]
    [InlineData("data", "data/deep/a.csv")]
    [InlineData("data/deep/a.csv", "data")]
    [InlineData("data/*.csv", "data/")]
    public void Come_from_an_input_that_another_script_writes(string input, string output)
    {
        Declare("reader", inputs: [input]);
        Declare("writer", outputs: [output]);

        Assert.Equal([1], _project.Prepare().Graph.DependenciesOf(0));
    }

    [Theory]
    [InlineData("data/*.csv", "data/deep/a.csv")]
    [InlineData("data/*.csv", "data/*.txt")]
    [InlineData("data/a.csv", "data/a.csv.gz")]
    [InlineData("data", "database/a.csv")]
    public void Do_not_come_from_names_that_are_only_alike(string input, string output)
    {
        Declare("reader", inputs: [input]);
        Declare("writer", outputs: [output]);

        Assert.Empty(_project.Prepare().Graph.DependenciesOf(0));
    }

    [Fact]
    public void Do_not_lead_from_a_script_to_itself_by_a_glob()
    {
        Declare("merge", inputs: ["data/*.csv"], outputs: ["data/all.csv"]);
        Declare("part", outputs: ["data/part.csv"]);

        Assert.Equal([1], _project.Prepare().Graph.DependenciesOf(0));
    }

    [Fact]
    public void That_make_a_circle_are_told_with_their_files()
    {
        Declare("a", inputs: ["b.txt"], outputs: ["a.txt"]);
        Declare("b", inputs: ["a.txt"], outputs: ["b.txt"]);

        Assert.Equal(
            ["PSCR1004: Scripts depend on each other in a circle: a [work.csproj(1)] -(b.txt)-> b [work.csproj(2)] -(a.txt)-> a [work.csproj(1)]. Remove one of these from the DependsOn of the one before it, or the file between two of them from the Inputs of the first."],
            _project.Problems());
    }

    [Fact]
    public void Are_refused_when_two_scripts_write_one_file()
    {
        Declare("a", outputs: ["x.txt"]);
        Declare("b", outputs: ["./x.txt"]);
        Declare("c", outputs: ["y*.txt"]);
        Declare("d", outputs: ["y1.txt"]);
        Declare("e", outputs: ["y*.txt"]);

        Assert.Equal(
            [
                "PSCR1017: Script 'b' writes './x.txt', and so does 'a' at work.csproj(1). Let each script have Outputs of its own.",
                "PSCR1017: Script 'e' writes 'y*.txt', and so does 'c' at work.csproj(3). Let each script have Outputs of its own.",
                "PSCR1017: Script 'd' writes 'y1.txt', and so does 'c' at work.csproj(3). Let each script have Outputs of its own.",
            ],
            _project.Problems());
    }

    [Fact]
    public void Are_refused_when_a_script_reads_the_very_file_it_writes()
    {
        Declare("a", inputs: ["x.txt"], outputs: ["x.txt"]);

        Assert.Contains(
            "PSCR1018: Script 'a' has 'x.txt' in both Inputs and Outputs, so it could never be up to date. Write the result to another file, or remove the entry from one of the two.",
            _project.Problems());
    }

    private void Declare(string name, string[]? inputs = null, string[]? outputs = null) => _project.Scripts.Add(new Script
    {
        Name = name,
        Include = name,
        Command = "true",
        Inputs = inputs ?? [],
        Outputs = outputs ?? [],
        Place = new Place(_project.Place.Project, _project.Scripts.Count + 1, 5),
    });
}
