using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;

namespace ParallelScripts.Tests;

/// <summary>The report: what stands in it, and that nothing in it can get out.</summary>
public sealed partial class Reporting
{
    [Fact]
    public void Of_a_small_run_is_as_it_was_approved()
    {
        // To approve what there is now: RECORD_REPORT=1 writes it to the source.
        var page = PageOf(SampleRuns.Small());
        var approved = Path.Combine(AppContext.BaseDirectory, "Recorded", "report.html");
        if (Environment.GetEnvironmentVariable("RECORD_REPORT") is "1")
        {
            File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "Recorded", "report.html"), page);
            return;
        }

        Assert.Equal(File.ReadAllText(approved), page);
    }

    [Fact]
    public void Says_of_a_script_what_is_known_and_leaves_out_what_is_not()
    {
        var scripts = JsonNode.Parse(ReportData.Of(SampleRuns.Small()))!["scripts"]!.AsArray();

        Assert.Equal("""{"name":"load.py","outcome":"Succeeded","reason":"survey.csv changed","at":0.25,"seconds":1.5,"slot":0,"exit":0,"attempts":1,"cpu":1.25,"memory":45000000,"memoryIs":"exact","command":["/usr/bin/python3","load.py","--year","two words"],"log":"logs/load.py.log","project":"work.csproj","line":7,"environment":["YEAR"],"inputs":[["survey.csv",1234],["lib/*.py"]],"outputs":[["rows.csv",99]],"logEnd":"4,711 rows","earlier":[[0,1.25]]}""", scripts[0]!.ToJsonString());
        Assert.Equal("""[{"outcome":"TimedOut","at":1.75,"seconds":0.5,"slot":1,"problem":"It took longer than 500 ms."}]""", scripts[1]!["failed"]!.ToJsonString());
        Assert.Equal("""{"name":"draw.py","tier":2,"deps":[1],"outcome":"Skipped","reason":"it depends on \u0027fit.py\u0027, which did not succeed","project":"work.csproj","line":7}""", scripts[2]!.ToJsonString());
    }

    [Fact]
    public void Says_of_a_job_on_which_node_it_ran_and_how_long_it_was_in_the_queue()
    {
        var small = SampleRuns.Small();
        var onSlurm = small with { Run = small.Run with { Scripts = [small.Run.Scripts[0] with { Node = "n2", QueuedSeconds = 0.2 }, .. small.Run.Scripts.Skip(1)] } };

        var scripts = JsonNode.Parse(ReportData.Of(onSlurm))!["scripts"]!.AsArray();

        Assert.Equal(("n2", 0.2), ((string?)scripts[0]!["node"], (double)scripts[0]!["queuedSeconds"]!));
        Assert.Null(scripts[1]!["node"]);
    }

    [Fact]
    public void Holds_what_many_scripts_wait_for_once()
    {
        var data = ReportData.Of(SampleRuns.AllToAll(1000));

        var json = JsonNode.Parse(data)!;
        Assert.Equal(Enumerable.Range(0, 1000), Assert.Single(json["lists"]!.AsArray())!.AsArray().Select(number => (int)number!));
        Assert.All(json["scripts"]!.AsArray().Skip(1000), script => Assert.Equal(0, (int)script!["deps"]!));
        Assert.InRange(data.Length, 0, 500_000);
    }

    [Fact]
    public void Is_read_as_it_was_whatever_scripts_share() =>
        Gen.Int[0, 40].Array[0, 30].Array[1, 5].SelectMany(lists => Gen.Int[0, lists.Length - 1].Array[1, 20].Select(choice => (lists, choice))).Sample(sample =>
        {
            var sources = SampleRuns.AllToAll(41).Run.Scripts.Take(41).ToArray();
            var run = SampleRuns.AllToAll(1);
            ScriptRecord[] scripts = [.. sources, .. sample.choice.Select((list, number) => run.Run.Scripts[1] with { Name = $"c{number}.sh", DependsOn = [.. sample.lists[list].Distinct().Order().Select(source => sources[source].Name)] })];

            var kept = KeptReport.Read(ReportData.Of(run with { Run = run.Run with { Scripts = scripts, LongestPath = new PathRecord(0, []) }, Details = new ReportedDetails?[scripts.Length] }));

            Assert.Equal(scripts.Select(script => script.DependsOn), kept.Scripts.Select(script => script.DependsOn.Select(number => scripts[number].Name)));
        });

    [Fact]
    public void Executes_its_own_script_and_nothing_else()
    {
        var page = PageOf(SampleRuns.Of(1000));

        var policy = Regex.Match(page, "Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value;
        var style = Regex.Match(page, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value;
        var scripts = Regex.Matches(page, "<script([^>]*)>(.*?)</script>", RegexOptions.Singleline);
        Assert.Equal(2, scripts.Count);
        Assert.Equal(" type=\"application/json\" id=\"ps-data\"", scripts[0].Groups[1].Value);
        Assert.Equal($"default-src 'none'; script-src '{Sha256(scripts[1].Groups[2].Value)}'; style-src '{Sha256(style)}'; base-uri 'none'; form-action 'none'", policy);
    }

    [Fact]
    public void Asks_no_network()
    {
        var page = PageOf(SampleRuns.Of(20));

        Assert.DoesNotMatch(@"https?:|@import|\bsrc=|url\(|<link|fetch\(", page);
    }

    [Fact]
    public void Holds_every_name_as_data()
    {
        var data = ReportData.Of(SampleRuns.Of(1000));

        Assert.DoesNotContain(data, one => one is (byte)'<' or (byte)'>' or (byte)'&' or (byte)'\'' or > 126 or < 32);
        Assert.Equal(SampleRuns.NastyNames, JsonNode.Parse(data)!["scripts"]!.AsArray().Take(SampleRuns.NastyNames.Count).Select(script => (string?)script!["name"]));
    }

    [Fact]
    public void Shows_the_end_of_a_log_in_whole_lines()
    {
        Assert.Equal(new LogEnd("b\nc", true), LogEnd.Of("art of a\nb\nc\n"u8, isCut: true, mostLines: 10));
        Assert.Equal(new LogEnd("b\nc", true), LogEnd.Of("a\nb\nc"u8, isCut: false, mostLines: 2));
        Assert.Equal(new LogEnd("one endless line", true), LogEnd.Of("one endless line"u8, isCut: true, mostLines: 2));
        Assert.Equal(new LogEnd("red\n100 %", false), LogEnd.Of("\e[31mred\e[0m\r\n10 %\r50 %\r100 %\n"u8, isCut: false, mostLines: 10));
    }

    [Fact]
    public void Reads_no_more_of_a_log_than_it_shows()
    {
        using var folder = new TemporaryFolder();
        using (var log = File.Create(folder["huge.log"]))
        {
            log.SetLength(1L << 40);
            log.Seek(0, SeekOrigin.End);
            log.Write("\nthe end\n"u8);
        }

        Assert.Equal(new LogEnd("the end", true), LogEnd.Of(folder["huge.log"], 10, 1024));
        Assert.Null(LogEnd.Of(folder["no.log"], 10, 1024));
    }

    [Fact]
    public void Of_any_run_that_is_kept_is_the_same_again()
    {
        using var project = new TestProject();
        project.Add("fails.sh", "echo working; exit 3");
        var first = project.RunRecord();
        var page = project.Read("obj/scripts/report.html");
        project.Write("fails.sh", "echo better");
        project.RunRecord();
        var last = project.Read("obj/scripts/report.html");

        Assert.Null(Reports.WriteAgain(project.Place, Asked(first.RunId)));
        Assert.Equal(page, project.Read("obj/scripts/report.html"));
        Assert.Null(Reports.WriteAgain(project.Place, Asked("")));
        Assert.Equal(last, project.Read("obj/scripts/report.html"));
        Assert.Equal("working", (string?)DataIn(page)["scripts"]![0]!["logEnd"]);
        Assert.Equal(first.RunId, (string?)DataIn(last)["earlier"]![0]);
        Assert.Equal("Failed", (string?)DataIn(last)["scripts"]![0]!["earlier"]![0]![2]);
    }

    [Fact]
    public void Of_a_run_that_had_nothing_to_do_is_not_written()
    {
        using var project = new TestProject();
        project.Add("copy.sh", "echo 1 > out.txt", outputs: ["out.txt"]);
        var first = project.RunRecord();
        var page = project.Read("obj/scripts/report.html");

        Assert.Empty(project.Run());

        Assert.Equal(page, project.Read("obj/scripts/report.html"));
        Assert.Null(Reports.WriteAgain(project.Place, Asked("")));
        Assert.Equal(first.RunId, (string?)DataIn(project.Read("obj/scripts/report.html"))["run"]);
    }

    [Fact]
    public void Keeps_the_last_twenty_runs()
    {
        using var project = new TestProject();
        project.Add("a.sh", "true");
        project.Run();
        Sqlite.Scalar(project, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30) INSERT INTO reports SELECT printf('00%03d', i), x'' FROM n");

        project.Run();

        Assert.Equal(20L, Sqlite.Scalar(project, "SELECT count(*) FROM reports"));
    }

    [Fact]
    public void Of_a_run_that_is_not_kept_is_a_problem()
    {
        using var project = new TestProject();
        Assert.Equal(
            $"PSCR1041: There is nothing to report: no run of these scripts is in the history in '{project.Place.StateDirectory}'. Run the scripts with -t:RunAnalyses; each run writes its report.",
            Said(Reports.WriteAgain(project.Place, Asked(""))));
        Assert.Equal(
            "PSCR1040: ScriptsRun is '4711', and no report of such a run is in the history. There is none of any run yet: run the scripts first.",
            Said(Reports.WriteAgain(project.Place, Asked("4711"))));

        project.Add("a.sh", "true");
        var run = project.RunRecord().RunId;

        Assert.Equal(
            $"PSCR1040: ScriptsRun is '4711', and no report of such a run is in the history. The last runs are {run}; without ScriptsRun you get the report of the last.",
            Said(Reports.WriteAgain(project.Place, Asked("4711"))));
        project.Write("obj/scripts/history.db", "this is no database, and long enough to be looked at as one");
        Assert.Equal(
            $"PSCR1041: There is nothing to report: the history in '{project.Place.StateDirectory}' cannot be read: SQLite Error 26: 'file is not a database'. Run the scripts with -t:RunAnalyses; each run writes its report.",
            Said(Reports.WriteAgain(project.Place, Asked(""))));
    }

    [Fact]
    public void That_cannot_be_written_is_a_warning_and_the_run_succeeds()
    {
        using var project = new TestProject();
        project.Add("a.sh", "true");
        Directory.CreateDirectory(project["obj/scripts/report.html/in the way"]);

        Assert.Equal(Outcome.Succeeded, project.RunRecord().Outcome);

        Assert.StartsWith($"PSCR3023: The report cannot be written to '{project["obj/scripts/report.html"]}': ", Assert.Single(project.Notes));
    }

    [Fact]
    public void Tells_of_a_run_that_goes_on()
    {
        using var project = new TestProject();

        // It waits until the page tells of it.
        var report = project["obj/scripts/report.html"];
        project.Add("first.sh", "true");
        project.Add("waits.sh", $"i=0; until grep -q '\"name\":\"first.sh\"[^}}]*\"outcome\":\"Succeeded\".*\"name\":\"waits.sh\"[^}}]*\"outcome\":\"Running\"' '{report}' 2>/dev/null; do i=$((i+1)); [ $i -lt 30000 ] || exit 1; sleep 0.02; done; cp '{report}' seen.html", after: ["first.sh"]);
        project.Add("last.sh", "true", after: ["waits.sh"]);
        project.MaxDegreeOfParallelism = "2";
        Assert.Equal(Outcome.Succeeded, project.RunRecord().Outcome);

        var seen = project.Read("seen.html");
        Assert.Matches("<meta name=\"written\" content=\"2[-0-9]*T[:.0-9]*Z\">", seen);
        Assert.Equal(["Succeeded", "Running", "Waiting"], DataIn(seen)["scripts"]!.AsArray().Select(script => (string?)script!["outcome"]));
        Assert.DoesNotContain("meta name=\"written\"", project.Read("obj/scripts/report.html"));
        Assert.Equal("Succeeded", (string?)DataIn(project.Read("obj/scripts/report.html"))["outcome"]);
    }

    [Fact]
    public void Of_a_run_that_was_killed_is_replaced_by_the_next_one_even_if_that_has_nothing_to_do()
    {
        using var project = new TestProject();
        project.Add("copy.sh", "echo 1 > out.txt", outputs: ["out.txt"]);
        var first = project.RunRecord();
        var page = project.Read("obj/scripts/report.html");
        BeKilled();

        Assert.Empty(project.Run());
        Assert.Equal(page, project.Read("obj/scripts/report.html"));

        // Without one that is kept, it tells of the run that found nothing to do.
        Sqlite.Scalar(project, "DELETE FROM reports");
        BeKilled();
        Assert.Empty(project.Run());
        Assert.NotEqual(first.RunId, (string?)DataIn(project.Read("obj/scripts/report.html"))["run"]);
        Assert.Equal("UpToDate", (string?)DataIn(project.Read("obj/scripts/report.html"))["scripts"]![0]!["outcome"]);

        // What a killed run leaves: its beginning on record, and a page that says that it goes on.
        void BeKilled()
        {
            Sqlite.Scalar(project, "INSERT OR REPLACE INTO runs SELECT '0killed', start_time, NULL, NULL, NULL, slots, schedule, scripts, NULL FROM runs LIMIT 1");
            project.Write("obj/scripts/report.html", "running");
        }
    }

    [Fact]
    public void Tells_of_what_bounded_a_run_and_of_what_would_help()
    {
        var run = SampleRuns.Small();
        var data = JsonNode.Parse(ReportData.Of(run with { Run = run.Run with { BoundBy = BoundBy.Pool, BoundPool = "licences", Outlook = new Outlook { Seconds = 5, MoreSlots = 4, SecondsWithMoreSlots = 3, Script = "fit.py", SecondsWithScriptTwiceAsFast = 4 } } }))!;

        Assert.Equal("Pool", (string?)data["boundBy"]);
        Assert.Equal("licences", (string?)data["boundPool"]);
        Assert.Equal("""{"moreSlots":4,"withMoreSlots":3,"script":1,"withScriptTwiceAsFast":4}""", data["outlook"]!.ToJsonString());
    }

    [Fact]
    public void Shows_no_secret()
    {
        using var project = new TestProject();
        project.Environment["TOKEN"] = "hunter2-hunter2";
        project.Add("asks.sh", "echo it is $TOKEN; exit 1", outputs: ["hunter2-hunter2.txt"]);
        project.Change("asks.sh", script => script with { SecretVariables = ["TOKEN"] });

        project.Run();

        var page = project.Read("obj/scripts/report.html");
        Assert.DoesNotContain("hunter2", page);
        Assert.Equal("it is ***", (string?)DataIn(page)["scripts"]![0]!["logEnd"]);
        Assert.Equal("TOKEN", (string?)DataIn(page)["scripts"]![0]!["environment"]![0]);
    }

    private static Setting Asked(string run) => new("ScriptsRun", run, Place.Nowhere);

    private static string Said(Problem? problem) => $"{problem!.Code}: {problem}";

    private static string PageOf(ReportedRun run)
    {
        using var page = new MemoryStream();
        ReportPage.Write(ReportData.Of(run), page);
        return Encoding.UTF8.GetString(page.ToArray());
    }

    private static JsonNode DataIn(string page) => JsonNode.Parse(Data().Match(page).Groups[1].Value)!;

    private static string Sha256(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex("id=\"ps-data\">(.*?)</script>")]
    private static partial Regex Data();
}
