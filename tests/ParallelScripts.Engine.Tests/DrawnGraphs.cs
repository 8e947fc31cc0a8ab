using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ParallelScripts.Tests;

/// <summary>The graph as files: whole for Graphviz and programs, as much as Mermaid draws for Markdown.</summary>
public sealed partial class DrawnGraphs
{
    private static readonly string[] _names =
    [
        .. SampleRuns.NastyNames, "end", "1. list", "- item", "*bold* _it_", "`code`", "a & b &lt; &amp; #amp; #35;", "$$y$$", "http://example.invalid/x", "%%{init: {}}%%", "back\\slash\\n\\", "x]y[z(w)", "fa:fa-car",
        "\\N", "a\\", "שלום", "<br>", "\"", "half \ud83d of a pair",
    ];

    [Fact]
    public void Need_no_run() =>
        Assert.Equal(
            """
            // work.csproj: 3 scripts in 2 tiers, 2 dependencies. Nothing has run yet, so there are no colours.
            // dot -Tsvg graph.dot -o graph.svg draws it; a thousand scripts take a second, ten thousand minutes: there 'sfdp' is faster.
            digraph scripts {
              graph [rankdir=LR, label="work.csproj: 3 scripts in 2 tiers, 2 dependencies", labelloc=t, fontname="sans-serif"];
              node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="sans-serif"];
              n0 [label="a"];
              n1 [label="b"];
              n2 [label="c"];
              n0 -> n2;
              n1 -> n2;
            }

            """,
            Dot(Known("a\nb\nc: a b")));

    [Fact]
    public void Have_the_colours_of_the_last_run_and_its_longest_path()
    {
        using var project = new TestProject();
        project.Add("load.sh", "true");
        project.Add("quick.sh", "true");
        project.Add("fit.sh", "exit 3", after: ["load.sh", "quick.sh"]);
        project.Add("draw.sh", "true", after: ["fit.sh"]);
        var run = project.RunRecord();
        Sqlite.Scalar(project, "UPDATE script_runs SET seconds = CASE script WHEN 'load.sh' THEN 10 ELSE 1 END WHERE outcome = 'Succeeded'");
        var said = new List<string>();

        Assert.Null(GraphFiles.Write(project.Prepare(), said.Add));

        var colours = $"The colours are those of the last run that did something, {run.RunId} of {run.StartTime.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.";
        Assert.Equal(
            [
                $"4 scripts in 3 tiers, 3 dependencies. {colours}",
                "graph.md shows all scripts.",
                $"For Graphviz: {project["obj/scripts/graph.dot"]}",
                $"For programs: {project["obj/scripts/graph.json"]}",
            ],
            said);
        Assert.Equal(
            $"""
            # `work.csproj`

            4 scripts in 3 tiers, 3 dependencies. {colours}

            The diagram shows all scripts.

            ```mermaid
            %% 4 scripts, 3 dependencies; shown: all scripts. The whole graph: graph.dot
            flowchart LR
              n0["load.sh<br>#"]:::isSucceeded
              n1["quick.sh<br>#"]:::isSucceeded
              n2["fit.sh<br>#"]:::isFailed
              n3["draw.sh"]:::isSkipped
              n0 --> n2
              n1 --> n2
              n2 --> n3
              classDef isSucceeded fill:#d8f0df,stroke:#2d7d46,color:#000000
              classDef isFailed fill:#fbd5d8,stroke:#c4212f,color:#000000
              classDef isSkipped fill:#eceef0,stroke:#69737e,color:#000000
              classDef onPath stroke-width:4px
              class n0,n2,n3 onPath
              linkStyle 0,2 stroke:#a0168c,stroke-width:4px
            ```

            """,
            Duration().Replace(project.Read("obj/scripts/graph.md"), "<br>#"));
        Assert.Contains("n2 [label=\"fit.sh\\n#\", fillcolor=\"#fbd5d8\", color=\"#c4212f\", tooltip=\"Failed\", penwidth=3];", Regex.Replace(project.Read("obj/scripts/graph.dot"), @"\\n[0-9.]+ m?s""", "\\n#\""));
        var json = JsonNode.Parse(project.Read("obj/scripts/graph.json"))!;
        Assert.Equal((run.RunId, "Failed"), ((string)json["lastRun"]!["runId"]!, (string)json["lastRun"]!["outcome"]!));
        Assert.Equal(["load.sh", "fit.sh", "draw.sh"], json["longestPath"]!["scripts"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(["load.sh", "quick.sh"], json["scripts"]![2]!["dependsOn"]!.AsArray().Select(name => (string)name!));
        Assert.Equal((2, "Skipped", null, true), ((int)json["scripts"]![3]!["tier"]!, (string)json["scripts"]![3]!["outcome"]!, (double?)json["scripts"]![3]!["seconds"], (bool)json["scripts"]![3]!["isOnLongestPath"]!));
    }

    [Fact]
    public void Show_every_name_as_Graphviz_reads_it()
    {
        var svg = Graphviz(Dot(Known(_names)));

        // What it writes is HTML again; spaces are such as do not break.
        var labels = Text().Matches(svg).Select(label => WebUtility.HtmlDecode(label.Groups[1].Value).Replace('\u00a0', ' ')).ToHashSet();
        Assert.All(_names, name => Assert.Contains(VisibleText.Of(name), labels));
    }

    [Fact]
    public void Hold_nothing_of_a_name_that_Mermaid_reads_as_its_own()
    {
        var (text, shows) = MermaidChoice.Of(Known(_names));

        Assert.Equal("all scripts", shows);
        var labels = Label().Matches(text).Select(label => label.Groups[1].Value).ToArray();
        Assert.Equal(_names.Length, labels.Length);
        Assert.All(labels, label => Assert.Matches(@"^([A-Za-z0-9 /.,_()-]|#\d+;|[^\u0000-\u007f])*$", label));
        Assert.All(labels.Zip(_names), pair => Assert.Equal(VisibleText.Of(pair.Second), Entity().Replace(pair.First, entity => ((char)int.Parse(entity.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToString()).Replace("\u2060", "")));

        // Looked for after entities have been undone, so it must not be there even then.
        Assert.Contains("#36;\u2060#36;y#36;\u2060#36;", text);
        Assert.Contains("#92;\u2060n", text);
        Assert.Contains("fa#58;\u2060fa", text);
    }

    [Fact]
    public void Give_their_hidden_characters_a_number() =>
        Assert.Equal("abc⟨202E⟩gpj.sh ⟨000A⟩ 🚀 ⟨D83D⟩", VisibleText.Of("abc\u202egpj.sh \n 🚀 \ud83d"));

    [Fact]
    public void Are_drawn_whole_as_long_as_Mermaid_draws_them()
    {
        Assert.Equal("all scripts", Shown(Wide(450)));
        Assert.NotEqual("all scripts", Shown(Wide(451)));
    }

    [Fact]
    public void With_more_are_drawn_with_the_lists_that_scripts_share()
    {
        // 30 scripts after the same 30: 900 dependencies, and 60 arrows.
        var first = string.Join(' ', Enumerable.Range(0, 30).Select(i => $"a{i}"));
        var known = Known(string.Join('\n', first.Split(' ')) + "\n" + string.Join('\n', Enumerable.Range(0, 30).Select(i => $"b{i}: {first}")));

        var (text, shows) = MermaidChoice.Of(known);

        Assert.Equal("all scripts; a dot stands for a list of dependencies that several have in common", shows);
        Assert.Equal(60, Arrows(text));
        Assert.StartsWith("%% 60 scripts, 900 dependencies; shown: all scripts; a dot", text);
    }

    [Fact]
    public void With_more_are_drawn_without_what_longer_ways_imply()
    {
        // Each of a chain after the ten before it.
        var known = Known(string.Join('\n', Enumerable.Range(0, 100).Select(i => $"s{i}: {string.Join(' ', Enumerable.Range(Math.Max(0, i - 10), Math.Min(i, 10)).Select(before => $"s{before}"))}")));

        var (text, shows) = MermaidChoice.Of(known);

        Assert.Equal("all scripts, and 99 of their dependencies: those that no longer way implies", shows);
        Assert.Equal(Enumerable.Range(1, 99).Select(i => $"n{i - 1} --> n{i}"), text.Split('\n').Where(line => line.Contains("-->", StringComparison.Ordinal)).Select(line => line.Trim()).OrderBy(line => int.Parse(line.Split('n')[2], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void With_more_are_drawn_by_folder()
    {
        var known = Known(string.Join('\n', Enumerable.Range(0, 600).Select(i => $"load/{i}.py")) + "\n" + string.Join('\n', Enumerable.Range(0, 600).Select(i => $"fit/{i}.py: load/{i}.py")) + "\nall: fit/0.py");

        var (text, shows) = MermaidChoice.Of(known);

        Assert.Equal("the folders of the scripts, each with how many it has and the worst that became of one", shows);
        Assert.Equal("%% 1201 scripts, 601 dependencies; shown: the folders of the scripts, each with how many it has and the worst that became of one. The whole graph: graph.dot\nflowchart LR\n  n0[\"load/<br>600 scripts\"]\n  n1[\"fit/<br>600 scripts\"]\n  n2[\"./<br>1 script\"]\n  n0 --> n1\n  n1 --> n2\n", text);
    }

    [Fact]
    public void With_more_are_drawn_as_the_longest_path_and_what_it_needs()
    {
        var known = Known(string.Join('\n', Enumerable.Range(0, 500).Select(i => $"s{i}")) + "\nx: s0\ny: x s1 s2\n" + string.Join('\n', Enumerable.Range(0, 500).Select(i => $"t{i}: s{i}")));

        var (text, shows) = MermaidChoice.Of(known);

        Assert.Equal("the longest chain of scripts and what it directly needs", shows);
        Assert.Equal(["n0 --> n1", "n1 --> n2", "n3 --> n2", "n4 --> n2"], text.Split('\n').Where(line => line.Contains("-->", StringComparison.Ordinal)).Select(line => line.Trim()));
        Assert.StartsWith("%% 1002 scripts, 504 dependencies; shown: the longest chain", text);
    }

    [Theory]
    [InlineData(1000, 3, 450)]
    [InlineData(1000, 100, 56)]
    [InlineData(20_000, 3, 450)]
    public void However_long_stay_below_what_Mermaid_refuses(int scripts, int lengthOfNames, int arrows)
    {
        var known = Known(string.Join('\n', Enumerable.Range(0, scripts).Select(i => $"{new string('~', lengthOfNames)}{i}: {(i == 0 ? "" : $"{new string('~', lengthOfNames)}{i - 1}")}")));

        var (text, shows) = MermaidChoice.Of(known);

        Assert.Matches(@"^the longest chain of scripts without \d+ scripts in the middle of it", shows);
        Assert.Equal(arrows, Arrows(text));
        Assert.InRange(text.Length, 1000, MermaidText.MostCharacters);
        Assert.Matches(@"n\d+\[""… \d+ more …""\]", text);
    }

    [Fact]
    public void Of_many_shared_lists_have_each_once_in_every_file()
    {
        const int Half = 2000;
        var first = string.Join(' ', Enumerable.Range(0, Half).Select(i => $"a{i}"));
        var known = Known(string.Join('\n', first.Split(' ')) + "\n" + string.Join('\n', Enumerable.Range(0, Half).Select(i => $"b{i}: {first}")));
        using var json = new MemoryStream();

        GraphJson.Write(known, json);

        var dot = Dot(known);
        Assert.Equal(2 * Half, dot.Split('\n').Count(line => line.Contains("->", StringComparison.Ordinal)));
        Assert.Contains("// A dot stands for a list of dependencies that several scripts have in common.\n", dot);
        Assert.InRange(json.Length, 1, 1_500_000);
        var graph = JsonNode.Parse(json.ToArray())!;
        Assert.Equal(Half, graph["dependencyLists"]![0]!.AsArray().Count);
        Assert.Equal("[0]", graph["scripts"]![Half]!["dependsOnLists"]!.ToJsonString());
    }

    [Fact]
    public void Do_without_a_history_that_cannot_be_read()
    {
        using var project = new TestProject();
        project.Add("a.sh", "true");
        project.Write("obj/scripts/history.db", "this is no database, and long enough to be looked at as one");
        var said = new List<string>();

        Assert.Null(GraphFiles.Write(project.Prepare(), said.Add));

        Assert.Equal("1 script in 1 tier, 0 dependencies. Nothing has run yet, so there are no colours.", said[0]);
    }

    [Fact]
    public void That_cannot_be_written_are_an_error()
    {
        using var project = new TestProject();
        project.Add("a.sh", "true");
        Directory.CreateDirectory(project["obj/scripts/graph.md/in the way"]);

        var problem = GraphFiles.Write(project.Prepare(), _ => { })!;

        Assert.StartsWith($"The graph cannot be written to '{project["obj/scripts"]}': ", problem.What);
        Assert.Equal(("PSCR3022", false, "Mend what this says, and call GraphAnalyses again."), (problem.Code, problem.IsWarning, problem.Fix));
    }

    private static KnownGraph Known(string graph) => KnownGraph.Of(Graphs.Prepared(Graphs.Parse(graph), new RunOptions()) with { Place = new("/somewhere/work.csproj", "/somewhere", "/somewhere/obj/scripts") });

    /// <summary>Scripts by any name, which wait for nothing.</summary>
    private static KnownGraph Known(IEnumerable<string> names) =>
        KnownGraph.Of(Graphs.Prepared(Graphs.TryBuild([.. names.Select(name => new Script { Name = name, Include = name })], [])!, new RunOptions()));

    /// <summary>One script, and so many after it.</summary>
    private static KnownGraph Wide(int edges) => Known("a\n" + string.Join('\n', Enumerable.Range(0, edges).Select(i => $"b{i}: a")));

    private static string Shown(KnownGraph known) => MermaidChoice.Of(known).Shows;

    private static int Arrows(string text) => text.Split('\n').Count(line => line.Contains(" --> ", StringComparison.Ordinal));

    private static string Dot(KnownGraph known)
    {
        using var dot = new StringWriter();
        DotText.Write(known, dot);
        return dot.ToString();
    }

    private static string Graphviz(string dot)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dot"), "Graphviz is not installed.");
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/dot", ["-Tsvg"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardInputEncoding = new System.Text.UTF8Encoding(false), StandardOutputEncoding = System.Text.Encoding.UTF8 })!;
        process.StandardInput.Write(dot);
        process.StandardInput.Close();
        var complaints = process.StandardError.ReadToEndAsync();
        var svg = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(60_000));
        Assert.Equal("", string.Join('\n', complaints.Result.Split('\n').Where(line => !line.Contains("fontconfig", StringComparison.OrdinalIgnoreCase))));
        Assert.Equal(0, process.ExitCode);
        return svg;
    }

    [GeneratedRegex("<text [^>]*>(.*?)</text>")]
    private static partial Regex Text();

    [GeneratedRegex("""^  n\d+\["(.*)"\]""", RegexOptions.Multiline)]
    private static partial Regex Label();

    [GeneratedRegex(@"#(\d+);")]
    private static partial Regex Entity();

    [GeneratedRegex(@"<br>[0-9.]+ m?s")]
    private static partial Regex Duration();
}
