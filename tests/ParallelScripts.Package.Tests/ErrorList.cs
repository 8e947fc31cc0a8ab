namespace ParallelScripts.Package.Tests;

/// <summary>What scripts print, in the error list of a real build.</summary>
public sealed class ErrorList(PackageFixture package) : PackageTest(package)
{
    private const string OneScript = """
          <ItemGroup>
            <ScriptItem Include="fit.py" />
          </ItemGroup>
        """;

    private const string Warns = """
        import warnings
        warnings.warn("rows are missing")
        print("fit.py(7,3): warning PY002: old")
        """;

    [Fact]
    public async Task Has_the_scripts_own_error_at_its_own_line()
    {
        var project = Plain(OneScript);
        project.Write("fit.py", "from lib.load import load\n\nload({})\n");
        project.Write("lib/load.py", "def load(row):\n    return row['price']\n");

        var build = await project.RunAnalysesAsync();

        build.Failed();
        var error = Assert.Single(build.Errors);
        Assert.StartsWith("lib/load.py(2,", error, StringComparison.Ordinal);
        Assert.EndsWith(
            $" PSCR2001: KeyError: 'price' (in load, called from fit.py(3)). Script 'fit.py' exited with code 1. Its output is in {project.PathOf("obj/scripts/logs/fit.py.log")}. To run it by hand, in '{project.Folder}': {CommandLineOf(project)}",
            error,
            StringComparison.Ordinal);
        Assert.Contains(build.Lines, line => line.StartsWith(project.PathOf("lib/load.py") + "(2,", StringComparison.Ordinal) && line.Contains("): error PSCR2001: KeyError: 'price'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Has_what_a_compiler_or_linter_said_by_its_own_code()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="lint.sh" />
                <ScriptItem Include="bad.cs" />
              </ItemGroup>
            """);
        project.Write("lint.sh", "echo 'lint.sh(1,2): error LINT7: not so'; echo 'lint.sh:1:3: warning: nor so'; exit 1");
        project.Write("bad.cs", "Console.WriteLine(nothing);\nint x = \"three\";\n");

        var build = await project.RunAnalysesAsync("-p:ScriptsOnFailure=KeepGoing");

        build.Failed();
        Assert.Equal(
            ["bad.cs(1,19): CS0103", "bad.cs(2,9): CS0029", "lint.sh(1,2): LINT7", "work.proj(4,5): PSCR2001", "work.proj(5,5): PSCR2004"],
            build.Errors.Select(error => string.Join(": ", error.Split(": ").Take(2))).Order(StringComparer.Ordinal));
        Assert.Equal(["lint.sh(1,3): PSCR2010: nor so [lint.sh]"], build.PlacedWarnings);
    }

    [Fact]
    public async Task Has_warnings_that_do_not_fail_a_script()
    {
        var project = Plain(OneScript);
        project.Write("fit.py", Warns);

        var build = await project.RunAnalysesAsync();

        build.Succeeded();
        Assert.Equal(["fit.py(2,0): PSCR2010: UserWarning: rows are missing [fit.py]", "fit.py(7,3): PY002: old"], build.PlacedWarnings);
    }

    [Theory]
    [InlineData("<NoWarn>$(NoWarn);PSCR2010</NoWarn>", true, "PY002", "")]
    [InlineData("<NoWarn>PSCR2010;PY002</NoWarn>", true, "", "")]
    [InlineData("<WarningsAsErrors>PSCR2010</WarningsAsErrors>", false, "PY002", "PSCR2010,PSCR2012")]
    [InlineData("<WarningsAsErrors>PY002</WarningsAsErrors>", false, "PSCR2010", "PSCR2012,PY002")]
    [InlineData("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", false, "", "PSCR2010,PSCR2012,PY002")]
    [InlineData("<TreatWarningsAsErrors>true</TreatWarningsAsErrors><NoWarn>PSCR2010;PY002</NoWarn>", true, "", "")]
    [InlineData("<TreatWarningsAsErrors>true</TreatWarningsAsErrors><WarningsNotAsErrors>PSCR2010;PY002</WarningsNotAsErrors>", true, "PSCR2010,PY002", "")]
    [InlineData("<WarningsAsErrors>PSCR2010</WarningsAsErrors><NoWarn>PSCR2010</NoWarn>", true, "PY002", "")]
    public async Task Follows_the_projects_word_on_warnings(string property, bool succeeds, string warnings, string errors)
    {
        var project = await NuGetAsync(Net10, $"<PropertyGroup>{property}</PropertyGroup>{OneScript}");
        project.Write("fit.py", Warns);

        var build = await project.RunAnalysesAsync();

        _ = succeeds ? build.Succeeded() : build.Failed();
        Assert.Equal(warnings, string.Join(',', build.Warnings.Select(warning => warning.Split(':')[0]).Order(StringComparer.Ordinal)));
        Assert.Equal(errors, string.Join(',', build.Errors.Select(error => error.Split(": ")[1]).Order(StringComparer.Ordinal)));
        Assert.Equal(succeeds ? "fit.py Succeeded" : "fit.py Failed", project.Outcomes());
    }

    [Fact]
    public async Task Makes_a_script_run_again_whose_warnings_were_errors()
    {
        var project = await NuGetAsync(Net10, """
              <ItemGroup>
                <ScriptItem Include="fit.py" Outputs="model.json" />
              </ItemGroup>
            """);
        project.Write("fit.py", Warns + "\nopen('model.json', 'w').close()");

        (await project.RunAnalysesAsync("-p:WarningsAsErrors=PSCR2010")).Failed();
        var again = await project.RunAnalysesAsync();

        again.Succeeded();
        Assert.Equal("fit.py Succeeded", project.Outcomes());
    }

    [Fact]
    public async Task Fails_a_script_that_prints_an_error_and_exits_with_0_unless_it_opts_out()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="lint.sh" />
                <ScriptItem Include="lint.sh" Name="ignored" IgnoreStandardErrorWarningFormat="true" />
              </ItemGroup>
            """);
        project.Write("lint.sh", "echo 'lint.sh(1,2): error LINT7: not so'");

        var build = await project.RunAnalysesAsync("-p:ScriptsOnFailure=KeepGoing");

        build.Failed();
        Assert.Equal("lint.sh Failed, ignored Succeeded", project.Outcomes());
        Assert.Equal(["lint.sh(1,2): LINT7", "work.proj(4,5): PSCR2012"], build.Errors.Select(error => string.Join(": ", error.Split(": ").Take(2))));
    }

    [Fact]
    public async Task Is_not_filled_by_a_script_that_warns_without_end()
    {
        var project = Plain(OneScript);
        project.Write("fit.py", """
            import warnings
            warnings.simplefilter("always")
            for i in range(20_000):
                warnings.warn(f"row {i}")
            """);

        var build = await project.RunAnalysesAsync("-noConsoleLogger");

        build.Succeeded();
        Assert.Equal(51, build.PlacedWarnings.Length);
        Assert.Equal("work.proj(4,5): PSCR2010: Script 'fit.py' printed 19950 more warnings than are shown here. The log file has them.", build.PlacedWarnings[^1]);
    }

    [Fact]
    public async Task Says_which_words_IgnoreStandardErrorWarningFormat_knows()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="fit.sh" IgnoreStandardErrorWarningFormat="yes" />
              </ItemGroup>
            """);
        project.Write("fit.sh", "");

        var build = await project.RunAnalysesAsync();

        build.Failed();
        Assert.Equal(["work.proj(4,5): PSCR1020: IgnoreStandardErrorWarningFormat of script 'fit.sh' is 'yes', which is none of its values. Use one of: true, false."], build.Errors);
    }

    /// <summary>As a person would start it: by the first <c>python3</c> on the path, also where the run saw through a shim.</summary>
    private static string CommandLineOf(Project project)
    {
        var python = Dotnet.Environment["PATH"].Split(':').Select(folder => Path.Combine(folder, "python3")).First(File.Exists);
        return $"{(Dotnet.Environment.ContainsKey("PYTHONUNBUFFERED") ? "" : "PYTHONUNBUFFERED=1 ")}PYTHONUTF8=1 {python} {project.PathOf("fit.py")}";
    }
}
