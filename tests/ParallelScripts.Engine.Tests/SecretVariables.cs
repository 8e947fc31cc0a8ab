using System.Text;

namespace ParallelScripts.Tests;

public sealed class SecretVariables : IDisposable
{
    private readonly TestProject _project = new();

    public SecretVariables() => _project.Environment["HOME"] = _project["home"];

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Come_from_the_environment_or_else_from_the_user_secrets()
    {
        _project.UserSecretsId = "work-1";
        _project.Write("home/.microsoft/usersecrets/work-1/secrets.json", """
            // As an editor leaves it.
            { "Both": "from user secrets", "Empty": "in spite of an empty one", "Db": { "Password": "nested-1", "Ports": [5432, 54320001] }, "Flat:Key": "flat-1", }
            """);
        _project.Environment["Both"] = "from the environment";
        _project.Environment["Empty"] = "";
        _project.Add("show.sh", "env > env.txt");
        _project.Change("show.sh", script => script with { SecretVariables = ["Both", "Empty", "db__password", "Db__Ports__1", "Flat__Key"] });

        Assert.Equal(["show.sh runs: it declares no Outputs, so it always runs"], _project.Run());

        var given = _project.Read("env.txt").Split('\n');
        foreach (var variable in new[] { "Both=from the environment", "Empty=in spite of an empty one", "db__password=nested-1", "Db__Ports__1=54320001", "Flat__Key=flat-1" })
        {
            Assert.Contains(variable, given);
        }
    }

    [Fact]
    public void Are_looked_for_where_dotnet_user_secrets_puts_them()
    {
        Assert.Equal(Path.Combine("/roaming", "Microsoft", "UserSecrets", "id", "secrets.json"), UserSecrets.FileOf("id", new Dictionary<string, string> { ["APPDATA"] = "/roaming", ["HOME"] = "/home/me" }));
        Assert.Equal("/home/me/.microsoft/usersecrets/id/secrets.json", UserSecrets.FileOf("id", new Dictionary<string, string> { ["HOME"] = "/home/me" }));
        Assert.Equal("/fallback/.microsoft/usersecrets/id/secrets.json", UserSecrets.FileOf("id", new Dictionary<string, string> { ["DOTNET_USER_SECRETS_FALLBACK_DIR"] = "/fallback" }));
        Assert.Null(UserSecrets.FileOf("../id", new Dictionary<string, string> { ["HOME"] = "/home/me" }));
        Assert.Null(UserSecrets.FileOf("", new Dictionary<string, string> { ["HOME"] = "/home/me" }));
    }

    [Fact]
    public void Without_a_value_are_an_error_before_anything_runs()
    {
        _project.Environment["API_KEY"] = "k-123456";
        Declare("a.sh", "API_KEYS", "DB__PASSWORD");
        Declare("b.sh", "API_KEYS");
        Declare("c.sh", "API_KEYS", "OTHER=v-123456");

        Assert.Equal(
            [
                "PSCR1025: Script 'c.sh' has a value for 'OTHER' in SecretVariables, which takes names only. Write 'OTHER', and set the environment variable or run 'dotnet user-secrets set'; what stands in the project is not secret.",
                "PSCR1025: Script 'a.sh' and 2 more need the secret 'API_KEYS', which has no value: it is neither in the environment nor in the project's user secrets. Did you mean 'API_KEY'?",
                "PSCR1025: Script 'a.sh' needs the secret 'DB__PASSWORD', which has no value: it is neither in the environment nor in the project's user secrets. Set the environment variable, or run 'dotnet user-secrets init' and 'dotnet user-secrets set DB:PASSWORD <value>'.",
            ],
            _project.Problems());
    }

    [Fact]
    public void Whose_file_is_broken_say_so_and_not_what_is_in_it()
    {
        _project.UserSecretsId = "work-1";
        _project.Write("home/.microsoft/usersecrets/work-1/secrets.json", "{\n \"API_KEY\": k-123456 }");
        Declare("a.sh", "API_KEY");

        Assert.Equal(
            [$"PSCR1025: Script 'a.sh' needs the secret 'API_KEY', which has no value: it is not in the environment, and line 2 of '{_project["home/.microsoft/usersecrets/work-1/secrets.json"]}' is not JSON. Mend that file, or set the environment variable."],
            _project.Problems());

        _project.Environment["API_KEY"] = "k-123456";
        Assert.Empty(_project.Warnings());
    }

    [Fact]
    public void That_the_project_declares_itself_are_masked_and_said_to_be_no_secrets()
    {
        Declare("a.sh", "API_KEY");
        _project.Change("a.sh", script => script with { EnvironmentVariables = ["API_KEY=k-123456"] });

        Assert.Equal(
            ["work.csproj(1) PSCR1026: The value of the secret 'API_KEY' stands in EnvironmentVariables of script 'a.sh', which the build writes into its own logs. Take it out there, and let 'API_KEY' come from the environment or the project's user secrets."],
            _project.Warnings());
        Assert.Equal("***", _project.Prepare().Secrets.Mask("k-123456"));
    }

    [Fact]
    public void That_stand_in_any_metadata_of_any_script_or_were_given_as_a_property_are_said_to_be_no_secrets()
    {
        _project.Environment["API_KEY"] = "k-123456";
        _project.Environment["OTHER"] = "o-123456";
        Declare("a.sh", "API_KEY");
        Declare("b.sh", "OTHER");
        _project.Change("b.sh", script => script with { Retries = "1", RetryDelay = "10ms", Arguments = "--key=k-123456" });
        _project.GivenProperties["Token"] = "Bearer o-123456";

        Assert.Equal(
            [
                "work.csproj(2) PSCR1026: The value of the secret 'API_KEY' stands in Arguments of script 'b.sh', which the build writes into its own logs. Take it out there, and let 'API_KEY' come from the environment or the project's user secrets.",
                "work.csproj PSCR1026: The value of the secret 'OTHER' was given as property 'Token', which the build writes into its own logs. Do not give the property, and let 'OTHER' come from the environment or the project's user secrets.",
            ],
            _project.Warnings());
    }

    [Fact]
    public void That_are_too_short_are_said_not_to_be_masked()
    {
        _project.Environment["PIN"] = "12345";
        Declare("a.sh", "PIN");

        Assert.Equal(
            ["work.csproj(1) PSCR1027: The value of the secret 'PIN' of script 'a.sh' has fewer than 6 characters, so it is not masked where scripts print it. Use a longer one, or take it out of SecretVariables if it is not secret."],
            _project.Warnings());
    }

    [Fact]
    public void Are_not_shown_by_other_problems_either()
    {
        _project.Environment["API_KEY"] = "k-123456";
        Declare("a.sh", "API_KEY", "PART");
        _project.Change("a.sh", script => script with { Arguments = "'k-123456", EnvironmentVariables = ["PART=one", "two"] });

        Assert.DoesNotContain(_project.Problems(), problem => problem.Contains("k-123456", StringComparison.Ordinal) || problem.Contains("'two'", StringComparison.Ordinal));
        Assert.Contains("PSCR1015: Script 'a.sh' has Arguments ''***', in which a quote is not closed. Close it, or put the other kind of quote around it.", _project.Problems());
    }

    [Fact]
    public void Decide_whether_a_script_runs_and_are_not_told_when_they_do()
    {
        _project.Environment["API_KEY"] = "k-123456";
        _project.Add("fetch.sh", "echo fetched > data.txt", outputs: ["data.txt"]);
        _project.Change("fetch.sh", script => script with { SecretVariables = ["API_KEY"] });
        Assert.Equal(["fetch.sh runs: it has not run before"], _project.Run());
        Assert.Empty(_project.Run());
        Assert.Empty(_project.Plan());

        _project.Environment["API_KEY"] = "k-654321";

        Assert.Equal(["fetch.sh runs: environment variable API_KEY changed"], _project.Plan());
        Assert.Equal(["fetch.sh runs: environment variable API_KEY changed"], _project.Run());
        Assert.Empty(_project.Run());

        _project.Environment["API_KEY"] = "k-123456";
        Assert.Empty(_project.Run());
    }

    [Fact]
    public void That_were_ordinary_variables_before_are_not_told_either()
    {
        _project.Add("fetch.sh", "echo fetched > data.txt", outputs: ["data.txt"]);
        _project.Change("fetch.sh", script => script with { EnvironmentVariables = ["API_KEY=k-123456"] });
        _project.Run();
        _project.Change("fetch.sh", script => script with { EnvironmentVariables = [], SecretVariables = ["API_KEY"] });
        _project.Environment["API_KEY"] = "k-123456";

        Assert.Equal(["fetch.sh runs: environment variable API_KEY is new"], _project.Run());
    }

    [Fact]
    public void Are_hashed_otherwise_in_every_state_directory()
    {
        using var other = new TestProject();
        var hashes = new List<object?>();
        foreach (var project in new[] { _project, other })
        {
            project.Environment["API_KEY"] = "k-123456";
            project.Add("fetch.sh", "echo fetched > data.txt", outputs: ["data.txt"]);
            project.Change("fetch.sh", script => script with { SecretVariables = ["API_KEY"] });
            project.Run();
            hashes.Add(Sqlite.Scalar(project, "SELECT substr(lines, instr(lines, 'environment variable API_KEY'), 62) FROM manifests WHERE lines LIKE '%API_KEY%'"));
        }

        Assert.All(hashes, line => Assert.Matches("^environment variable API_KEY\t\\*[0-9a-f]{32}$", (string)line!));
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    [Fact]
    public void Leave_no_trace_in_what_a_run_keeps_or_tells()
    {
        const string secret = "s3cr3t/w\"rd+ä";
        _project.Environment["API_KEY"] = secret;
        _project.Environment["PATH"] = System.Environment.GetEnvironmentVariable("PATH")!;
        _project.Write("leak.py", """
            import base64, json, os, sys, urllib.parse
            key = os.environ["API_KEY"]
            def show(text):
                half = len(text) // 2
                sys.stdout.write(text[:half]); sys.stdout.flush()
                sys.stdout.write(text[half:] + "\n"); sys.stdout.flush()
            show("plain " + key)
            show("base64 " + base64.b64encode(key.encode()).decode())
            for user in ("u:", "us:", "use:"):
                show("basic " + base64.urlsafe_b64encode((user + key).encode()).decode())
            show("json " + json.dumps(key))
            show("url " + urllib.parse.quote(key, safe=""))
            show("form " + urllib.parse.quote_plus(key))
            show("repr " + repr(key) + ascii(key) + repr(key.encode()))
            with open("out/" + urllib.parse.quote(key, safe="") + ".txt", "w") as out: out.write("half")
            raise ValueError("bad key " + key)
            """);
        Directory.CreateDirectory(_project["out"]);
        _project.Scripts.Add(new Script { Name = "leak.py", Include = "leak.py", Arguments = "two", Retries = "1", RetryDelay = "10ms", SecretVariables = ["API_KEY"], Outputs = ["out/*.txt"], Place = new Place(_project.Place.Project, 1, 5) });

        // Another script, which has no secrets, shows that of the first.
        _project.Write("key.txt", secret);
        _project.Add("other.sh", "cat key.txt; exit 3");

        // What nobody should do: its secret is an argument.
        _project.Add("argument.sh", "exit 3");
        _project.Change("argument.sh", script => script with { Retries = "1", RetryDelay = "10ms", Arguments = "--key=\"s3cr3t/w\\\"rd+ä\"" });

        // One that succeeds, with the secret in the name of what it writes.
        _project.Scripts.Add(new Script { Name = "good", SecretVariables = ["API_KEY"], Outputs = ["good/**/*"], Command = "mkdir -p \"good/${API_KEY%/*}\"; echo good > \"good/$API_KEY\"", Include = "good" });

        for (var run = 0; run < 3; run++)
        {
            var record = _project.RunRecord();
            Assert.Equal("Failed, Failed, Failed, " + (run == 1 ? "UpToDate" : "Succeeded"), string.Join(", ", record.Scripts.Select(script => script.Outcome)));
            Assert.Equal(run == 2 ? "good/*** is not as it last wrote it" : record.Scripts[3].Reason, record.Scripts[3].Reason);
            File.WriteAllText(_project[$"good/{secret}"], run == 0 ? "good\n" : "changed");
            AssertNoTrace(secret, string.Join('\n', record.Scripts.SelectMany(script => script.Command.Append(script.Reason))), "the record");
            AssertNoTrace(secret, string.Join('\n', _project.Notes), "what was told");
            Assert.Contains("API_KEY=*** ", string.Join('\n', _project.Notes), StringComparison.Ordinal);
        }

        var left = Directory.GetFiles(_project.Place.StateDirectory, "*", SearchOption.AllDirectories);
        Assert.Contains(left, file => file.EndsWith("failed/leak.py/out/***.txt", StringComparison.Ordinal));
        foreach (var file in left)
        {
            AssertNoTrace(secret, file, file);
            AssertNoTrace(secret, Encoding.Latin1.GetString(File.ReadAllBytes(file)), file);
        }

        var log = _project.Read("obj/scripts/logs/leak.py.log");
        Assert.Contains("plain ***\nbase64 ***\n", log, StringComparison.Ordinal);
        Assert.Contains("ValueError: bad key ***\n", log, StringComparison.Ordinal);
        Assert.Equal("***", _project.Read("obj/scripts/logs/other.sh.log"));
    }

    private static void AssertNoTrace(string secret, string text, string where)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        string[] spellings =
        [
            secret, Encoding.Latin1.GetString(bytes), "s3cr3t", Uri.EscapeDataString(secret), "s3cr3t\\/w", "rd+\\u00e4", "rd+\\xe4", "rd+\\xc3",
            .. Enumerable.Range(0, 3).Select(before => Convert.ToBase64String([.. new byte[before], .. bytes])[(before + 1)..^3]),
        ];
        foreach (var spelling in spellings.Concat(spellings.Select(spelling => spelling.Replace('+', '-').Replace('/', '_'))))
        {
            Assert.False(text.Contains(spelling, StringComparison.Ordinal), $"'{spelling}' is in {where}");
        }
    }

    private void Declare(string file, params string[] secrets)
    {
        _project.Add(file, "");
        _project.Change(file, script => script with { SecretVariables = secrets });
    }
}
