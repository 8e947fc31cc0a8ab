using System.Text.Json.Nodes;

namespace ParallelScripts.Package.Tests;

public sealed class Names(PackageFixture package) : PackageTest(package)
{
    /// <summary>What a person, a tool or a malicious file system may call a thing.</summary>
    private static readonly string[] _zoo =
    [
        "plain",
        "two words",
        "it's",
        "say \"hi\"",
        "both ' and \"",
        "$HOME",
        "$(PATH)",
        "%USERNAME%",
        "100%",
        "%3B",
        "a;b",
        "a & b",
        "a && touch hacked",
        "`touch hacked`",
        "$(touch hacked)",
        "a | b > c",
        "<b>bold</b>",
        "-n",
        "--help",
        "a=b",
        "@(ScriptItem)",
        "%(Identity)",
        "@response",
        "#hash",
        "~",
        "{0}",
        "[x]",
        "star*",
        "what?",
        "Grüße, 日本語 🎉",
        "Case",
        "case",
        "con",
        ".hidden",
        new string('x', 140) + " and more",
    ];

    [Fact]
    public async Task Of_files_and_of_scripts_arguments_and_values_arrive_as_they_were_meant()
    {
        var items = _zoo.Select((name, i) => $"""
                <ScriptItem Include="{Xml($"zoo/{name}.sh")}"
                            Name="{Xml(name)}"
                            DependsOn="{(i == 0 ? "" : Xml(_zoo[i - 1]))}"
                            Arguments="{Xml(Quoted(name))} {i}"
                            EnvironmentVariables="VALUE={Xml(name)};INDEX={i}" />
            """);
        var project = Plain($"""
              <ItemGroup>
            {string.Join('\n', items)}
              </ItemGroup>
            """);
        foreach (var name in _zoo)
        {
            project.Write($"zoo/{name}.sh", """printf '%s\n' "$#" "$0" "$1" "$2" "$VALUE" > "$INDEX.txt"; echo "I am $1" """);
        }

        var build = await project.RunAnalysesAsync("-getItem:ScriptResult");

        build.Succeeded();
        for (var i = 0; i < _zoo.Length; i++)
        {
            Assert.Equal(["2", project.PathOf($"zoo/{_zoo[i]}.sh"), _zoo[i], $"{i}", _zoo[i]], project.ReadLines($"{i}.txt"));
        }

        Assert.False(project.Has("hacked"));

        // Shown right: in the items, in run.json, in the logs.
        var results = JsonNode.Parse(build.Output)!["Items"]!["ScriptResult"]!.AsArray();
        Assert.Equal(_zoo, results.Select(result => (string)result!["Name"]!));
        Assert.Equal(_zoo.Select(name => $"zoo/{name}.sh"), results.Select(result => (string)result!["Identity"]!));
        Assert.Equal(_zoo.Select(name => $"I am {name}\n"), results.Select(result => File.ReadAllText((string)result!["LogFile"]!)));
        var scripts = project.RunJson()["scripts"]!.AsArray();
        Assert.Equal(_zoo, scripts.Select(script => (string)script!["name"]!));
        Assert.Equal([.. _zoo[..^1].Prepend(null)], scripts.Select(script => (string?)script!["dependsOn"]!.AsArray().SingleOrDefault()));
        Assert.Equal(_zoo.Select((_, i) => i), scripts.Select(script => (int)script!["tier"]!));
    }

    [Fact]
    public async Task Are_shown_in_the_log_as_they_are()
    {
        var shown = _zoo.Where(name => !name.Contains('\'')).ToArray();
        var items = shown.Select(name => $"""
                <ScriptItem Include="{Xml(name)}" Command="echo 'I am {Xml(name)}'" />
            """);
        var project = Plain($"""
              <ItemGroup>
            {string.Join('\n', items)}
              </ItemGroup>
            """);

        var build = await project.RunAnalysesAsync("-p:ScriptsMaxDegreeOfParallelism=1");

        build.Succeeded();
        Assert.Equal(shown.Select(name => $"[{name}] I am {name}"), build.Lines.Where(line => line.Contains("] I am ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Are_shown_in_an_error_as_they_are()
    {
        var project = Plain($"""
              <ItemGroup>
                <ScriptItem Include="{Xml("50% & {0} \"x\" $(y);z")}" Command="exit 3" />
              </ItemGroup>
            """);

        var build = await project.RunAnalysesAsync();

        Assert.Equal(
            [$"work.proj(4,5): PSCR2001: Script '50% & {{0}} \"x\" $(y);z' exited with code 3. It printed nothing. To run it by hand, in '{project.Folder}': /bin/sh -c 'exit 3'"],
            build.Failed().Errors);
    }

    [Fact]
    public async Task Of_the_projects_folder_can_be_any_too()
    {
        const string folder = "100% (x86) ü; it's @ $(x) {0} &";
        var project = new Project(NewFolder(Package.PlainProjects), $"{folder}/work.proj");
        project.Write(project.FileName, """
            <Project>
              <Import Project="$(PackageUnderTest)/build/ParallelScripts.props" />
              <ItemGroup>
                <ScriptItem Include="here.sh" Arguments="&quot;$(MSBuildProjectDirectory)&quot;" WorkingDirectory="sub" />
                <ScriptItem Include="$(MSBuildProjectDirectory)/absolute.sh" DependsOn="here.sh" />
                <ScriptItem Include="bad.sh" DependsOn="$(MSBuildProjectDirectory)/absolute.sh" />
              </ItemGroup>
              <Import Project="$(PackageUnderTest)/build/ParallelScripts.targets" />
            </Project>
            """);
        project.Write($"{folder}/here.sh", "echo \"$1\"; pwd -P");
        project.Write($"{folder}/absolute.sh", "");
        project.Write($"{folder}/bad.sh", "exit 1");
        project.Write($"{folder}/sub/.keep", "");

        var build = await project.RunAnalysesAsync();

        Assert.StartsWith($"{folder}/work.proj(6,5): PSCR2001: Script 'bad.sh' exited with code 1.", Assert.Single(build.Failed().Errors), StringComparison.Ordinal);
        Assert.Equal($"{project.PathOf(folder)}\n{project.PathOf(folder)}/sub\n", project.Read($"{folder}/obj/scripts/logs/here.sh.log"));
        Assert.Equal($"here.sh Succeeded, {project.PathOf(folder)}/absolute.sh Succeeded, bad.sh Failed", project.Outcomes($"{folder}/obj/scripts"));
    }

    [Fact]
    public async Task With_backslashes_are_the_same_as_with_slashes()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="sub\one.sh" />
                <ScriptItem Include="two.sh" DependsOn="sub\one.sh" WorkingDirectory="sub\deep" />
                <ScriptItem Include="three.sh" DependsOn="sub/*.sh;two.sh" />
              </ItemGroup>
            """);
        project.Write("sub/one.sh", "echo one >> order.txt");
        project.Write("two.sh", "echo two >> ../../order.txt");
        project.Write("three.sh", "echo three >> order.txt");
        project.Write("sub/deep/.keep", "");

        var build = await project.RunAnalysesAsync();

        build.Succeeded();
        Assert.Equal(["one", "two", "three"], project.ReadLines("order.txt"));
    }

    /// <summary>Text as it is written into an attribute of a project so that MSBuild reads it as itself.</summary>
    private static string Xml(string text)
    {
        foreach (var special in "%$@;*?'")
        {
            text = text.Replace(special.ToString(), $"%{(int)special:X2}");
        }

        return System.Security.SecurityElement.Escape(text);
    }

    /// <summary>Text as one argument of a line of arguments.</summary>
    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
