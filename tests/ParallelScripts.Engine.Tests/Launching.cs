namespace ParallelScripts.Tests;

/// <summary>What is started for a script, from a path with programs that the test makes up.</summary>
public sealed class Launching : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.py", "python3", "python3 a.py")]
    [InlineData("a.py", "python", "python a.py")]
    [InlineData("a.R", "Rscript", "Rscript a.R")]
    [InlineData("a.ps1", "pwsh", "pwsh -NoLogo -NoProfile -NonInteractive -File a.ps1")]
    [InlineData("a.js", "node", "node a.js")]
    [InlineData("a.mjs", "node", "node a.mjs")]
    [InlineData("a.jl", "julia", "julia a.jl")]
    [InlineData("a.rb", "ruby", "ruby a.rb")]
    [InlineData("a.pl", "perl", "perl a.pl")]
    [InlineData("a.sh", "sh", "sh a.sh")]
    public void Takes_the_interpreter_by_extension(string file, string installed, string expected)
    {
        Install(installed);
        _folder.Write(file, "");

        Assert.Equal(expected, Launch(Script(file)));
    }

    [Fact]
    public void Prefers_the_projects_virtual_environment_then_the_active_one()
    {
        Install("python3");
        _folder.Write("a.py", "");
        Executable("active/bin/python");
        Assert.Equal("active/bin/python a.py", Launch(Script("a.py"), variables: new() { ["VIRTUAL_ENV"] = _folder["active"] }));

        Executable(".venv/bin/python");
        Assert.Equal(".venv/bin/python a.py", Launch(Script("a.py"), variables: new() { ["VIRTUAL_ENV"] = _folder["active"] }));
    }

    [Fact]
    public void Takes_the_line_of_a_shell_script_before_sh()
    {
        Install("sh");
        Install("zsh");
        _folder.Write("a.sh", "#!/usr/bin/env zsh\n");

        Assert.Equal("zsh a.sh", Launch(Script("a.sh")));
    }

    [Fact]
    public void Takes_the_line_of_a_file_without_a_known_extension()
    {
        Install("python3");
        _folder.Write("analysis", "#!/usr/bin/env -S python3 -X dev\n");

        Assert.Equal("python3 -X dev analysis", Launch(Script("analysis")));
    }

    [Fact]
    public void Starts_an_executable_itself()
    {
        Executable("tool");

        Assert.Equal("tool --flag 'two words'", Launch(Script("tool") with { Arguments = "--flag \"two words\"" }));
    }

    [Fact]
    public void Lets_the_project_add_and_replace_interpreters()
    {
        Install("uv");
        Install("lua");
        _folder.Write("a.py", "");
        _folder.Write("a.lua", "");
        InterpreterDeclaration[] interpreters = [new(".py", "uv run", Place.Nowhere), new("lua", "lua", Place.Nowhere)];

        Assert.Equal("uv run a.py", Launch(Script("a.py"), interpreters));
        Assert.Equal("lua a.lua", Launch(Script("a.lua"), interpreters));
    }

    [Fact]
    public void Lets_a_script_have_an_interpreter_of_its_own()
    {
        Install("python3");
        Install("pypy");
        _folder.Write("a.py", "");

        Assert.Equal("pypy -O a.py", Launch(Script("a.py") with { Interpreter = "pypy -O" }));
    }

    [Fact]
    public void Gives_a_command_to_the_shell_as_one_argument() =>
        Assert.Equal("/bin/sh -c 'echo $HOME | wc -c'", Launch(Script("count") with { Command = "echo $HOME | wc -c" }));

    [Fact]
    public void Sets_Python_to_speak_at_once_and_in_UTF8_unless_told_otherwise()
    {
        Install("python3");
        _folder.Write("a.py", "");

        Assert.Equal(("1", "1"), Python(Script("a.py"), []));
        Assert.Equal((null, "0"), Python(Script("a.py") with { EnvironmentVariables = ["PYTHONUTF8=0"] }, new() { ["PYTHONUNBUFFERED"] = "" }));

        (string?, string?) Python(Script script, Dictionary<string, string> variables)
        {
            var environment = Prepare([script], [], variables).Run!.Launches[0].Environment;
            return (environment.GetValueOrDefault("PYTHONUNBUFFERED"), environment.GetValueOrDefault("PYTHONUTF8"));
        }
    }

    [Fact]
    public void Takes_environment_values_with_equals_signs_and_nothing_in_them()
    {
        var script = Script("x") with { Command = "true", EnvironmentVariables = ["A=b=c", "EMPTY="] };

        Assert.Equal(new Dictionary<string, string> { ["A"] = "b=c", ["EMPTY"] = "" }, Prepare([script], [], []).Run!.Launches[0].Environment);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("  a   b ", "a|b")]
    [InlineData("\"a b\" 'c d'", "a b|c d")]
    [InlineData("--x=\"a b\"c", "--x=a bc")]
    [InlineData("\"\\\"\\\\\" ''", "\"\\|")]
    [InlineData("C:\\dir\\x $HOME *", "C:\\dir\\x|$HOME|*")]
    [InlineData("'it\"s'", "it\"s")]
    public void Splits_arguments_by_one_rule_on_every_system(string line, string expected) =>
        Assert.Equal(expected, string.Join('|', CommandLine.TrySplit(line)!));

    [Fact]
    public void Says_everything_that_is_not_there_at_once()
    {
        _folder.Write("a.R", "");
        _folder.Write("b.R", "");
        _folder.Write("what.xyz", "");
        _folder.Write("plain.sh", "");
        Directory.CreateDirectory(_folder["folder"]);
        Install("sh");

        var (run, problems) = Prepare(
            [
                Script("gone.py"),
                Script("folder"),
                Script("a.R"),
                Script("b.R"),
                Script("what.xyz"),
                Script("plain.sh") with { Command = "sh plain.sh" },
                Script("both") with { Command = "true", Interpreter = "sh" },
                Script("more") with { Command = "true", Arguments = "x" },
                Script("pairs") with { Command = "true", EnvironmentVariables = ["NOTAPAIR", "=x", "FINE=1"] },
                Script("nowhere") with { Command = "true", WorkingDirectory = "not/there" },
                Script("plain.sh") with { Name = "unclosed", Arguments = "'half" },
                Script("plain.sh") with { Name = "absent", Interpreter = "no-such-program -x" },
            ],
            [new(".lua", " ", Place.Nowhere), new(".tcl", "'tclsh", Place.Nowhere)],
            []);

        Assert.Null(run);
        Assert.Equal(
            [
                "PSCR1007: Script 'folder' is to run 'folder', but that is a folder. Correct the path, or set Command if it is not a file that is to run.",
                "PSCR1007: Script 'gone.py' is to run 'gone.py', but there is no such file in '{folder}'. Correct the path, or set Command if it is not a file that is to run.",
                "PSCR1008: Script 'a.R' and 1 more need 'Rscript', which is not installed or not on the PATH. Install R, or name another program in Interpreter or a ScriptInterpreter item.",
                "PSCR1008: Script 'absent' needs 'no-such-program', which is not installed or not on the PATH. Install it, or correct Interpreter.",
                "PSCR1009: Nothing is known to run 'what.xyz' (script 'what.xyz'): neither its extension, nor a #! line, nor an executable bit says what does. Set its Interpreter, or add a ScriptInterpreter item for the extension.",
                "PSCR1011: Script 'plain.sh' has a Command, but 'plain.sh' is also a file that would run by itself: it is not clear which is meant. Remove Command (Interpreter and Arguments say how to run a file), or give it an Include that is not a file.",
                "PSCR1012: Script 'both' has both Command and Interpreter. A Command is a whole command line: write what Interpreter says into it, and remove Interpreter.",
                "PSCR1012: Script 'more' has both Command and Arguments. A Command is a whole command line: write what Arguments says into it, and remove Arguments.",
                "PSCR1013: Script 'pairs' has '=x' in EnvironmentVariables, which is not NAME=value. Write NAME=value, with ; between two of them, and %3B for a ; inside a value.",
                "PSCR1013: Script 'pairs' has 'NOTAPAIR' in EnvironmentVariables, which is not NAME=value. Write NAME=value, with ; between two of them, and %3B for a ; inside a value.",
                "PSCR1014: Script 'nowhere' is to run in 'not/there', but there is no such folder. Create it before the run, or correct WorkingDirectory, which is relative to the project's folder.",
                "PSCR1015: Script 'unclosed' has Arguments ''half', in which a quote is not closed. Close it, or put the other kind of quote around it.",
                "PSCR1015: ScriptInterpreter '.tcl' has Command ''tclsh', in which a quote is not closed. Close it, or put the other kind of quote around it.",
                "PSCR1016: ScriptInterpreter '.lua' has no Command that says what runs such files. Write an extension and a command line: <ScriptInterpreter Include=\".lua\" Command=\"lua\" />.",
            ],
            problems.Select(problem => $"{problem.Code}: {problem}".Replace(_folder.Path, "{folder}")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("MaxDegreeOfParallelism", "many", "PSCR1005: ScriptsX is 'many', which is not a number of slots. Set it to a whole number from 0 up; 0 means as many as the build has cores for.")]
    [InlineData("MaxDegreeOfParallelism", "-1", "PSCR1005: ScriptsX is '-1', which is not a number of slots. Set it to a whole number from 0 up; 0 means as many as the build has cores for.")]
    [InlineData("Schedule", "Lazy", "PSCR1006: ScriptsX is 'Lazy', which is none of its values. Use one of: Eager, Tiers.")]
    [InlineData("Schedule", "1", "PSCR1006: ScriptsX is '1', which is none of its values. Use one of: Eager, Tiers.")]
    [InlineData("OnFailure", "Stop", "PSCR1006: ScriptsX is 'Stop', which is none of its values. Use one of: StopStarting, KeepGoing, StopNow.")]
    [InlineData("KillGrace", "5 sec", "PSCR1024: ScriptsX is '5 sec', which is not a length of time: 'sec' is no unit of time. Write it as 90s, 10m, 1h30m, 250ms or hh:mm:ss; a plain number is milliseconds.")]
    [InlineData("JobServer", "yes", "PSCR1006: ScriptsX is 'yes', which is none of its values. Use one of: false, true, Fifo, Pipe.")]
    [InlineData("SetThreadVariables", "off", "PSCR1020: ScriptsX is 'off', which is none of its values. Use one of: true, false.")]
    public void Refuses_options_it_does_not_know(string option, string value, string expected)
    {
        var setting = new Setting("ScriptsX", value, Place.Nowhere);
        var request = Request([], [], []);
        request = option switch
        {
            "MaxDegreeOfParallelism" => request with { MaxDegreeOfParallelism = setting },
            "Schedule" => request with { Schedule = setting },
            "JobServer" => request with { JobServer = setting },
            "SetThreadVariables" => request with { SetThreadVariables = setting },
            "KillGrace" => request with { KillGrace = setting },
            _ => request with { OnFailure = setting },
        };
        var problems = new List<Problem>();

        Assert.Null(Preparation.TryPrepare(request, problems));
        Assert.Equal([expected], problems.Select(problem => $"{problem.Code}: {problem}"));
    }

    private static Script Script(string file) => new() { Name = file, Include = file };

    private RunRequest Request(IReadOnlyList<Script> scripts, IReadOnlyList<InterpreterDeclaration> interpreters, Dictionary<string, string> variables) => new()
    {
        Scripts = scripts,
        Interpreters = interpreters,
        Place = new RunPlace(_folder["work.csproj"], _folder.Path, _folder["obj/scripts"]),
        Environment = new Dictionary<string, string>(variables) { ["PATH"] = $"{_folder["bin"]}:relative" },
    };

    private (PreparedRun? Run, List<Problem> Problems) Prepare(IReadOnlyList<Script> scripts, IReadOnlyList<InterpreterDeclaration> interpreters, Dictionary<string, string> variables)
    {
        var problems = new List<Problem>();
        return (Preparation.TryPrepare(Request(scripts, interpreters, variables), problems), problems);
    }

    /// <summary>What is started, without the folder that programs and scripts are in.</summary>
    private string Launch(Script script, IReadOnlyList<InterpreterDeclaration>? interpreters = null, Dictionary<string, string>? variables = null)
    {
        var (run, problems) = Prepare([script], interpreters ?? [], variables ?? []);
        Assert.Empty(problems);
        return CommandLine.Show(run!.Launches[0].CommandForPeople.Select(word =>
            word.Replace(_folder["bin"] + "/", "").Replace(_folder.Path + "/", "")));
    }

    private void Install(string program) => Executable("bin/" + program);

    private void Executable(string file)
    {
        _folder.Write(file, "");
        File.SetUnixFileMode(_folder[file], UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
