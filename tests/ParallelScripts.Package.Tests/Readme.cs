using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ParallelScripts.Package.Tests;

public sealed partial class Readme(PackageFixture package) : PackageTest(package)
{
    [Fact]
    public async Task Shows_only_projects_that_evaluate_and_commands_that_work()
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

    private static async Task DoAsync(Project project, string command)
    {
        // A person who copies a line has the interpreter it needs; this machine need not.
        foreach (var program in new[] { "python3", "Rscript", "node", "pwsh", "julia", "ruby", "perl", "lua", "uv", "bash" })
        {
            File.SetUnixFileMode(project.Write($".programs/{program}", "#!/bin/sh\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("dotnet", words[0]);
        using var running = project.Start(words[1], words[2..], new Dictionary<string, string> { ["PATH"] = $"{project.PathOf(".programs")}:{Dotnet.Environment["PATH"]}" });
        (await running.EndAsync()).Succeeded();
    }

    private static IEnumerable<(string Language, string Text)> Blocks(string markdown) =>
        Block().Matches(markdown.ReplaceLineEndings("\n")).Select(block => (block.Groups[1].Value, block.Groups[2].Value));

    [GeneratedRegex("^```(\\w+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("(Include=\"ParallelScripts\" Version=\")[^\"]*")]
    private static partial Regex PackageVersion();
}
