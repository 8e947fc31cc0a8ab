using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ParallelScripts.Package.Tests;

/// <summary>The README and the pages in docs/: every project, command, query and program in them is tried.</summary>
public sealed partial class Documents(PackageFixture package) : PackageTest(package)
{
    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Path.Combine(PackageFixture.Repository, "docs"), "*.md").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Fact]
    public async Task The_readme_shows_only_projects_that_evaluate_and_commands_that_work()
    {
        Project? shown = null;
        foreach (var (language, text) in Blocks(File.ReadAllText(Path.Combine(PackageFixture.Repository, "README.md"))))
        {
            if (language == "xml")
            {
                var project = Written(text);
                shown = project.FileName.EndsWith(".csproj", StringComparison.Ordinal) ? project : shown;
                await DoAsync(project, $"dotnet msbuild -t:PlanAnalyses {(project == shown ? "-restore" : "")}");
            }
            else if (language == "console")
            {
                foreach (var command in text.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]))
                {
                    await CheckAsync(command, shown);
                }
            }
        }

        Assert.NotNull(shown);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_shows_only_what_works(string page)
    {
        Project? shown = null;
        foreach (var (language, text) in Blocks(File.ReadAllText(Path.Combine(PackageFixture.Repository, "docs", page))))
        {
            switch (language)
            {
                case "xml":
                    shown = Written(text.StartsWith("<ScriptItem", StringComparison.Ordinal) ? $"<ItemGroup>{text}</ItemGroup>" : text);
                    await DoAsync(shown, $"dotnet msbuild -t:PlanAnalyses {(shown.FileName.EndsWith(".csproj", StringComparison.Ordinal) ? "-restore" : "")}");
                    break;

                case "sql" or "python":
                    shown ??= await WithHistoryAsync();
                    await QueryAsync(shown, language, text);
                    break;

                case "shell" or "console":
                    foreach (var command in Commands(language, text))
                    {
                        await CheckInPageAsync(command, shown);
                    }

                    break;

                default:
                    // What a run prints, or another tool's configuration.
                    Assert.Contains(language, new[] { "text", "yaml" });
                    break;
            }
        }
    }

    [Fact]
    public async Task The_page_of_run_json_names_all_that_is_in_it()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="fails.sh" Retries="1" RetryDelay="1ms" ContinueOnError="WarnAndContinue" />
                <ScriptItem Include="after.sh" DependsOn="fails.sh" />
              </ItemGroup>
            """);
        project.Write("fails.sh", "exit 3");
        project.Write("after.sh", "sleep 1; echo done");
        (await project.RunAnalysesAsync()).Succeeded();

        var page = File.ReadAllText(Path.Combine(PackageFixture.Repository, "docs", "run-json.md"));

        string[] names = [.. NamesIn(JsonNode.Parse(File.ReadAllText(project.PathOf("obj/scripts/run.json"))))];
        Assert.Contains("failedAttempts", names);
        Assert.Contains("moreSlots", names);
        Assert.DoesNotContain(names, name => !page.Contains($"`{name}`", StringComparison.Ordinal));
    }

    private static IEnumerable<string> NamesIn(JsonNode? node) => node switch
    {
        JsonObject thing => thing.SelectMany(member => NamesIn(member.Value).Prepend(member.Key)),
        JsonArray list => list.SelectMany(NamesIn),
        _ => [],
    };

    private static IEnumerable<string> Commands(string language, string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return language == "shell" ? lines : lines.Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]);
    }

    private async Task CheckInPageAsync(string command, Project? shown)
    {
        switch (command.Split(' ')[0])
        {
            case "dotnet":
                // It may find something to run, or a script that these empty files are not; what it must not find is a command it does not know.
                var build = await StartAsync(shown ?? throw new InvalidOperationException($"'{command}' is shown before a project to run it in."), command);
                Assert.DoesNotContain(build.Errors, error => error.Contains(": MSB", StringComparison.Ordinal));
                Assert.DoesNotContain("MSB10", build.Output, StringComparison.Ordinal);
                break;

            case "sqlite3":
                await QueryAsync(await WithHistoryAsync(), "sql", command[(command.IndexOf('"', StringComparison.Ordinal) + 1)..command.LastIndexOf('"')]);
                break;

            case var program:
                Assert.True(File.Exists(Path.Combine(PackageFixture.Repository, program)), $"{program} is not in the repository.");
                break;
        }
    }

    private async Task<Project> WithHistoryAsync()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="clean.py" Outputs="clean.txt" />
              </ItemGroup>
            """);
        project.Write("clean.py", "open('clean.txt', 'w').close()");
        (await project.RunAnalysesAsync()).Succeeded();
        return project;
    }

    /// <summary>Runs a query or a program against a history, as a person would in the project's folder.</summary>
    private static async Task QueryAsync(Project project, string language, string text)
    {
        var program = language == "python"
            ? text
            : $"import sqlite3\nfor row in sqlite3.connect('file:obj/scripts/history.db?mode=ro', uri=True).execute('''{text.TrimEnd().TrimEnd(';')}'''): print(row)";
        using var python = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("python3", ["-c", program]) { WorkingDirectory = project.Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = python.StandardError.ReadToEndAsync();
        _ = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await errors);
    }

    private async Task CheckAsync(string command, Project? shown)
    {
        if (command.Contains(" samples/", StringComparison.Ordinal))
        {
            Assert.Contains(command, Samples.Commands);
        }
        else if (command == "dotnet test")
        {
            // Run in here it would run in here again; that it is what continuous integration runs must do.
            Assert.Contains("\n  dotnet test ", File.ReadAllText(Path.Combine(PackageFixture.Repository, ".ci", "run")), StringComparison.Ordinal);
        }
        else
        {
            Assert.True(shown is not null, $"README.md shows '{command}' before it shows a project to run it in.");
            await DoAsync(shown, command);
        }
    }

    /// <summary>A project as it is shown, or around what is shown, with the files it speaks of.</summary>
    private Project Written(string text)
    {
        Project project;
        if (text.StartsWith("<Project", StringComparison.Ordinal))
        {
            project = new Project(NewFolder(Package.NuGetProjects), "work.csproj");
            project.Write(project.FileName, PackageVersion().Replace(text, "$1$(ParallelScriptsVersion)"));
        }
        else
        {
            project = Plain(text);
        }

        foreach (var file in XDocument.Parse($"<Blocks>{text}</Blocks>").Descendants("ScriptItem").Where(item => item.Attribute("Command") is null).SelectMany(item => ((string?)item.Attribute("Include") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries)))
        {
            project.Write(file.Replace("**", "deep").Replace("*", "any"), "");
        }

        return project;
    }

    private static async Task DoAsync(Project project, string command) => (await StartAsync(project, command)).Succeeded();

    private static async Task<Build> StartAsync(Project project, string command)
    {
        // A person who copies a line has the interpreter it needs; this machine need not.
        foreach (var program in new[] { "python3", "Rscript", "node", "pwsh", "julia", "ruby", "perl", "lua", "uv", "bash", "sbatch" })
        {
            File.SetUnixFileMode(project.Write($".programs/{program}", "#!/bin/sh\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("dotnet", words[0]);
        var environment = new Dictionary<string, string> { ["PATH"] = $"{project.PathOf(".programs")}:{Dotnet.Environment["PATH"]}" };
        foreach (var secret in XDocument.Load(project.PathOf(project.FileName)).Descendants().Attributes("SecretVariables").SelectMany(names => names.Value.Split(';')))
        {
            environment[secret] = "a value that is long enough";
        }

        using var running = project.Start(words[1], words[2..], environment);
        return await running.EndAsync();
    }

    private static IEnumerable<(string Language, string Text)> Blocks(string markdown) =>
        Block().Matches(markdown.ReplaceLineEndings("\n")).Select(block => (block.Groups[1].Value, block.Groups[2].Value));

    [GeneratedRegex("^```(\\w+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("(Include=\"ParallelScripts\" Version=\")[^\"]*")]
    private static partial Regex PackageVersion();
}
