using System.Text;

namespace ParallelScripts.Tests;

/// <summary>What goes wrong with processes, and what is said of it.</summary>
public sealed class ProcessTroubles : IDisposable
{
    private static readonly Dictionary<string, string> _environment = new() { ["PATH"] = "/usr/bin:/bin" };

    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData(9, null, false, null, "was killed by SIGKILL")]
    [InlineData(9, null, true, 6_100_000_000, "was killed by SIGKILL, probably out of memory: it held 6.1 GB")]
    [InlineData(9, null, true, 250_000_000L, "was killed by SIGKILL, probably out of memory: it held 250 MB")]
    [InlineData(9, null, true, null, "was killed by SIGKILL, probably out of memory")]
    [InlineData(11, null, false, 6_100_000_000, "was killed by SIGSEGV")]
    [InlineData(34, null, false, null, "was killed by signal 34")]
    [InlineData(null, 3, false, null, "exited with code 3")]
    [InlineData(null, 128, false, null, "exited with code 128")]
    [InlineData(null, 137, false, null, "exited with code 137, which a shell says of a child killed by SIGKILL")]
    [InlineData(null, 137, true, 1_000_000_000L, "exited with code 137, which a shell says of a child killed by SIGKILL, probably out of memory: it held 1.0 GB")]
    [InlineData(null, 139, false, null, "exited with code 139, which a shell says of a child killed by SIGSEGV")]
    [InlineData(null, 255, false, null, "exited with code 255")]
    public void Are_described_by_what_the_system_says(int? signal, int? exitCode, bool memoryWasShort, long? peak, string expected) =>
        Assert.Equal(expected, Deaths.Describe(new ProcessEnd(exitCode, signal, null, false) { WasMemoryShort = memoryWasShort, PeakMemory = peak }));

    [Fact]
    public void Without_memory_are_told_from_other_kills()
    {
        const string Memory = "/sys/fs/cgroup/memory";
        Assert.SkipUnless(File.Exists($"{Memory}/memory.limit_in_bytes") && Environment.IsPrivilegedProcess, "Needs a memory control group (version 1), and the right to make one.");
        var group = $"{Memory}/parallelscripts-{Environment.ProcessId}";
        Directory.CreateDirectory(group);
        try
        {
            File.WriteAllText($"{group}/memory.limit_in_bytes", "100000000");
            using var processes = Native();
            var end = processes.Run(Start($"echo $$ > {group}/cgroup.procs; exec perl -e 'push @x, \"x\" x 1_000_000 while 1'"), new Nothing(), CancellationToken.None);

            Assert.Equal((9, true), (end.Signal, end.WasMemoryShort));
        }
        finally
        {
            Directory.Delete(group);
        }
    }

    [Theory]
    [InlineData(LibC.EAGAIN)]
    [InlineData(LibC.ENOMEM)]
    [InlineData(LibC.EMFILE)]
    public void When_the_system_has_no_room_for_a_process_are_waited_out(int error)
    {
        var refused = 0;
        using var processes = new LinuxProcessRunner(_environment, TimeSpan.Zero) { Refusal = () => refused++ < 3 ? error : 0 };

        Assert.Equal(0, processes.Run(Start("exit 0"), new Nothing(), CancellationToken.None).ExitCode);
        Assert.Equal(4, refused);
    }

    [Fact]
    public async Task When_the_system_has_no_file_to_hear_a_cancellation_by_do_not_keep_it_from_being_heard()
    {
        using var processes = new LinuxProcessRunner(_environment, TimeSpan.FromSeconds(60)) { NewEvent = () => -1 };
        using var cancel = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var end = Task.Run(() => processes.Run(Start("echo; exec sleep 600"), new Told(started), cancel.Token));
        await started.Task;

        await cancel.CancelAsync();

        Assert.True((await end.WaitAsync(TimeSpan.FromSeconds(60))).Stopped);
    }

    [Theory]
    [InlineData(LibC.EAGAIN, "the system starts no more processes (a limit such as ulimit -u or a control group's pids.max is reached), and did not while we waited")]
    [InlineData(LibC.ENOMEM, "the system has no memory for one more process, and had none while we waited")]
    [InlineData(LibC.EMFILE, "no more files can be opened (a limit such as ulimit -n is reached), and could not while we waited")]
    public void That_do_not_end_are_said_when_nothing_of_ours_will_make_room(int error, string expected)
    {
        using var processes = new LinuxProcessRunner(_environment, TimeSpan.Zero) { Refusal = () => error, Patience = TimeSpan.FromMilliseconds(50) };

        Assert.Equal(expected, processes.Run(Start("exit 0"), new Nothing(), CancellationToken.None).Trouble);
    }

    [Fact]
    public void Last_as_long_as_another_script_of_ours_runs()
    {
        var (room, refused) = (true, 0);
        using var processes = new LinuxProcessRunner(_environment, TimeSpan.Zero)
        {
            Refusal = () => Volatile.Read(ref room) ? 0 : Interlocked.Increment(ref refused) > 0 ? LibC.EAGAIN : 0,
            Patience = TimeSpan.Zero,
        };
        var first = Task.Run(() => processes.Run(Start($": > '{_project["running"]}'; while [ ! -e '{_project["end"]}' ]; do sleep 0.01; done"), new Nothing(), CancellationToken.None));
        Eventually.True(() => _project.Has("running"), "the first runs");

        Volatile.Write(ref room, false);
        var second = Task.Run(() => processes.Run(Start("exit 7"), new Nothing(), CancellationToken.None));
        Eventually.True(() => Volatile.Read(ref refused) > 2, "the second was refused and has tried again");

        Volatile.Write(ref room, true);
        Assert.Equal(7, second.Result.ExitCode);
        _project.Write("end", "");
        Assert.Equal(0, first.Result.ExitCode);
    }

    [Fact]
    public void Of_waiting_for_room_end_with_a_cancellation()
    {
        var asked = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        using var processes = new LinuxProcessRunner(_environment, TimeSpan.Zero)
        {
            Refusal = () =>
            {
                asked.Set();
                return LibC.EAGAIN;
            },
        };
        var run = Task.Run(() => processes.Run(Start("exit 0"), new Nothing(), stop.Token));
        asked.Wait();

        stop.Cancel();

        Assert.True(run.Result.Stopped);
    }

    [Fact]
    public void With_a_program_that_is_still_being_written_are_waited_out()
    {
        _project.Write("program", "#!/bin/sh\nexit 4\n");
        File.SetUnixFileMode(_project["program"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var processes = Native();
        Task<ProcessEnd> run;
        using (File.Open(_project["program"], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            run = Task.Run(() => processes.Run(new ProcessStart(_project["program"], [], "/", new Dictionary<string, string>()), new Nothing(), CancellationToken.None));
            Thread.Yield();
        }

        Assert.Equal(4, run.Result.ExitCode);
    }

    [Theory]
    [InlineData("rm b.sh", "PSCR2003: Script 'b.sh' could not be started: '{folder}/b.sh' does not exist any more. To run it by hand, in '{folder}': ")]
    [InlineData("rm -r where", "PSCR2003: Script 'b.sh' could not be started: '/usr/bin/dash', the interpreter it names, or the folder '{folder}/where' does not exist any more. To run it by hand, in '{folder}/where': ")]
    public void That_take_away_what_a_waiting_script_needs_are_said(string harm, string expected)
    {
        Directory.CreateDirectory(_project["where"]);
        _project.Add("a.sh", harm);
        _project.Add("b.sh", ":", after: ["a.sh"]);
        _project.Change("b.sh", script => script with { WorkingDirectory = harm.EndsWith("where", StringComparison.Ordinal) ? "where" : "", Retries = "3", RetryDelay = "1ms" });

        // It is not tried again: what is gone does not come back.
        Assert.Equal(1, _project.RunRecord().Scripts[1].Attempts);

        var note = Assert.Single(_project.Notes).Replace(_project.Place.ProjectDirectory, "{folder}");
        Assert.StartsWith(expected.Replace("/usr/bin/dash", note.Split('\'').FirstOrDefault(word => word.EndsWith("sh", StringComparison.Ordinal) && word.StartsWith('/')) ?? "?"), note);
    }

    [Fact]
    public void That_take_away_the_interpreter_of_a_waiting_script_are_said()
    {
        _project.Add("a.sh", "rm tool");
        _project.Add("b.sh", ":", after: ["a.sh"]);
        _project.Write("tool", "#!/bin/sh\nexec /bin/sh \"$@\"\n");
        File.SetUnixFileMode(_project["tool"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _project.Change("b.sh", script => script with { Interpreter = "./tool" });

        _project.Run();

        Assert.Equal(
            "PSCR2003: Script 'b.sh' could not be started: '{folder}/tool', the interpreter it names, or the folder '{folder}' does not exist any more. To run it by hand, in '{folder}': {folder}/tool {folder}/b.sh",
            Assert.Single(_project.Notes).Replace(_project.Place.ProjectDirectory, "{folder}"));
    }

    [Fact]
    public void Of_a_run_inside_a_script_of_its_own_are_said_at_once()
    {
        _project.Add("a.sh", ":");
        _project.Environment[Marks.Variable] = new Marks(_project.Place.StateDirectory, "outer", "").Of(0);

        var refused = Assert.Throws<StateException>(() => _project.RunRecord());

        Assert.Equal(
            $"PSCR3002: Another run uses '{_project.Place.StateDirectory}': the one that started this one, by a script that waits for it. Let the script build something else, or give the run inside it a ScriptsStateDirectory of its own.",
            $"{refused.Problem.Code}: {refused.Problem}");
    }

    [Fact]
    public void Do_not_hide_how_much_memory_a_script_held()
    {
        // Less than these tests hold themselves: only by looking can it be known.
        using var processes = Native();
        var end = processes.Run(Start("exec perl -e 'my $x = \"x\" x 40_000_000; select undef, undef, undef, 5'"), new Nothing(), CancellationToken.None);

        Assert.True(end.IsPeakMemorySampled);
        Assert.InRange(end.PeakMemory ?? 0, 40_000_000, 120_000_000);
    }

    [Theory]
    [InlineData("perl -e '$x = \"x\" x 40_000_000; sleep 5' & perl -e '$x = \"x\" x 40_000_000; sleep 5' & wait", 130_000_000, 240_000_000)]
    [InlineData("exec perl -e '$x = \"x\" x 40_000_000; fork; sleep 5'", 40_000_000, 120_000_000)]
    public void Do_not_hide_how_much_memory_several_processes_held_together_and_what_they_share_is_there_once(string script, long least, long most)
    {
        using var processes = Native();
        var end = processes.Run(Start(script), new Nothing(), CancellationToken.None);

        Assert.True(end.IsPeakMemorySampled);
        Assert.InRange(end.PeakMemory ?? 0, least, most);
    }

    private static LinuxProcessRunner Native() => new(_environment, TimeSpan.FromSeconds(5), new Marks($"/{Guid.NewGuid()}", "run", ""));

    private static ProcessStart Start(string command) => new("/bin/sh", ["-c", command], "/", new Dictionary<string, string>());

    private sealed class Told(TaskCompletionSource started) : IOutputSink
    {
        public void Write(ReadOnlySpan<byte> bytes) => started.TrySetResult();
    }

    private sealed class Nothing : IOutputSink
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
