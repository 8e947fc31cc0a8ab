using System.Diagnostics;

namespace ParallelScripts.Tests;

/// <summary>A real Slurm of four nodes on this machine, brought up once for all tests and down after them.</summary>
public sealed class Cluster : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parallelscripts-slurm-").FullName;
    private readonly int _port = 20000 + (Random.Shared.Next(400) * 20);

    public Cluster()
    {
        if (Missing is null)
        {
            Call("up", "4");
        }
    }

    /// <summary>Why there can be no cluster here; null if there can.</summary>
    public static string? Missing { get; } = Where("slurmctld") is null || Where("slurmd") is null || Where("munged") is null
        ? "Slurm is not installed: apt-get install slurmctld slurmd slurm-client munge slurm-wlm-basic-plugins"
        : null;

    public string Configuration => Path.Combine(_folder, "slurm.conf");

    /// <summary>What the scripts of a run inherit.</summary>
    public Dictionary<string, string> Variables => new() { ["PATH"] = "/usr/sbin:/usr/bin:/bin", ["SLURM_CONF"] = Configuration };

    /// <summary>Calls a command of Slurm's, and gives what it prints.</summary>
    public string Ask(string command, params string[] arguments) => Run(Where(command)!, arguments).Printed;

    /// <summary>The process of a daemon, such as <c>slurmctld</c> or <c>slurmd.n2</c>.</summary>
    public int ProcessOf(string daemon) => int.Parse(File.ReadAllText(Path.Combine(_folder, "pid", $"{daemon}.pid")).Trim(), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether jobs are killed that take more memory than they asked for.</summary>
    public bool LimitsMemory => File.Exists(Path.Combine(_folder, "cgroup.conf"));

    /// <summary>Ends the daemon of a node, and starts it again; if wanted, where it does not see a folder.</summary>
    public void RestartNode(string node, string? hide = null)
    {
        Kill($"slurmd.{node}", "TERM");

        // The controller has not missed it yet. So it is back only once it has registered itself again.
        Ask("scontrol", "update", $"nodename={node}", "state=down", "reason=restart");
        if (hide is null)
        {
            StartNode(node);
        }
        else
        {
            Run("/usr/bin/unshare", ["--mount", "/bin/sh", "-c", "mount -t tmpfs none \"$1\" && exec /usr/sbin/slurmd -f \"$SLURM_CONF\" -N \"$2\"", "sh", hide, node]);
        }

        Eventually.True(() => Ask("sinfo", "--noheader", $"--nodes={node}", "--format=%t").Trim() is "idle" or "mix" or "alloc", $"node {node} is back");
    }

    /// <summary>Sends a signal to a daemon, and waits until it is gone.</summary>
    public void Kill(string daemon, string signal)
    {
        var process = ProcessOf(daemon);
        Run("/bin/kill", [$"-{signal}", $"{process}"]);
        Eventually.Dead(process);
    }

    /// <summary>Brings back what a test before has broken.</summary>
    public void Heal()
    {
        Eventually.True(
            () =>
            {
                foreach (var node in Ask("sinfo", "--noheader", "--Node", "--states=down,drain,fail", "--format=%N").Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    Ask("scontrol", "update", $"nodename={node}", "state=resume");
                }

                Ask("scancel", "--user=" + Environment.UserName);
                return Ask("sinfo", "--noheader", "--Node", "--format=%t").Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: 4 } states && states.All(state => state == "idle");
            },
            "all nodes are idle");
    }

    public void StartController() => Call("controller");

    public void StartNode(string node) => Call("node", node);

    public void Dispose()
    {
        if (Missing is null)
        {
            Call("down");
        }

        Eventually.True(IsDeleted, $"{_folder} is deleted");
    }

    /// <summary>What Slurm has left of its jobs may still clear up after itself.</summary>
    private bool IsDeleted()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return !Directory.Exists(_folder);
        }
    }

    private static string? Where(string command) =>
        new[] { "/usr/sbin", "/usr/bin", "/bin" }.Select(folder => Path.Combine(folder, command)).FirstOrDefault(File.Exists);

    private void Call(string verb, params string[] arguments)
    {
        var (code, printed) = Run(Path.Combine(AppContext.BaseDirectory, "cluster"), [verb, _folder, .. arguments]);
        Assert.True(code == 0, $"cluster {verb}: {printed}");
    }

    private (int Code, string Printed) Run(string program, string[] arguments)
    {
        // To files: a daemon that keeps a pipe open would keep us.
        var printed = Path.Combine(_folder, $"{Guid.NewGuid():N}.txt");
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" > \"$out\" 2>&1 < /dev/null", "sh", printed, program, .. arguments])
        {
            Environment = { ["PORT"] = $"{_port}", ["SLURM_CONF"] = Configuration },
        })!;
        process.WaitForExit();
        return (process.ExitCode, File.ReadAllText(printed));
    }
}

[CollectionDefinition(nameof(Cluster))]
public sealed class OneCluster : ICollectionFixture<Cluster>;

/// <summary>A test that needs the cluster, and is skipped where there can be none.</summary>
[Collection(nameof(Cluster))]
public abstract class ClusterTest
{
    protected ClusterTest(Cluster cluster)
    {
        Assert.SkipWhen(Cluster.Missing is not null, Cluster.Missing ?? "");
        Slurm = cluster;
        Slurm.Heal();
    }

    protected Cluster Slurm { get; }

    /// <summary>A project all of whose scripts run on the cluster.</summary>
    /// <param name="isKnownToBeShared">Whether no job has to find out first that nodes see the project.</param>
    private protected TestProject NewProject(bool isKnownToBeShared = true)
    {
        var project = new TestProject { Executor = "Slurm" };
        if (isKnownToBeShared)
        {
            project.Write("obj/scripts/slurm/shared", "");
        }

        foreach (var (name, value) in Slurm.Variables)
        {
            project.Environment[name] = value;
        }

        return project;
    }

    /// <summary>From now on the project finds this in place of Slurm's <c>sbatch</c>, which is <c>/usr/bin/sbatch</c>.</summary>
    private protected static void InPlaceOfSbatch(TestProject project, string script)
    {
        project.Write("bin/sbatch", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(project["bin/sbatch"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        project.Environment["PATH"] = $"{project["bin"]}:{project.Environment["PATH"]}";
    }

    /// <summary>From now on the project's calls of Slurm's commands are counted.</summary>
    private protected static void CountCalls(TestProject project)
    {
        foreach (var command in (string[])["sbatch", "squeue", "scancel", "scontrol", "sacct"])
        {
            project.Write($"counting/{command}", $"#!/bin/sh\necho >> '{project["counting"]}/{command}.calls'\nexec /usr/bin/{command} \"$@\"\n");
            File.SetUnixFileMode(project[$"counting/{command}"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        project.Environment["PATH"] = $"{project["counting"]}:{project.Environment["PATH"]}";
    }

    /// <summary>How often a command of Slurm's was called.</summary>
    private protected static int Calls(TestProject project, string command) =>
        project.Has($"counting/{command}.calls") ? File.ReadAllLines(project[$"counting/{command}.calls"]).Length : 0;

    /// <summary>What Slurm calls the job of a script, as long as it has not been collected; empty if there is none.</summary>
    private protected static string KeyOf(TestProject project, string script)
    {
        if (HistoryStore.OpenToRead(Path.GetDirectoryName(project["obj/scripts/history.db"])!) is not { } history)
        {
            return "";
        }

        using (history)
        {
            return history.Jobs().FirstOrDefault(job => job.Script == script && job.Id != "")?.Key ?? "";
        }
    }

    /// <summary>How the scripts of a run ended, as <c>a.sh Succeeded, b.sh Failed</c>.</summary>
    protected static string Outcomes(RunRecord record) => string.Join(", ", record.Scripts.Select(script => $"{script.Name} {script.Outcome}"));
}
