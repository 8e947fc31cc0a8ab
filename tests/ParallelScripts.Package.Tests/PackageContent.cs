using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ParallelScripts.Package.Tests;

public sealed partial class PackageContent(PackageFixture package) : PackageTest(package)
{
    /// <summary>Every code there is: those in the engine's list, and those that only the targets can say.</summary>
    public static TheoryData<string> Codes { get; } =
    [
        .. Code().Matches(Source("src/ParallelScripts.Engine/Problems.cs") + Source("build/ParallelScripts.targets")).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Is_the_build_files_the_assemblies_with_what_they_need_the_pages_and_the_readme()
    {
        // What NuGet itself puts into every package is not ours to choose.
        using var zip = ZipFile.OpenRead(Package.Package);
        var files = zip.Entries.Select(entry => entry.FullName)
            .Where(file => file is not ("[Content_Types].xml" or "_rels/.rels") && !file.StartsWith("package/", StringComparison.Ordinal));

        string[] expected =
        [
            "ParallelScripts.nuspec",
            "README.md",
            "build/ParallelScripts.props",
            "build/ParallelScripts.targets",
            "buildMultiTargeting/ParallelScripts.props",
            "buildMultiTargeting/ParallelScripts.targets",
            .. new[] { "tasks/net10.0", "tasks/net10.0/linux-x64" }.SelectMany(folder => new[]
            {
                $"{folder}/Microsoft.Data.Sqlite.dll",
                $"{folder}/ParallelScripts.Engine.dll",
                $"{folder}/ParallelScripts.Tasks.deps.json",
                $"{folder}/ParallelScripts.Tasks.dll",
                $"{folder}/SQLitePCLRaw.batteries_v2.dll",
                $"{folder}/SQLitePCLRaw.core.dll",
                $"{folder}/SQLitePCLRaw.provider.e_sqlite3.dll",
                $"{folder}/System.IO.Hashing.dll",
            }),
            .. new[] { "linux-musl-x64", "linux-x64" }.Select(system => $"tasks/net10.0/linux-x64/runtimes/{system}/native/libe_sqlite3.so"),
            .. new[] { "linux-arm64", "linux-musl-arm64", "linux-musl-x64", "linux-x64" }.Select(system => $"tasks/net10.0/runtimes/{system}/native/libe_sqlite3.so"),
            .. new[] { "osx-arm64", "osx-x64" }.Select(system => $"tasks/net10.0/runtimes/{system}/native/libe_sqlite3.dylib"),
            .. new[] { "win-arm64", "win-x64" }.Select(system => $"tasks/net10.0/runtimes/{system}/native/e_sqlite3.dll"),
            "CHANGELOG.md",
            "LICENSE",
            .. Directory.EnumerateFiles(Path.Combine(PackageFixture.Repository, "docs"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(PackageFixture.Repository, file).Replace('\\', '/')),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Has_a_page_for(string code)
    {
        var page = Path.Combine(Package.Unpacked, "docs", "problems", code + ".md");

        Assert.True(File.Exists(page), $"docs/problems/{code}.md is not in the package.");
        var text = File.ReadAllText(page);
        Assert.StartsWith($"# {code}", text, StringComparison.Ordinal);
        Assert.Matches($"```\n[^`]*(error|warning) {code}: ", text);
        Assert.All(Xml().Matches(text), block => XDocument.Parse($"<Shown>{block.Groups[1].Value}</Shown>"));
    }

    /// <summary>The repository's samples, and how to work on it, are nothing to a page in a package.</summary>
    [Fact]
    public void Has_all_that_its_pages_link_to()
    {
        string[] elsewhere = ["samples", "CONTRIBUTING.md", "tests"];
        var missing =
            from page in Directory.EnumerateFiles(Package.Unpacked, "*.md", SearchOption.AllDirectories)
            from link in Link().Matches(File.ReadAllText(page)).Select(match => match.Groups[1].Value)
            where !link.Contains("://", StringComparison.Ordinal)
            let file = Path.GetRelativePath(Package.Unpacked, Path.GetFullPath(link.Split('#')[0], Path.GetDirectoryName(page)!))
            where !elsewhere.Contains(file.Split('/')[0]) && !Path.Exists(Path.Combine(Package.Unpacked, file))
            select $"{Path.GetRelativePath(Package.Unpacked, page)}: {link}";

        Assert.Empty(missing);
    }

    [Fact]
    public void Says_that_it_is_for_development_and_depends_on_nothing()
    {
        var nuspec = XDocument.Load(Path.Combine(Package.Unpacked, "ParallelScripts.nuspec"));
        var metadata = nuspec.Root!.Elements().Single().Elements().ToDictionary(element => element.Name.LocalName);

        Assert.Equal("true", metadata["developmentDependency"].Value);
        Assert.Equal("README.md", metadata["readme"].Value);
        Assert.Equal("MIT", metadata["license"].Value);
        Assert.DoesNotContain("dependencies", metadata.Keys);
        Assert.DoesNotContain("frameworkReferences", metadata.Keys);
    }

    [Fact]
    public async Task Is_not_seen_by_a_project_that_references_one_with_the_package()
    {
        var project = new Project(NewFolder(Package.NuGetProjects), "app/app.csproj");
        project.Write("library/library.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ParallelScripts" Version="$(ParallelScriptsVersion)" PrivateAssets="all" />
              </ItemGroup>
            </Project>
            """);
        project.Write("app/app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../library/library.csproj" />
              </ItemGroup>
            </Project>
            """);

        (await project.MSBuildAsync("-t:Restore")).Succeeded();
        var build = await project.RunAnalysesAsync();

        // MSB4057: there is no such target.
        Assert.StartsWith("app/app.csproj: MSB4057: ", Assert.Single(build.Failed().Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("ParallelScripts", project.Read("app/obj/project.assets.json").Replace(Package.Root, ""), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("ParallelScripts", project.Read("library/obj/project.assets.json").Replace(Package.Root, ""), StringComparison.OrdinalIgnoreCase);
    }

    private static string Source(string path) => File.ReadAllText(Path.Combine(PackageFixture.Repository, path));

    [GeneratedRegex(@"\]\(([^)#\s][^)\s]*)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```xml\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Xml();

    [GeneratedRegex(@"PSCR\d{4}")]
    private static partial Regex Code();
}
