using System.Text;

namespace ParallelScripts.Tests;

/// <summary>The summary for a pull request or the page of a CI job.</summary>
public sealed class JobSummaries
{
    [Fact]
    public void Tell_what_failed_what_bounded_and_what_took_longest() =>
        Assert.Equal(
            """
            ### ❌ `work.csproj`: 1 of 3 scripts failed

            3 scripts: 1 succeeded, 1 failed, 1 skipped.
            Wall 5.25 s; bound 3.75 s (the longest path); 71 %. Work 3.75 s in 2 slots.

            **`fit.py` failed**

            `Script 'fit.py' exited with code 1: KeyError: 'price'.`

            The end of `logs/fit.py.log`:

            ```text
            Traceback (most recent call last):
              </script><b>&amp;
            KeyError: 'price'
            ```

            <details><summary>Longest path: 2 scripts, 3.75 s</summary>

            | script | time | of the wall |
            |---|--:|--:|
            | `load.py` | 1.50 s | 29 % |
            | `fit.py` | 2.25 s | 43 % |

            </details>

            <details><summary>What took longest</summary>

            | script | outcome | time | processor | peak memory |
            |---|---|--:|--:|--:|
            | `fit.py` | failed | 2.25 s |  |  |
            | `load.py` | succeeded | 1.50 s | 1.25 s | 45 MB |

            </details>

            """,
            RunSummary.Of(Tracing.KeptOf(SampleRuns.Small())));

    [Fact]
    public void Say_what_else_bounded_the_run()
    {
        var run = SampleRuns.Small() with { Run = SampleRuns.Small().Run with { BoundBy = BoundBy.Pool, BoundPool = "licences" } };

        Assert.Contains("bound 3.75 s (what runs in pool `licences`); 71 %", RunSummary.Of(Tracing.KeptOf(run)));
    }

    [Theory]
    [InlineData("plain", "`plain`")]
    [InlineData("a`b", "``a`b``")]
    [InlineData("`", "`` ` ``")]
    [InlineData("``` ", "```` ```  ````")]
    [InlineData("</script> *x* @you #1 [a](b)", "`</script> *x* @you #1 [a](b)`")]
    [InlineData("two\nlines", "`two⟨000A⟩lines`")]
    public void Show_names_as_code_whatever_they_are(string name, string code) => Assert.Equal(code, MarkdownText.Code(name));

    [Fact]
    public void Keep_a_name_in_its_cell() => Assert.Equal("`a\\|b`", MarkdownText.Cell("a|b"));

    [Fact]
    public void Keep_a_log_in_its_fence() => Assert.Equal("`````text\na\n````\n    b\n`````", MarkdownText.Block("a\n````\n\tb"));

    [Theory]
    [InlineData(1000)]
    [InlineData(10_000)]
    public void Are_never_longer_than_fits(int scripts)
    {
        var text = RunSummary.Of(Tracing.KeptOf(SampleRuns.Of(scripts)));

        Assert.InRange(text.Length, 1000, RunSummary.MostCharacters);
        Assert.Equal(text.Split("<details>").Length, text.Split("</details>").Length);
    }

    [Fact]
    public void Are_appended_to_that_of_the_step_where_there_is_one()
    {
        using var project = new TestProject();
        project.Environment["GITHUB_STEP_SUMMARY"] = project["step.md"];
        project.Write("step.md", "# What came before");
        project.Add("copy.sh", "echo 1 > out.txt", outputs: ["out.txt"]);

        project.Run();
        Assert.Equal($"# What came before\n\n{project.Read("obj/scripts/summary.md")}", project.Read("step.md"));

        // A run that had nothing to do has no report, and is worth a line all the same.
        project.Run();
        Assert.EndsWith("\n\n\n### ✅ `work.csproj`: succeeded\n\n1 script: 1 up to date.\n", project.Read("step.md"));
    }

    [Fact]
    public void Are_appended_as_far_as_there_is_room()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("step.md", new string('x', (1024 * 1024) - 10));

        StepSummary.Append(file, new string('a', 9), "b");
        StepSummary.Append(file, "cccccc", "ddd");
        StepSummary.Append(file, "eeeeee", "fff");

        Assert.Equal("xx\n\nb\n\nddd", File.ReadAllText(file)[^10..]);
    }

    [Fact]
    public void Of_runs_that_end_at_once_are_all_there()
    {
        using var folder = new TemporaryFolder();

        Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => StepSummary.Append(folder["step.md"], $"run {i} {new string('.', 1000)}"));

        var text = File.ReadAllText(folder["step.md"]);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Contains($"run {i} {new string('.', 1000)}", text));
    }

    [Fact]
    public void That_cannot_be_appended_are_a_warning()
    {
        using var project = new TestProject();
        project.Environment["GITHUB_STEP_SUMMARY"] = project["nowhere/step.md"];
        project.Add("a.sh", "true");

        Assert.Equal(Outcome.Succeeded, project.RunRecord().Outcome);

        Assert.Equal(
            $"PSCR3021: The summary for the page of this job cannot be appended to '{project["nowhere/step.md"]}': Could not find a part of the path '{project["nowhere/step.md"]}'. It is in '{project["obj/scripts/summary.md"]}'; look whether GITHUB_STEP_SUMMARY names a file that can be written.",
            Assert.Single(project.Notes));
    }

    [Fact]
    public void Are_no_longer_than_a_comment_even_with_endless_lines()
    {
        var run = SampleRuns.Small();
        var scripts = Enumerable.Range(0, 50).Select(i => run.Run.Scripts[1] with { Name = $"{i}", DependsOn = [], Problem = new string('p', 5000) }).ToArray();
        var details = scripts.Select(_ => new ReportedDetails { Log = new LogEnd(new string('l', 16_000), true) }).ToArray();

        var text = RunSummary.Of(Tracing.KeptOf(new ReportedRun(run.Run with { Scripts = scripts, LongestPath = new PathRecord(1, []) }, run.Project, details)));

        Assert.InRange(text.Length, 20_000, RunSummary.MostCharacters);
        Assert.Contains("…" + new string('l', 2000) + "\n```\n", text);
        Assert.Contains("\nAnd 30 more failed.\n", text);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 1024 * 1024);
    }
}
