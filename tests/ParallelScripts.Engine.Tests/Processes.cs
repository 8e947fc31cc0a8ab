using System.Text;

namespace ParallelScripts.Tests;

/// <summary>Real processes, by each way there is to run one here.</summary>
public sealed class Processes
{
    private static readonly Dictionary<string, string> _environment = new() { ["PATH"] = "/usr/bin:/bin", ["INHERITED"] = "yes", ["BOTH"] = "old" };

    public static TheoryData<string> Runners { get; } = ["native", "portable"];

    [Theory]
    [MemberData(nameof(Runners))]
    public void Give_their_exit_code_and_their_output(string runner)
    {
        var (end, output) = Run(runner, "echo out; echo err >&2; exit 7");

        Assert.Equal((7, null, null, false), (end.ExitCode, end.Signal, end.Trouble, end.Stopped));
        Assert.Equal(["err", "out"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public void Print_to_one_pipe_so_that_the_order_of_both_streams_is_kept()
    {
        var (_, output) = Run("native", "for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done");

        Assert.Equal(string.Concat(Enumerable.Range(1, 9).Select(i => $"o{i}\ne{i}\n")), output);
    }

    [Theory]
    [MemberData(nameof(Runners))]
    public void Get_each_argument_as_it_is(string runner)
    {
        string[] zoo = ["with space", "\"quoted\"", "'single'", "$HOME", "%PATH%", "a;b", "a&b|c>d", "back\\slash", "*", "", "-n", "new\nline", "naïve 数 🎉"];
        using var processes = Runner(runner);
        var output = new Collected();

        processes.Run(new ProcessStart("/usr/bin/env", ["printf", "<%s>", .. zoo], "/", new Dictionary<string, string>()), output, CancellationToken.None);

        Assert.Equal(string.Concat(zoo.Select(argument => $"<{argument}>")), output.Text);
    }

    [Theory]
    [MemberData(nameof(Runners))]
    public void Run_where_they_are_told_with_what_they_inherit_and_what_is_set(string runner)
    {
        using var folder = new TemporaryFolder();
        var (_, output) = Run(runner, "pwd; echo $INHERITED $BOTH $OWN", folder.Path, new() { ["BOTH"] = "new", ["OWN"] = "a b" });

        Assert.Equal($"{folder.Path}\nyes new a b\n", output);
    }

    [Theory]
    [MemberData(nameof(Runners))]
    public void Have_nothing_to_read(string runner) => Assert.Equal("0\n", Run(runner, "cat | wc -c | tr -d ' '").Output);

    [Fact]
    public void Say_by_which_signal_they_were_killed()
    {
        var (end, _) = Run("native", "kill -SEGV $$");

        Assert.Equal((null, 11), (end.ExitCode, end.Signal));
        Assert.Equal("SIGSEGV", Signals.NameOf(11));
    }

    [Fact]
    public void Are_ended_by_a_closed_pipe_as_in_a_shell() => Assert.Equal("y\n", Run("native", "yes | head -n 1").Output);

    [Theory]
    [MemberData(nameof(Runners))]
    public void That_cannot_be_started_say_why(string runner)
    {
        using var processes = Runner(runner);
        var end = processes.Run(new ProcessStart("/nowhere/program", [], "/", new Dictionary<string, string>()), new Collected(), CancellationToken.None);

        Assert.Null(end.ExitCode);
        Assert.Contains("/nowhere/program", end.Trouble);
    }

    [Fact]
    public void Tell_their_processor_time_exactly_children_included()
    {
        var (end, _) = Run("native", "sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'");

        Assert.True(end.CpuTime > TimeSpan.FromMilliseconds(20), $"{end.CpuTime}");
    }

    [Fact]
    public void Tell_what_was_seen_of_their_memory_and_time_where_nothing_is_exact()
    {
        var (end, _) = Run("portable", "exec perl -e 'my $x = \"x\" x 40_000_000; my $i = 0; $i++ while $i < 10_000_000; sleep 3'");

        Assert.True(end.IsPeakMemorySampled);
        Assert.InRange(end.PeakMemory ?? 0, 40_000_000, 120_000_000);
        Assert.True(end.CpuTime > TimeSpan.FromMilliseconds(20), $"{end.CpuTime}");
    }

    [Fact]
    public void Are_started_natively_only_where_the_C_library_has_what_that_needs()
    {
        Assert.True(LinuxProcessRunner.IsSupported);
        Assert.True(LinuxProcessRunner.Has("posix_spawn_file_actions_addchdir_np"));
        Assert.False(LinuxProcessRunner.Has("posix_spawn_file_actions_addnothing_np"));
    }

    [Fact]
    public void Leave_nothing_of_their_group_behind()
    {
        using var folder = new TemporaryFolder();
        Run("native", "sleep 1000 & echo $! > child", folder.Path);

        Eventually.Dead(int.Parse(File.ReadAllText(folder["child"])));
    }

    [Theory]
    [MemberData(nameof(Runners))]
    public void Are_ended_with_their_children_when_stopped(string runner)
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var run = Task.Run(() => Run(runner, "sleep 1000 & echo $! > child.new; mv child.new child; wait", folder.Path, stop: stop.Token));
        Eventually.True(() => File.Exists(folder["child"]), "the child is there");

        stop.Cancel();

        Assert.True(run.Result.End.Stopped);
        Eventually.Dead(int.Parse(File.ReadAllText(folder["child"])));
    }

    [Fact]
    public void May_clean_up_when_stopped()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var run = Task.Run(() => Run("native", "trap 'echo bye > cleaned; exit 3' TERM; : > ready; while :; do sleep 0.01; done", folder.Path, stop: stop.Token));
        Eventually.True(() => File.Exists(folder["ready"]), "the script is ready");

        stop.Cancel();

        Assert.Equal((3, true), (run.Result.End.ExitCode, run.Result.End.Stopped));
        Assert.Equal("bye\n", File.ReadAllText(folder["cleaned"]));
    }

    [Fact]
    public void Do_not_start_when_already_stopped()
    {
        using var folder = new TemporaryFolder();
        var (end, _) = Run("native", ": > started", folder.Path, stop: new CancellationToken(canceled: true));

        Assert.True(end.Stopped);
        Assert.False(File.Exists(folder["started"]));
    }

    private static (ProcessEnd End, string Output) Run(
        string runner,
        string command,
        string directory = "/",
        Dictionary<string, string>? environment = null,
        CancellationToken stop = default)
    {
        using var processes = Runner(runner);
        var output = new Collected();
        var end = processes.Run(new ProcessStart("/bin/sh", ["-c", command], directory, environment ?? []), output, stop);
        return (end, output.Text);
    }

    private static IProcessRunner Runner(string name) =>
        name == "native" ? new LinuxProcessRunner(_environment, TimeSpan.FromSeconds(5), new Marks($"/{Guid.NewGuid()}", "run", "")) : new PortableProcessRunner(_environment);

    private sealed class Collected : IOutputSink
    {
        private readonly List<byte> _bytes = [];

        public string Text => Encoding.UTF8.GetString([.. _bytes]);

        public void Write(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);
    }
}
