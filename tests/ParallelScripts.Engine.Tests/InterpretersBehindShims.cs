namespace ParallelScripts.Tests;

/// <summary>Which program is really started where the one that was found is a shim. The managers here are files of the same words as the real ones.</summary>
public sealed class InterpretersBehindShims : IDisposable
{
    private const string Pyenv = "#!/usr/bin/env bash\nset -e\nprogram=\"${0##*/}\"\nexport PYENV_ROOT=\"@root\"\nexec \"@root/libexec/pyenv\" exec \"$program\" \"$@\"\n";
    private const string Asdf = "#!/usr/bin/env bash\n# asdf-plugin: python 3.9\nexec @root/libexec/asdf exec \"python3\" \"$@\" # asdf_allow: ' asdf '\n";

    private const string Says = "import os, sys\nprint(sys.executable)\nprint(os.environ['PATH'].split(':')[0])\n";

    private readonly TestProject _project = new();
    private readonly TemporaryFolder _manager = new();

    public InterpretersBehindShims()
    {
        Install(Pyenv);
        _project.Environment["PATH"] = $"{_manager["shims"]}:/usr/bin:/bin";
        Add("a.py");
    }

    private string Real => _manager["versions/3.9/bin/python3"];

    private string ShimFile => _manager["shims/python3"];

    /// <summary>How often the manager has looked a version up.</summary>
    private int LookUps => File.Exists(_manager["look-ups"]) ? File.ReadAllLines(_manager["look-ups"]).Length : 0;

    public void Dispose()
    {
        _project.Dispose();
        _manager.Dispose();
    }

    [Fact]
    public void Are_started_without_the_shim_which_is_asked_once_a_run()
    {
        Add("b.py");
        Add("c.py");

        Assert.Equal([Real, Real, Real], Started());
        Assert.Equal(1, LookUps);
        Assert.Equal([$"[a.py] {Real}", $"[a.py] {Path.GetDirectoryName(Real)}"], _project.Shown.Where(line => line.StartsWith("[a.py]", StringComparison.Ordinal)));
    }

    [Fact]
    public void Are_not_asked_for_again_while_the_history_remembers()
    {
        Started();
        Started();

        Assert.Equal(1, LookUps);
    }

    [Fact]
    public void Are_asked_for_again_when_the_choice_or_what_is_installed_has_changed()
    {
        Started();
        _project.Write(".python-version", "3.9\n");
        Started();
        Assert.Equal(2, LookUps);

        Directory.CreateDirectory(_manager["versions/3.10"]);
        Directory.SetLastWriteTimeUtc(_manager["versions"], new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Started();
        Assert.Equal(3, LookUps);
    }

    [Fact]
    public void Are_asked_for_again_when_the_remembered_one_is_gone()
    {
        Started();
        Directory.Move(_manager["versions/3.9"], _manager["versions/3.8"]);
        _manager.Write("version", "3.8");

        Assert.Equal([_manager["versions/3.8/bin/python3"]], Started());
    }

    [Fact]
    public void Are_not_asked_for_when_nothing_has_to_run()
    {
        _project.Scripts.Clear();
        _project.Add("write.py", "open('out.txt', 'w').write('x')", outputs: ["out.txt"]);
        _project.Run();
        var before = LookUps;

        Assert.Empty(_project.Run());
        Assert.Equal(before, LookUps);
    }

    [Fact]
    public void Of_a_virtual_environment_are_started_by_their_own_path_and_see_its_packages()
    {
        using var made = System.Diagnostics.Process.Start("/usr/bin/python3", ["-m", "venv", "--without-pip", _project[".venv"]]);
        made.WaitForExit();
        _project.Write("a.py", "import sys\nprint(sys.prefix)\n");

        Assert.Equal([_project[".venv/bin/python"]], Started());
        Assert.Equal([$"[a.py] {_project[".venv"]}"], _project.Shown);
        Assert.Equal(0, LookUps);
    }

    [Fact]
    public void Of_a_virtual_environment_that_a_manager_chose_keep_it()
    {
        using var made = System.Diagnostics.Process.Start("/usr/bin/python3", ["-m", "venv", "--without-pip", _manager["versions/mine"]]);
        made.WaitForExit();
        _manager.Write("version", "mine");
        _project.Write("a.py", "import sys\nprint(sys.prefix)\n");

        Assert.Equal([_manager["versions/mine/bin/python3"]], Started());
        Assert.Equal([$"[a.py] {_manager["versions/mine"]}"], _project.Shown);
    }

    [Fact]
    public void Behind_any_other_wrapper_are_started_by_the_wrapper()
    {
        Install("#!/bin/sh\nexport LICENCE=yes\nexec /usr/bin/python3 \"$@\"\n");
        _project.Write("a.py", "import os\nprint(os.environ['LICENCE'])\n");

        Assert.Equal([ShimFile], Started());
        Assert.Equal(["[a.py] yes"], _project.Shown);
    }

    [Fact]
    public void Are_started_by_the_shim_where_a_hook_of_somebody_runs_before_each_start()
    {
        _manager.Write("plugins/ours/etc/pyenv.d/exec/log.bash", "");

        Assert.Equal([ShimFile], Started());
    }

    [Fact]
    public void Are_started_by_the_shim_where_it_may_answer_otherwise_for_this_script()
    {
        _project.Write("old/.python-version", "2.7\n");
        _project.Write("old/b.py", Says);
        _project.Scripts.Add(new Script { Name = "in its folder", Include = "a.py", WorkingDirectory = "old" });
        _project.Scripts.Add(new Script { Name = "of its folder", Include = "old/b.py" });
        _project.Scripts.Add(new Script { Name = "says so", Include = "a.py", EnvironmentVariables = ["PYENV_VERSION=2.7"] });
        _project.Scripts.Add(new Script { Name = "elsewhere", Include = "a.py", EnvironmentVariables = ["PATH=/usr/bin"] });

        Assert.Equal([Real, ShimFile, ShimFile, ShimFile, ShimFile], Started());
    }

    [Fact]
    public void Of_asdf_are_seen_through_unless_the_plugin_sets_an_environment()
    {
        Install(Asdf);
        Assert.Equal([Real], Started());

        _manager.Write("plugins/python/bin/exec-env", "");
        Assert.Equal([ShimFile], Started());
    }

    [Theory]
    [InlineData("/r/shims/ruby", "#!/usr/bin/env bash\nprogram=\"${0##*/}\"\nexport RBENV_ROOT=\"/r\"\nexec \"/usr/lib/rbenv/libexec/rbenv\" exec \"$program\" \"$@\"\n", "rbenv")]
    [InlineData("/r/shims/node", "#!/usr/bin/env bash\nexport NODENV_ROOT=\"/r\"\nexec \"/r/libexec/nodenv\" exec \"$program\" \"$@\"", "nodenv")]
    [InlineData("/r/shims/perl", "#!/usr/bin/env bash\nexport PLENV_ROOT=\"/r\"\nexec \"/r/libexec/plenv\" exec \"$program\" \"$@\"\n", "plenv")]
    [InlineData("/r/shims/python3", "#!/usr/bin/env bash\n# asdf-plugin: python 3.11.2\nexec asdf exec \"python3\" \"$@\"\n", "asdf")]
    [InlineData("/r/bin/python3", "#!/usr/bin/env bash\nexec \"/r/libexec/pyenv\" exec \"$program\" \"$@\"\n", null)]
    [InlineData("/r/shims/python3", "#!/usr/bin/env bash\nexec \"/r/libexec/pyenv\" exec \"$program\" -u \"$@\"\n", null)]
    [InlineData("/r/shims/python3", "#!/usr/bin/env bash\nexec \"/r/bin/mypyenv\" exec python3 \"$@\"\n", null)]
    [InlineData("/r/shims/python3", "", null)]
    public void Are_recognised_by_what_the_shim_says(string program, string text, string? manager) =>
        Assert.Equal(manager, Shim.Read(text, program)?.Manager);

    private void Add(string file)
    {
        _project.Write(file, Says);
        _project.Scripts.Add(new Script { Name = file, Include = file });
    }

    private void Install(string shim)
    {
        _manager.Write("version", "3.9");
        _manager.Write("shims/python3", shim.Replace("@root", _manager.Path, StringComparison.Ordinal));
        var manager = shim == Asdf ? "libexec/asdf" : "libexec/pyenv";
        _manager.Write(manager, $"#!/bin/sh\necho \"$*\" >> {_manager["look-ups"]}\nshift 2\nread version < {_manager["version"]}\nexec {_manager.Path}/versions/$version/bin/python3 \"$@\"\n");
        foreach (var file in (string[])["shims/python3", manager])
        {
            File.SetUnixFileMode(_manager[file], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        // asdf keeps its versions in another folder; the fake one may have both.
        foreach (var folder in (string[])["versions/3.9/bin", "installs/python"])
        {
            Directory.CreateDirectory(_manager[folder]);
        }

        if (!File.Exists(Real))
        {
            File.CreateSymbolicLink(Real, "/usr/bin/python3");
        }
    }

    /// <summary>Runs, and gives the program that each script was started with.</summary>
    private string[] Started()
    {
        var record = _project.RunRecord();
        Assert.Empty(record.Scripts.Where(script => script.Outcome is not (Outcome.Succeeded or Outcome.UpToDate)).Select(script => script.Name));
        return [.. record.Scripts.Select(script => script.Command[0])];
    }
}
