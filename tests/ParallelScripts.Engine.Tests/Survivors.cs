using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace ParallelScripts.Tests;

/// <summary>What scripts start and do not end, in every way that we know to get away. Real processes, looked for in /proc.</summary>
public sealed class Survivors : IDisposable
{
    private static readonly TimeSpan _grace = TimeSpan.FromMilliseconds(300);

    /// <summary>Each begins something that writes its number to <c>children/NAME</c> and stays.</summary>
    private static readonly Dictionary<string, string> _waysToGetAway = new()
    {
        ["plain"] = "child plain &",
        ["nohup"] = "child nohup nohup > /dev/null 2>&1 &",
        ["setsid"] = "setsid sh child.sh setsid &",
        ["setsid and closed output"] = "child 'setsid and closed output' setsid > /dev/null 2>&1 &",
        ["double fork"] = "(setsid sh child.sh 'double fork' & ) &",
        ["double fork and closed output"] = "(setsid sh child.sh 'double fork and closed output' > /dev/null 2>&1 & ) &",
        ["group of its own"] = "perl -e 'setpgrp; exec @ARGV' sh child.sh 'group of its own' > /dev/null 2>&1 &",
        ["deaf"] = "child deaf sh -c 'trap \"\" TERM HUP INT; exec \"$@\"' sh &",
        ["deaf and far"] = "setsid sh -c 'trap \"\" TERM HUP INT; exec sh child.sh \"deaf and far\"' > /dev/null 2>&1 &",
        ["no environment"] = "child 'no environment' env -i &",
        ["no environment and far"] = "child 'no environment and far' setsid env -i &",
        ["suspended"] = "(child suspended sh -c 'echo $$ > children/.suspended; mv children/.suspended children/suspended; kill -STOP $$' &) ",
        ["daemon"] = """
            perl -MPOSIX -e 'exit if fork; setsid; exit if fork; chdir "/"; POSIX::close($_) for 0 .. 255; open STDIN, "/dev/null"; open STDOUT, ">/dev/null"; open STDERR, ">/dev/null"; exec @ARGV' sh "$PWD/child.sh" daemon
            """,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<LeftProcess> _told = new();

    public Survivors()
    {
        Directory.CreateDirectory(_folder["children"]);
        _folder.Write("child.sh", """
            cd "$(dirname "$0")"
            echo $$ > "children/.$1"
            mv "children/.$1" "children/$1"
            exec sleep 1000
            """);
    }

    public void Dispose()
    {
        // A test that fails must not leave what it failed to end.
        foreach (var child in Children())
        {
            try
            {
                if (Eventually.IsAlive(child.Number))
                {
                    Process.GetProcessById(child.Number).Kill();
                }
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // It ended at this moment.
            }
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData("exit 0")]
    [InlineData("exit 3")]
    [InlineData("kill -SEGV $$")]
    [InlineData("exec sleep 1000")]
    public void Are_none_however_they_tried_to_get_away(string end)
    {
        using var stop = new CancellationTokenSource();
        using var processes = Runner();
        var run = Task.Run(() => Run(processes, AllWays() + end, stop.Token));
        if (end.StartsWith("exec", StringComparison.Ordinal))
        {
            Eventually.True(() => Children().Count == _waysToGetAway.Count, "all children are there");
            stop.Cancel();
        }

        run.GetAwaiter().GetResult();

        // A cancellation does not wait longer for the death of what has been killed than it says, and this machine may be busy.
        Assert.Equal(_waysToGetAway.Keys.Order(), Children().Select(child => child.Name).Order());
        Assert.All(Children(), child => Eventually.Dead(child.Number));
    }

    [Fact]
    public void Of_a_script_that_succeeded_are_told_of()
    {
        using var processes = Runner();
        var end = Run(processes, Way("setsid") + Asleep("setsid"));

        Assert.Equal($"{Children().Single().Number} (sleep 1000)", Assert.Single(end.LeftBehind).ToString());
    }

    [Fact]
    public void That_have_left_no_trace_are_found_soon_and_told_of()
    {
        using var processes = Runner();
        var end = Run(processes, Way("daemon") + Asleep("daemon"));
        var child = Children().Single().Number;

        // With the end of the script already where that is waited for: where another process is just being started, which still has its output.
        Assert.Equal(0, end.ExitCode);
        Eventually.Dead(child);
        Eventually.True(() => end.LeftBehind.Count + _told.Count > 0, "it is told");
        Assert.Equal([$"{child} (sleep 1000)"], end.LeftBehind.Concat(_told).Select(left => left.ToString()));
    }

    [Fact]
    public void That_have_left_no_trace_do_not_survive_the_run()
    {
        using (var processes = Runner())
        {
            var end = Run(processes, Way("daemon") + Way("deaf and far"));
            processes.EndTheRest();

            Assert.All(Children(), child => Eventually.Dead(child.Number));
            Assert.Equal(2, end.LeftBehind.Count + _told.Count);
        }
    }

    [Fact]
    public void Of_another_script_are_left_alone()
    {
        using var stop = new CancellationTokenSource();
        using var processes = Runner();
        var other = Task.Run(() => Run(processes, Way("setsid") + "while [ ! -e end ]; do sleep 0.01; done"));
        Eventually.True(() => Children().Count == 1, "the other's child is there");

        Run(processes, "exit 1");
        Run(processes, Way("plain") + "exit 1");
        Assert.True(Eventually.IsAlive(Children().Single(child => child.Name == "setsid").Number));

        _folder.Write("end", "");
        other.GetAwaiter().GetResult();
        Eventually.Dead(Children().Single(child => child.Name == "setsid").Number);
    }

    [Fact]
    public void Of_a_script_whose_output_nobody_can_take_are_none_and_do_not_hold_the_run()
    {
        var processes = Runner();
        Assert.Throws<InvalidOperationException>(() => processes.Run(Start(Way("plain") + Way("setsid") + "echo out; exec sleep 1000"), new Refusing(), CancellationToken.None));

        Assert.True(Task.Run(processes.Dispose).Wait(TimeSpan.FromMinutes(5)), "The end of the run waits for what nobody follows.");
        Assert.Equal(2, Children().Count);
        Assert.All(Children(), child => Eventually.Dead(child.Number));
    }

    [Fact]
    public void That_end_by_themselves_in_a_moment_are_let_do_so()
    {
        // Half a second is long for that, and not for every busy machine.
        using var processes = Runner();
        var (output, end) = (new Collected(), new ProcessEnd(null, null, null, Stopped: false));
        for (var tries = 0; tries < 5 && !output.Text.EndsWith('\n'); tries++)
        {
            output = new Collected();
            end = processes.Run(Start("rm -f pipe; mkfifo pipe; (while read -r line; do echo \"written down: $line\"; done < pipe) & exec > pipe; echo last words"), output, CancellationToken.None);
        }

        Assert.Equal("written down: last words\n", output.Text);
        Assert.Empty(end.LeftBehind);
    }

    [Fact]
    public void That_clean_up_when_asked_are_not_asked_twice_nor_is_what_they_start_for_that()
    {
        using var stop = new CancellationTokenSource();
        using var processes = new LinuxProcessRunner(_environment, TimeSpan.FromSeconds(20), NewMarks());
        var run = Task.Run(() => Run(processes, "trap 'echo asked >> asked; sh -c \"sleep 0.1; echo cleaned >> asked\"; exit 0' TERM; : > ready; while :; do sleep 0.01; done", stop.Token));
        Eventually.True(() => File.Exists(_folder["ready"]), "the script is ready");

        stop.Cancel();

        Assert.True(run.Result.Stopped);
        Assert.Equal("asked\ncleaned\n", File.ReadAllText(_folder["asked"]));
    }

    [Fact]
    public void That_fork_faster_than_one_can_look_do_not_hold_a_cancellation()
    {
        // Each generation ignores what it is asked, leaves group and session, begins two more every now and then, and ends. It gives up
        // by itself after half a minute, for the sake of who runs this test when it fails.
        var bomb = $"bomb-{Guid.NewGuid():N}.pl";
        _folder.Write(bomb, """
            use POSIX; use Time::HiRes 'sleep';
            $SIG{$_} = 'IGNORE' for qw(TERM HUP INT);
            my $began = time; my $generation = 0;
            open my $ready, '>', 'bomb-ready'; close $ready;
            while (time - $began < 30) {
              my $child = fork; if (!defined $child) { sleep 0.001; next }
              exit if $child;
              setsid; $generation++;
              if ($generation % 100 == 0) { fork }
              sleep 0.0005;
            }
            """);
        using var stop = new CancellationTokenSource();
        using var processes = Runner();
        var run = Task.Run(() => Run(processes, $"trap '' TERM; perl {bomb} & while :; do sleep 0.05; done", stop.Token));
        Eventually.True(() => File.Exists(_folder["bomb-ready"]), "it is going");

        var watch = Stopwatch.StartNew();
        stop.Cancel();
        var end = run.GetAwaiter().GetResult();

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Empty(end.Undying);
        Eventually.True(() => !WithArgument(bomb).Any(), "no bomb is left");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(25));
    }

    [Fact]
    public void That_cannot_die_do_not_hold_a_cancellation_and_are_told_of()
    {
        const string Freezer = "/sys/fs/cgroup/freezer";
        Assert.SkipUnless(Directory.Exists(Freezer) && Environment.IsPrivilegedProcess, "Needs a freezer control group (version 1), and the right to make one.");
        var group = Path.Combine(Freezer, $"parallelscripts-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(group);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Assert.Skip(refused.Message);
        }

        using var stop = new CancellationTokenSource();
        using var processes = Runner();
        var run = Task.Run(() => Run(processes, "echo $$ > children/.first; mv children/.first children/first; while :; do sleep 0.05; done", stop.Token));
        try
        {
            Eventually.True(() => Children().Count == 1, "it is there");
            File.WriteAllText($"{group}/cgroup.procs", $"{Children().Single().Number}");
            File.WriteAllText($"{group}/freezer.state", "FROZEN");

            var watch = Stopwatch.StartNew();
            stop.Cancel();
            var end = run.GetAwaiter().GetResult();

            Assert.InRange(watch.Elapsed, _grace, _grace + TimeSpan.FromSeconds(20));
            Assert.True(end.Stopped);
            Assert.Contains(end.Undying, process => process.Number == Children().Single().Number);
        }
        finally
        {
            File.WriteAllText($"{group}/freezer.state", "THAWED");
            Eventually.Dead(Children().Single().Number);
            Eventually.True(() => File.ReadAllText($"{group}/cgroup.procs") == "" || !Directory.Exists(group), "the group is empty");
            Directory.Delete(group);
        }
    }

    private static readonly Dictionary<string, string> _environment = new() { ["PATH"] = "/usr/bin:/bin" };

    /// <summary>Of a state directory of its own: else another test's would be taken for that of an earlier run, and ended.</summary>
    private static Marks NewMarks() => new($"/{Guid.NewGuid()}", "run", "");

    private static LinuxProcessRunner Runner() => new(_environment, _grace, NewMarks());

    private ProcessEnd Run(LinuxProcessRunner processes, string script, CancellationToken stop = default) => processes.Run(Start(script), new Collected(), stop);

    private ProcessStart Start(string script) =>
        new("/bin/sh", ["-c", "child() { name=$1; shift; \"$@\" sh child.sh \"$name\"; }; " + script], _folder.Path, new Dictionary<string, string>())
        {
            LeftBehind = left => left.ToList().ForEach(_told.Enqueue),
        };

    private static string AllWays() => string.Concat(_waysToGetAway.Keys.Select(Way));

    /// <summary>Begins it, and waits until it is there.</summary>
    private static string Way(string name) => $"{_waysToGetAway[name].Trim()}\nwhile [ ! -e 'children/{name}' ]; do sleep 0.01; done\n";

    /// <summary>Waits until it is the program that it stays.</summary>
    private static string Asleep(string name) => $"until grep -q '^sleep' \"/proc/$(cat 'children/{name}')/cmdline\"; do sleep 0.01; done\n";

    private List<(string Name, int Number)> Children() =>
        [.. Directory.GetFiles(_folder["children"]).Where(file => !Path.GetFileName(file).StartsWith('.')).Select(file => (Path.GetFileName(file), int.Parse(File.ReadAllText(file))))];

    private static IEnumerable<string> WithArgument(string argument)
    {
        foreach (var process in Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(folder["/proc/".Length])))
        {
            string command;
            try
            {
                command = File.ReadAllText($"{process}/cmdline");
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (command.Split('\0').Contains(argument))
            {
                yield return $"{Path.GetFileName(process)}: {command.Replace('\0', ' ')}";
            }
        }
    }

    private sealed class Refusing : IOutputSink
    {
        public void Write(ReadOnlySpan<byte> bytes) => throw new InvalidOperationException("a defect of ours");
    }

    private sealed class Collected : IOutputSink
    {
        private readonly List<byte> _bytes = [];

        public string Text => Encoding.UTF8.GetString([.. _bytes]);

        public void Write(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);
    }
}
