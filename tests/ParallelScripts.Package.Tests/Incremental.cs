namespace ParallelScripts.Package.Tests;

/// <summary>Skipping what is up to date, in real builds.</summary>
public sealed class Incremental(PackageFixture package) : PackageTest(package)
{
    private const string Chain = """
          <ItemGroup>
            <ScriptItem Include="clean.sh" Inputs="raw.txt" Outputs="clean.txt" />
            <ScriptItem Include="fit.sh" Inputs="clean.txt" Outputs="fit.txt" />
          </ItemGroup>
        """;

    [Fact]
    public async Task Says_in_the_log_why_a_script_runs_and_runs_nothing_when_nothing_changed()
    {
        var project = WithChain(Plain(Chain));
        var first = (await project.RunAnalysesAsync()).Succeeded();
        Assert.Contains("[clean.sh] runs: it has not run before", first.Lines);

        Assert.Equal(["2 scripts: 2 up to date."], (await project.RunAnalysesAsync()).Succeeded().Lines);

        project.Write("raw.txt", "c\n");
        Assert.Contains("[fit.sh] runs: clean.txt changed (written by clean.sh)", (await project.RunAnalysesAsync()).Succeeded().Lines);
        Assert.Equal("clean.txt changed (written by clean.sh)", (string)project.RunJson()["scripts"]![1]!["reason"]!);
    }

    [Fact]
    public async Task With_question_fails_when_anything_would_run_and_runs_nothing()
    {
        var project = WithChain(Plain(Chain));

        var stale = (await project.RunAnalysesAsync("-question")).Failed();

        Assert.Equal(
            [
                "work.proj(4,5): PSCR2006: Script 'clean.sh' is not up to date: it has not run before. Run it without -question. What it writes, together with the state directory, is what -question looks for.",
                "work.proj(5,5): PSCR2006: Script 'fit.sh' may have to run: clean.sh runs before it. Run it without -question. What it writes, together with the state directory, is what -question looks for.",
            ],
            stale.Errors);
        Assert.False(project.Has("obj"));
        Assert.False(project.Has("clean.txt"));

        (await project.RunAnalysesAsync()).Succeeded();
        (await project.RunAnalysesAsync("-question")).Succeeded();
        (await project.RunAnalysesAsync("-question", "-mt")).Succeeded();
    }

    [Fact]
    public async Task Makes_a_source_file_that_the_same_build_compiles_and_the_next_one_does_not_make_again()
    {
        var project = await NuGetAsync(Net10, """
              <PropertyGroup>
                <RunAnalysesOnBuild>true</RunAnalysesOnBuild>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="generate.sh" Inputs="names.txt" Outputs="obj/Names.g.cs" />
                <Compile Include="obj/Names.g.cs" />
              </ItemGroup>
            """);
        project.Write("names.txt", "Alpha");
        project.Write("generate.sh", "echo \"public static class Names { public const string First = \\\"$(cat names.txt)\\\"; }\" > obj/Names.g.cs");
        project.Write("Use.cs", "public static class Use { public static string It => Names.First; }");

        (await project.DotnetAsync("build", "--no-restore")).Succeeded();
        var second = (await project.DotnetAsync("build", "--no-restore")).Succeeded();
        Assert.Contains("1 script: 1 up to date.", second.Lines);

        project.Write("names.txt", "Beta");
        var third = (await project.DotnetAsync("build", "--no-restore")).Succeeded();
        Assert.Contains("[generate.sh] runs: names.txt changed", third.Lines);
        Assert.Contains("CoreCompile", third.Targets);
    }

    [Fact]
    public async Task Is_cleaned_only_by_CleanAnalyses_unless_the_project_says_otherwise()
    {
        var project = await NuGetAsync(Net10, Chain);
        WithChain(project);
        (await project.RunAnalysesAsync()).Succeeded();

        (await project.MSBuildAsync("-t:Clean")).Succeeded();
        Assert.True(project.Has("clean.txt"));

        var cleaned = (await project.MSBuildAsync("-t:Clean", "-p:CleanAnalysesOnClean=true")).Succeeded();
        Assert.Contains("Removed what is recorded of runs, and of what scripts wrote 2 files.", cleaned.Lines);
        Assert.False(project.Has("clean.txt"));
        Assert.False(project.Has("obj/scripts/history.db"));
        Assert.True(project.Has("raw.txt"));
    }

    [Fact]
    public async Task Gives_dotnet_watch_the_scripts_and_their_inputs()
    {
        var project = WithChain(await NuGetAsync(Net10, Chain));

        var watched = (await project.MSBuildAsync("-t:_CollectScriptInputsToWatch", "-getItem:Watch")).Succeeded();

        foreach (var file in new[] { "clean.sh", "fit.sh", "raw.txt" })
        {
            Assert.Contains($"\"Identity\": \"{file}\"", watched.Output);
        }

        // What a script writes for another would start the run that writes it again and again.
        Assert.DoesNotContain("\"Identity\": \"clean.txt\"", watched.Output);
    }

    [Fact]
    public async Task With_dotnet_watch_an_edit_runs_what_it_touches_and_what_scripts_write_runs_nothing()
    {
        const string Waiting = "Waiting for a file to change";
        var project = WithChain(await NuGetAsync(Net10, Chain));
        using var watch = Dotnet.Start(project.Folder, ["watch", "msbuild", "-t:RunAnalyses"]);
        await watch.PrintedAsync(Waiting);

        File.AppendAllText(project.PathOf("raw.txt"), "c\n");
        await watch.PrintedAsync("[fit.sh] runs: clean.txt changed (written by clean.sh)");
        await watch.PrintedAsync(Waiting, times: 2);

        File.AppendAllText(project.PathOf("fit.sh"), "\n# a comment\n");
        await watch.PrintedAsync("[fit.sh] runs: fit.sh changed");
        await watch.PrintedAsync(Waiting, times: 3);
        await watch.PrintedAsync("2 scripts:", times: 3);

        Assert.Equal(3, watch.Printed.Split("2 scripts:").Length - 1);
    }

    [Fact]
    public async Task Tells_VisualStudio_each_file_by_which_a_build_is_needed()
    {
        var project = Plain("""<ItemGroup><ScriptItem Include="fit.sh" Inputs="a.txt;b.txt" Outputs="c.txt;d.txt" /></ItemGroup>""");

        var told = (await project.MSBuildAsync("-getItem:UpToDateCheckInput", "-getItem:UpToDateCheckOutput", "-p:RunAnalysesOnBuild=true")).Succeeded();
        var silent = (await project.MSBuildAsync("-getItem:UpToDateCheckInput", "-getItem:UpToDateCheckOutput")).Succeeded();

        Assert.All(["fit.sh", "a.txt", "b.txt", "c.txt", "d.txt"], file => Assert.Contains($"\"Identity\": \"{file}\"", told.Output));
        Assert.DoesNotContain("Identity", silent.Output);
    }

    [Fact]
    public async Task Lets_two_builds_of_one_project_run_each_script_once()
    {
        for (var i = 0; i < Rounds(3); i++)
        {
            var project = Plain("""
                  <ItemGroup>
                    <ScriptItem Include="s%3Ba.sh" Outputs="a.txt" />
                    <ScriptItem Include="b.sh" Inputs="a.txt" Outputs="b.txt" />
                  </ItemGroup>
                """);
            project.Write("s;a.sh", "mkdir busy && echo a >> ran.txt && : > a.txt && rmdir busy");
            project.Write("b.sh", "mkdir busy && echo b >> ran.txt && : > b.txt && rmdir busy");

            using var one = project.Start("msbuild", "-t:RunAnalyses");
            using var two = project.Start("msbuild", "-t:RunAnalyses");
            (await one.EndAsync()).Succeeded();
            (await two.EndAsync()).Succeeded();

            Assert.Equal(["a", "b"], project.ReadLines("ran.txt"));
        }
    }

    /// <summary>
    /// Ten scripts in a web write slowly, a part at a time. The build is killed at a random moment; after that the next run completes,
    /// runs what was not finished and nothing else, and the files are those of a run that was never killed.
    /// </summary>
    [Fact]
    public async Task After_a_kill_at_any_moment_redoes_what_was_not_finished_and_nothing_else()
    {
        var random = new Random();
        var undisturbed = WithWeb();
        var whole = await undisturbed.RunAnalysesAsync();
        whole.Succeeded();
        var expected = Results(undisturbed);
        for (var i = 0; i < Rounds(5); i++)
        {
            var project = WithWeb();
            var moment = random.Next(150, (int)whole.Duration.TotalMilliseconds);
            using (var killed = project.Start("msbuild", ["-t:RunAnalyses"], new Dictionary<string, string> { ["TEST_FOLDER"] = project.Folder }))
            {
                await Task.Delay(moment);
                killed.KillIfRunning();
                await killed.EndAsync();
            }

            // A script may have ended after the build was dead, or while it died: its end was recorded by nobody, so it is not counted as finished.
            var finished = project.Has("obj/scripts/history.db") ? Finished(project) : [];
            var next = (await project.RunAnalysesAsync()).Succeeded();

            var ran = project.RunJson()["scripts"]!.AsArray().Where(script => (string)script!["outcome"]! == "Succeeded").Select(script => (string)script!["name"]!).ToArray();
            Assert.True(expected.SequenceEqual(Results(project)), $"Killed after {moment} ms: other files than without a kill.");
            Assert.True(!ran.Intersect(finished).Any(), $"Killed after {moment} ms: {string.Join(", ", ran.Intersect(finished))} ran again though finished.");
            Assert.Equal(10, ran.Union(finished).Count());
            Processes.AssertNoneWith("TEST_FOLDER", project.Folder);
            Assert.Equal(["10 scripts: 10 up to date."], (await project.RunAnalysesAsync()).Succeeded().Lines);
        }
    }

    /// <summary>A few times in every run of the tests, and as often as PARALLELSCRIPTS_SOAK says in a soak.</summary>
    private static int Rounds(int usual) => int.TryParse(Environment.GetEnvironmentVariable("PARALLELSCRIPTS_SOAK"), out var rounds) ? rounds : usual;

    private Project WithWeb()
    {
        var items = string.Concat(Enumerable.Range(0, 10).Select(i =>
            $"""<ScriptItem Include="s.sh" Name="s{i}" Arguments="{i}" Inputs="in.txt;{string.Join(';', Before(i).Select(j => $"out{j}.txt"))}" Outputs="out{i}.txt" />"""));
        var project = Plain($"<ItemGroup>{items}</ItemGroup>");
        project.Write("in.txt", "1");
        project.Write("s.sh", "sleep 600 &\nfor part in 1 2 3 4 5; do echo $1 $part >> out$1.txt; sleep 0.01; done\nkill $!\n");
        return project;
    }

    private static IEnumerable<int> Before(int script) => Enumerable.Range(0, script).Where(other => (script + other) % 3 == 0);

    private static string[] Results(Project project) => [.. Enumerable.Range(0, 10).Select(i => project.Read($"out{i}.txt"))];

    private static string[] Finished(Project project)
    {
        var query = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "python3",
            ["-c", "import sqlite3, sys\ntry:\n  for row in sqlite3.connect(sys.argv[1]).execute('SELECT script FROM results'): print(row[0])\nexcept sqlite3.OperationalError: pass", project.PathOf("obj/scripts/history.db")])
        {
            RedirectStandardOutput = true,
        })!;
        return query.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Project WithChain(Project project)
    {
        project.Write("raw.txt", "b\na\n");
        project.Write("clean.sh", "sort raw.txt > clean.txt");
        project.Write("fit.sh", "wc -l < clean.txt > fit.txt");
        return project;
    }
}
