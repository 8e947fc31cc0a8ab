namespace ParallelScripts.Tests;

/// <summary>What this whole process has open, and how many threads: few enough for many scripts at once, and given back.</summary>
[Collection(nameof(Alone))]
public sealed class DescriptorsAndThreads
{
    [Fact]
    public void Of_processes_that_have_ended_are_given_back()
    {
        Run("echo warm");
        var before = Count("fd");
        for (var i = 0; i < 100; i++)
        {
            Run("echo again");
            Run("exit 1", "/nowhere");
        }

        // What loads an assembly meanwhile keeps it open; a leak would be 200.
        Assert.InRange(Count("fd"), 0, before + 50);
    }

    [Fact]
    public void Of_looking_for_what_scripts_leave_behind_are_given_back()
    {
        var (threads, descriptors) = (Count("task"), Count("fd"));
        for (var i = 0; i < 100; i++)
        {
            Run("exit 1");
            Run(":");
        }

        Assert.InRange(Count("task"), 0, threads + 50);
        Assert.InRange(Count("fd"), 0, descriptors + 50);
    }

    [Fact]
    public void Suffice_for_five_hundred_scripts_at_once()
    {
        using var project = new TestProject();
        for (var i = 0; i < 10_000; i++)
        {
            project.Add($"s{i}.sh", ":");
        }

        project.MaxDegreeOfParallelism = "500";

        Assert.All(project.RunRecord().Scripts, script => Assert.Equal(Outcome.Succeeded, script.Outcome));
    }

    private static int Count(string what) => Directory.GetFileSystemEntries($"/proc/self/{what}").Length;

    private static void Run(string command, string directory = "/")
    {
        using var processes = new LinuxProcessRunner(new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }, TimeSpan.FromSeconds(5), new Marks($"/{Guid.NewGuid()}", "run", ""));
        processes.Run(new ProcessStart("/bin/sh", ["-c", command], directory, new Dictionary<string, string>()), new Nothing(), CancellationToken.None);
    }

    private sealed class Nothing : IOutputSink
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
