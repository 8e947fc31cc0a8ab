using CsCheck;

namespace ParallelScripts.Tests;

/// <summary>
/// For random graphs and random edits: an incremental run ends in exactly the files that a run from scratch makes, and runs no
/// script whose deciding lines are the same as before.
/// </summary>
public sealed class RandomEdits
{
    private enum Edit
    {
        Source,
        SourceBack,
        Script,
        Touch,
        DeleteOutput,
        TamperOutput,
        Arguments,
        FailOnce,
        Nothing,
    }

    private static readonly Gen<(int Count, bool[] Edges, (Edit Edit, int At)[][] Rounds)> _cases =
        from count in Gen.Int[1, 7]
        from edges in Gen.Bool.Array[count * (count + 1) / 2]
        from rounds in Gen.Select(Gen.Enum<Edit>(), Gen.Int[0, count - 1]).Array[0, 3].Array[1, 4]
        select (count, edges, rounds);

    [Fact]
    public void Lead_to_what_a_run_from_scratch_makes_and_run_nothing_in_vain() =>
        _cases.Sample(@case => Check(@case.Count, @case.Edges, @case.Rounds), iter: 25, threads: 2);

    private static void Check(int count, bool[] edges, (Edit Edit, int At)[][] rounds)
    {
        using var project = Declare(count, edges);
        project.Run();
        Assert.Empty(project.Run());
        foreach (var round in rounds)
        {
            var before = Deciding(project);
            foreach (var (edit, at) in round)
            {
                Apply(project, edit, at);
            }

            var record = project.RunRecord();
            if (record.Outcome == Outcome.Failed)
            {
                // The failure was a passing one.
                foreach (var at in Enumerable.Range(0, count))
                {
                    File.Delete(project[$"fail{at}"]);
                }

                record = project.RunRecord();
            }

            Assert.Equal(Outcome.Succeeded, record.Outcome);
            Assert.Equal(FromScratch(project, count, edges), Outputs(project, count));
            var after = Deciding(project);
            foreach (var script in record.Scripts.Where(script => script.Outcome == Outcome.Succeeded && !round.Any(edit => edit.Edit is Edit.DeleteOutput or Edit.TamperOutput or Edit.FailOnce)))
            {
                Assert.True(before[script.Name] != after[script.Name], $"{script.Name} ran in vain: {script.Reason}");
            }

            Assert.Empty(project.Run());
        }
    }

    /// <summary>Script i reads its own source, and the outputs of those before it that the edges name; what it writes loses information, so that early cutoff happens.</summary>
    private static TestProject Declare(int count, bool[] edges)
    {
        var project = new TestProject();
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            var number = i;
            var before = Enumerable.Range(0, i).Where(_ => edges[next++]).Select(j => $"out{j}.txt").ToArray();
            project.Write($"src{i}.txt", $"{i}");
            project.Add(
                $"s{number}.sh",
                $"if [ -e fail{i} ]; then echo half > out{i}.txt; exit 1; fi\ncat src{i}.txt {string.Join(' ', before)} | wc -c > out{i}.txt; echo \"$1\" >> out{i}.txt",
                inputs: [$"src{i}.txt", .. before],
                outputs: [$"out{i}.txt"]);
        }

        return project;
    }

    private static void Apply(TestProject project, Edit edit, int at)
    {
        switch (edit)
        {
            case Edit.Source:
                project.Write($"src{at}.txt", project.Read($"src{at}.txt") + "+");
                break;
            case Edit.SourceBack:
                project.Write($"src{at}.txt", $"{at}");
                break;
            case Edit.Script:
                project.Write($"s{at}.sh", project.Read($"s{at}.sh") + "\n: # edited");
                break;
            case Edit.Touch:
                File.SetLastWriteTimeUtc(project[$"src{at}.txt"], DateTime.UtcNow);
                break;
            case Edit.DeleteOutput:
                File.Delete(project[$"out{at}.txt"]);
                break;
            case Edit.TamperOutput:
                project.Write($"out{at}.txt", "tampered");
                break;
            case Edit.Arguments:
                project.Change($"s{at}.sh", script => script with { Arguments = script.Arguments + "x" });
                break;
            case Edit.FailOnce:
                project.Write($"fail{at}", "");
                project.Write($"src{at}.txt", project.Read($"src{at}.txt") + "-");
                break;
            default:
                break;
        }
    }

    private static string[] Outputs(TestProject project, int count) => [.. Enumerable.Range(0, count).Select(i => project.Read($"out{i}.txt"))];

    private static string[] FromScratch(TestProject project, int count, bool[] edges)
    {
        using var fresh = Declare(count, edges);
        fresh.Scripts.Clear();
        fresh.Scripts.AddRange(project.Scripts);
        for (var i = 0; i < count; i++)
        {
            fresh.Write($"src{i}.txt", project.Read($"src{i}.txt"));
            fresh.Write($"s{i}.sh", project.Read($"s{i}.sh"));
        }

        Assert.Equal(Outcome.Succeeded, fresh.RunRecord().Outcome);
        return Outputs(fresh, count);
    }

    /// <summary>What decides each script now: the contents of its source and of what it reads, itself, and its arguments.</summary>
    private static Dictionary<string, string> Deciding(TestProject project) => project.Scripts.ToDictionary(
        script => script.Name,
        script => string.Join('|', [script.Arguments, project.Read(script.Include), .. script.Inputs.Select(input => project.Has(input) ? project.Read(input) : "")]));
}
