using System.IO.Compression;
using System.Text;
using BinaryLog = Microsoft.Build.Logging.StructuredLogger.BinaryLog;

namespace ParallelScripts.Package.Tests;

/// <summary>Greps everything that a build leaves behind.</summary>
public sealed class Secrets(PackageFixture package) : PackageTest(package)
{
    private const string Secret = "s3cr3t/w\"rd+ä&%";

    private static readonly Dictionary<string, string> _given = new() { ["API_KEY"] = Secret };

    /// <summary>Shows its secret in every form, in pieces, and ends with it in a traceback and in the name of a file.</summary>
    private const string Leak = """
        import base64, html, json, os, shlex, sys, urllib.parse
        key = os.environ["API_KEY"]
        def show(text):
            half = len(text) // 2
            sys.stdout.write(text[:half]); sys.stdout.flush()
            sys.stdout.write(text[half:] + "\n"); sys.stdout.flush()
        show("plain " + key)
        show("in colours " + key[:5] + "\033[01;31m\033[K" + key[5:] + "\033[m")
        show("base64 " + base64.b64encode(key.encode()).decode())
        for user in ("u:", "us:", "use:"):
            for encode in (base64.b64encode, base64.urlsafe_b64encode, base64.encodebytes):
                for after in ("", "!", "!!"):
                    show("basic " + encode((user + key + after).encode()).decode())
                    show("long " + encode((50 * user + key + after + 50 * user).encode()).decode())
        show("json " + json.dumps(key) + json.dumps(json.dumps(key)) + json.dumps(key).replace("/", "\\/"))
        show("url " + urllib.parse.quote(key) + urllib.parse.quote(key, safe="") + urllib.parse.quote_plus(key))
        show("html " + html.escape(key))
        show("shell " + shlex.quote(key) + shlex.quote("it's " + key))
        show("repr " + repr(key) + ascii(key) + repr(key.encode()))
        show("environment " + repr(os.environ))
        sys.stdout.buffer.write(b"latin " + key.encode("latin1") + b"\n")
        sys.stdout.flush()
        os.makedirs("out", exist_ok=True)
        open("out/" + urllib.parse.quote(key, safe="") + ".txt", "w").write("half")
        """;

    [Fact]
    public async Task Are_nowhere_in_what_a_failed_build_leaves_behind_or_prints()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="leak.py" SecretVariables="API_KEY" Outputs="out/*.txt" Retries="1" RetryDelay="10ms" />
                <ScriptItem Include="other.sh" DependsOn="leak.py" />
              </ItemGroup>
            """);
        project.Write("leak.py", Leak + "\nraise ValueError('bad key ' + key)\n");
        project.Write("other.sh", "");

        // Twice: the second time there is a history to explain from.
        for (var i = 0; i < 2; i++)
        {
            var build = await RunAsync(project, "-v:diag", "-p:ScriptsOnFailure=KeepGoing");
            build.Failed();
            AssertNowhere(project, build);
            Assert.Contains("[leak.py] ValueError: bad key ***", build.Output, StringComparison.Ordinal);
            Assert.Contains(build.Errors, error => error.Contains("by hand", StringComparison.Ordinal) && error.Contains(" API_KEY=*** ", StringComparison.Ordinal));
            Assert.Empty(build.Warnings);
        }

        Assert.True(project.Has("obj/scripts/failed/leak.py/out/***.txt"));
    }

    [Fact]
    public async Task Are_nowhere_in_what_a_good_build_leaves_behind_nor_in_its_explanations()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="leak.py" SecretVariables="API_KEY" Outputs="out/*.txt" />
                <ScriptItem Include="other.py" Inputs="out/*.txt" Outputs="other.txt" />
              </ItemGroup>
            """);
        project.Write("leak.py", Leak);
        project.Write("other.py", "import glob; print(glob.glob('out/*')); open('other.txt', 'w').write('done')");

        var first = (await RunAsync(project, "-v:diag")).Succeeded();
        AssertNowhere(project, first);
        Assert.Equal("leak.py Succeeded, other.py Succeeded", project.Outcomes());
        Assert.Contains("[leak.py] plain ***", first.Output, StringComparison.Ordinal);
        Assert.Contains("[other.py] ['out/***.txt']", first.Output, StringComparison.Ordinal);

        (await RunAsync(project)).Succeeded();
        Assert.Equal("leak.py UpToDate, other.py UpToDate", project.Outcomes());

        // Gone, the file with the secret in its name is named as what is missing.
        Directory.Delete(project.PathOf("out"), recursive: true);
        var again = (await RunAsync(project, "-v:diag")).Succeeded();
        AssertNowhere(project, again);

        using var changed = project.Start("msbuild", ["-t:PlanAnalyses", "-v:diag"], new Dictionary<string, string> { ["API_KEY"] = "another-one" });
        var plan = await changed.EndAsync();
        plan.Succeeded();
        Assert.Contains("leak.py runs: environment variable API_KEY changed", plan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("another-one", plan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_nowhere_in_what_a_killed_build_leaves_behind()
    {
        var project = Plain("""
              <ItemGroup>
                <ScriptItem Include="first.py" SecretVariables="API_KEY" Outputs="out/*.txt" />
                <ScriptItem Include="last.sh" DependsOn="first.py" Outputs="never" />
              </ItemGroup>
            """);
        project.Write("first.py", Leak);
        project.Write("last.sh", $"echo running; {WaitFor("may-end")}");

        using (var killed = project.Start("msbuild", ["-t:RunAnalyses"], _given))
        {
            await killed.PrintedAsync("[last.sh] running");
            killed.Send("KILL");
            await killed.EndAsync();
        }

        Assert.True(project.Has("obj/scripts/history.db-wal"));
        AssertNowhereInFiles(project);
        project.Write("may-end", "");
    }

    [Fact]
    public async Task Of_the_user_are_given_to_scripts_that_ask_for_them_and_to_no_other()
    {
        var project = Plain("""
              <PropertyGroup>
                <UserSecretsId>work-1</UserSecretsId>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="with.sh" SecretVariables="Db__Password" />
                <ScriptItem Include="without.sh" />
              </ItemGroup>
            """);
        project.Write("home/.microsoft/usersecrets/work-1/secrets.json", """{ "Db": { "Password": "from-the-user" } }""");
        project.Write("with.sh", "echo \"it is <$Db__Password>\"; [ \"$Db__Password\" = from-the-user ]");
        project.Write("without.sh", "echo \"it is <$Db__Password>\"");

        using var running = project.Start("msbuild", ["-t:RunAnalyses", "-v:diag"], new Dictionary<string, string> { ["HOME"] = project.PathOf("home") });
        var build = await running.EndAsync();

        build.Succeeded();
        Assert.Contains("[with.sh] it is <***>", build.Output, StringComparison.Ordinal);
        Assert.Contains("[without.sh] it is <>", build.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("from-the-user", build.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_MSBuild_itself_writes_down_are_said_to_be_none()
    {
        var project = Plain("""
              <PropertyGroup>
                <Address>https://example.invalid/?key=$(READ_KEY)</Address>
              </PropertyGroup>
              <ItemGroup>
                <ScriptItem Include="a.sh" SecretVariables="LITERAL;READ_KEY;GIVEN" EnvironmentVariables="LITERAL=l-123456" />
              </ItemGroup>
            """);
        project.Write("a.sh", "echo $LITERAL $READ_KEY $GIVEN");

        using var running = project.Start("msbuild", ["-t:RunAnalyses", "-p:Given=g-123456"], new Dictionary<string, string> { ["READ_KEY"] = "r-123456", ["GIVEN"] = "g-123456" });
        var build = await running.EndAsync();

        build.Succeeded();
        Assert.Equal(
            [
                "PSCR1026: The value of the secret 'LITERAL' stands in EnvironmentVariables of script 'a.sh', which the build writes into its own logs. Take it out there, and let 'LITERAL' come from the environment or the project's user secrets.",
                "PSCR1026: The project itself reads the environment variable 'READ_KEY', which is secret, and the build writes what it reads into its own logs. Let only the script read it: an environment variable in SecretVariables need not stand anywhere else.",
                "PSCR1026: The value of the secret 'GIVEN' was given as property 'Given', which the build writes into its own logs. Do not give the property, and let 'GIVEN' come from the environment or the project's user secrets.",
            ],
            build.Warnings);
        Assert.Contains("[a.sh] *** *** ***", build.Lines);
        Assert.DoesNotContain("-123456", project.Read("obj/scripts/logs/a.sh.log"), StringComparison.Ordinal);
    }

    private static async Task<Build> RunAsync(Project project, params string[] arguments)
    {
        using var running = project.Start("msbuild", ["-t:RunAnalyses", .. arguments], _given);
        return await running.EndAsync();
    }

    private static void AssertNowhere(Project project, Build build)
    {
        AssertNotIn(build.Output, "the console");
        AssertNotIn(build.ErrorOutput, "the console");
        foreach (var binlog in Directory.GetFiles(project.Folder, "*.binlog"))
        {
            using var packed = new GZipStream(File.OpenRead(binlog), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            packed.CopyTo(plain);
            AssertNotIn(Encoding.Latin1.GetString(plain.ToArray()), binlog);
            AssertNotIn(Encoding.UTF8.GetString(plain.ToArray()), binlog);
            foreach (var file in BinaryLog.ReadBuild(binlog).SourceFiles ?? [])
            {
                AssertNotIn(file.Text, $"{file.FullPath} in {binlog}");
            }
        }

        AssertNowhereInFiles(project);
    }

    private static void AssertNowhereInFiles(Project project)
    {
        var files = Directory.GetFiles(project.PathOf("obj/scripts"), "*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            AssertNotIn(file, "a name");
            AssertNotIn(Encoding.Latin1.GetString(File.ReadAllBytes(file)), file);
            AssertNotIn(Encoding.UTF8.GetString(File.ReadAllBytes(file)), file);
        }
    }

    private static void AssertNotIn(string text, string where)
    {
        var bytes = Encoding.UTF8.GetBytes(Secret);
        string[] spellings =
        [
            Secret, Encoding.Latin1.GetString(bytes), "s3cr3t", "w\"rd", "w\\\"rd", "w%22rd", "w&quot;rd", "rd+\\u00e4", "rd+\\xe4", "rd+\\xc3", "rd%2B",

            // In base64, what only the secret decides, at each alignment.
            .. Enumerable.Range(0, 3).Select(before => Convert.ToBase64String([.. new byte[before], .. bytes])[(before + 1)..((before + bytes.Length) * 8 / 6)]),
            .. Enumerable.Range(0, 3).Select(before => Convert.ToBase64String([.. new byte[before], .. bytes])[(before + 1)..(before + 9)]),
        ];

        foreach (var spelling in spellings.Concat(spellings.Select(spelling => spelling.Replace('+', '-').Replace('/', '_'))))
        {
            Assert.False(text.Contains(spelling, StringComparison.Ordinal), $"'{spelling}' is in {where}: {Around(text, spelling)}");
        }
    }

    private static string Around(string text, string found)
    {
        var at = text.IndexOf(found, StringComparison.Ordinal);
        return at < 0 ? "" : text[Math.Max(0, at - 100)..Math.Min(text.Length, at + 100)];
    }
}
