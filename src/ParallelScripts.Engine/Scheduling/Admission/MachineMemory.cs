using System.Globalization;

namespace ParallelScripts;

/// <summary>The memory of the machine that scripts run on, or of the part of it that is ours: inside a container or a control group with a limit, that limit.</summary>
public abstract class MachineMemory
{
    /// <summary>This machine.</summary>
    public static MachineMemory This { get; } = OperatingSystem.IsLinux() ? new LinuxMemory("/") : new PortableMemory();

    /// <summary>How much there is, in bytes.</summary>
    public abstract long Total { get; }

    /// <summary>How much of it is free for who asks for some, in bytes; null if that cannot be told.</summary>
    public abstract long? Available { get; }

    /// <summary>Completes when it is worth looking at <see cref="Available"/> again. Does not throw when cancelled.</summary>
    public virtual async Task ChangedAsync(CancellationToken stop) =>
        await Task.Delay(TimeSpan.FromMilliseconds(250), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Where nothing better is known: what the runtime says.</summary>
    private sealed class PortableMemory : MachineMemory
    {
        public override long Total => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

        public override long? Available
        {
            get
            {
                // Until the first collection the runtime has not looked.
                var seen = GC.GetGCMemoryInfo();
                return seen.MemoryLoadBytes == 0 ? null : Math.Max(0, seen.TotalAvailableMemoryBytes - seen.MemoryLoadBytes);
            }
        }
    }
}

/// <summary>Memory as Linux tells it: /proc/meminfo, and the limits of the control groups that this process is in (version 2, and version 1's memory controller).</summary>
/// <param name="root">Where /proc and /sys are.</param>
internal sealed class LinuxMemory(string root) : MachineMemory
{
    /// <summary>Version 1 writes about this where there is no limit.</summary>
    private const long NoLimit = long.MaxValue / 2;

    private IReadOnlyList<Group> Groups => field ??= ReadGroups();

    public override long Total
    {
        get
        {
            if (field == 0)
            {
                var total = MemInfo("MemTotal:") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
                field = Groups.Aggregate(total, (least, group) => Math.Min(least, group.Limit ?? NoLimit));
            }

            return field;
        }
    }

    public override long? Available
    {
        get
        {
            var available = MemInfo("MemAvailable:");
            foreach (var group in Groups)
            {
                if (group.Limit is { } limit && group.Used is { } used)
                {
                    available = Math.Min(available ?? NoLimit, Math.Max(0, limit - used));
                }
            }

            return available;
        }
    }

    /// <summary>The groups that this process is in, from the innermost to the outermost: the limit of each holds.</summary>
    private List<Group> ReadGroups()
    {
        var groups = new List<Group>();
        foreach (var line in Read("proc/self/cgroup").Split('\n'))
        {
            // 0::/user.slice for version 2, 5:memory:/docker/12ab for version 1.
            if (line.Split(':', 3) is not [_, var controllers, var path])
            {
                continue;
            }

            var isVersion1 = controllers.Split(',').Contains("memory");
            if (!isVersion1 && controllers != "")
            {
                continue;
            }

            var mount = Path.Combine(root, isVersion1 ? "sys/fs/cgroup/memory" : "sys/fs/cgroup");
            for (var at = path.Trim().Trim('/'); ; at = Path.GetDirectoryName(at) ?? "")
            {
                // Inside a container the path may be the host's, which is not there; what is at the mount point is ours then.
                var folder = Path.Combine(mount, at);
                if (Directory.Exists(folder))
                {
                    groups.Add(new Group(folder, isVersion1));
                }

                if (at == "")
                {
                    break;
                }
            }
        }

        return groups;
    }

    private long? MemInfo(string name)
    {
        foreach (var line in Read("proc/meminfo").AsSpan().EnumerateLines())
        {
            // MemAvailable:   12345678 kB
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                var amount = line[name.Length..].Trim();
                return amount.EndsWith(" kB", StringComparison.Ordinal) && long.TryParse(amount[..^3], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * 1024 : null;
            }
        }

        return null;
    }

    private string Read(string file) => ReadFile(Path.Combine(root, file));

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private sealed class Group(string folder, bool isVersion1)
    {
        public long? Limit => ReadNumber(isVersion1 ? "memory.limit_in_bytes" : "memory.max") is { } limit and < NoLimit ? limit : null;

        /// <summary>Without the file pages that are given back at once when somebody needs memory: whoever counts them waits for room that is there.</summary>
        public long? Used => ReadNumber(isVersion1 ? "memory.usage_in_bytes" : "memory.current") - (InactiveFilePages() ?? 0);

        private long? InactiveFilePages()
        {
            var name = isVersion1 ? "total_inactive_file " : "inactive_file ";
            foreach (var line in ReadFile(Path.Combine(folder, "memory.stat")).AsSpan().EnumerateLines())
            {
                if (line.StartsWith(name, StringComparison.Ordinal))
                {
                    return long.TryParse(line[name.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
                }
            }

            return null;
        }

        private long? ReadNumber(string file) =>
            long.TryParse(ReadFile(Path.Combine(folder, file)).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
