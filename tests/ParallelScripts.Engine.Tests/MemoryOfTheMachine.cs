namespace ParallelScripts.Tests;

public sealed class MemoryOfTheMachine : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public MemoryOfTheMachine() => _root.Write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:         1000000 kB\nMemAvailable:    8000000 kB\n");

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Is_what_the_kernel_says() => Assert.Equal("16384000000 8192000000", Read());

    [Fact]
    public void Is_what_a_control_group_allows()
    {
        _root.Write("proc/self/cgroup", "0::/app.slice/build\n");
        _root.Write("sys/fs/cgroup/app.slice/memory.max", "4000000000\n");
        _root.Write("sys/fs/cgroup/app.slice/memory.current", "3000000000\n");
        _root.Write("sys/fs/cgroup/app.slice/memory.stat", "anon 2500000000\ninactive_file 500000000\n");
        _root.Write("sys/fs/cgroup/app.slice/build/memory.max", "max\n");
        _root.Write("sys/fs/cgroup/app.slice/build/memory.current", "3000000000\n");

        Assert.Equal("4000000000 1500000000", Read());
    }

    [Fact]
    public void Is_what_a_container_allows_whose_group_has_another_name_outside()
    {
        _root.Write("proc/self/cgroup", "0::/../../docker/12ab\n");
        _root.Write("sys/fs/cgroup/memory.max", "2000000000\n");
        _root.Write("sys/fs/cgroup/memory.current", "500000000\n");

        Assert.Equal("2000000000 1500000000", Read());
    }

    [Fact]
    public void Is_what_a_group_of_version_1_allows()
    {
        _root.Write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/docker/12ab\n0::/\n");
        _root.Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000000\n");
        _root.Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "400000000\n");
        _root.Write("sys/fs/cgroup/memory/memory.stat", "cache 1\ntotal_inactive_file 100000000\n");

        Assert.Equal("1000000000 700000000", Read());
    }

    [Fact]
    public void Is_the_kernels_where_a_group_has_no_limit()
    {
        _root.Write("proc/self/cgroup", "4:memory:/\n");
        _root.Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        _root.Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "400000000\n");

        Assert.Equal("16384000000 8192000000", Read());
    }

    [Fact]
    public void Of_this_machine_is_there() => Assert.InRange(MachineMemory.This.Available!.Value, 1, MachineMemory.This.Total);

    [Fact]
    public void Is_unknown_where_nothing_tells()
    {
        _root.Write("proc/meminfo", "Nonsense: 1\n");
        var memory = new LinuxMemory(_root.Path);

        Assert.Null(memory.Available);
        Assert.True(memory.Total > 0);
    }

    private string Read() => new LinuxMemory(_root.Path) is var memory ? $"{memory.Total} {memory.Available}" : "";
}
