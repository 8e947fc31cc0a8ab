namespace ParallelScripts.Tests;

public sealed class WaitingForMemory
{
    private const string Graph = "a\nb\nc";
    private static readonly MinFreeMemory _twoGigabytes = new("2GB", 2_000_000_000, null);

    private readonly HandMemory _memory = new();

    [Fact]
    public async Task Nothing_starts_while_little_is_free_and_something_runs()
    {
        _memory.Set(1_000_000_000);
        using var run = new Run(Graph, slots: 2, resources: new Resources { Memory = _memory }, minFreeMemory: _twoGigabytes);

        await run.AssertRunning("a");
        Eventually.True(() => _memory.Waits == 1, "it waits");
        await run.AssertRunning("a");
        Assert.Equal(["Waiting for memory: 1.0 GB of 16 GB are free, and ScriptsMinFreeMemory is 2GB. 1 script runs meanwhile, and nothing starts."], run.Notes);

        _memory.Set(3_000_000_000);
        await run.AssertRunning("a", "b");
    }

    [Fact]
    public async Task It_is_said_once_for_each_wait()
    {
        _memory.Set(1_000_000_000);
        using var run = new Run(Graph, slots: 3, resources: new Resources { Memory = _memory }, minFreeMemory: new MinFreeMemory("10%", null, 10));

        Eventually.True(() => _memory.Waits == 1, "it waits");
        _memory.Set(1_200_000_000);
        Eventually.True(() => _memory.Waits == 2, "it waits");
        Assert.Single(run.Notes);
        await run.Succeed("a");
        await run.AssertRunning("b");
        Eventually.True(() => run.Notes.Count == 2, "it is said");

        Assert.Equal("Waiting for memory: 1.2 GB of 16 GB are free, and ScriptsMinFreeMemory is 10%. 1 script runs meanwhile, and nothing starts.", run.Notes.Last());
    }

    [Fact]
    public async Task What_runs_goes_on_and_the_rest_follows_one_by_one_if_there_is_never_more()
    {
        _memory.Set(0);
        using var run = new Run(Graph, slots: 3, resources: new Resources { Memory = _memory }, minFreeMemory: _twoGigabytes);

        foreach (var script in new[] { "a", "b", "c" })
        {
            await run.AssertRunning(script);
            await run.Succeed(script);
        }

        Assert.Equal("a Succeeded, b Succeeded, c Succeeded", await run.Outcomes());
    }

    [Fact]
    public async Task Ends_when_the_run_is_cancelled()
    {
        _memory.Set(0);
        using var run = new Run(Graph, slots: 3, resources: new Resources { Memory = _memory }, minFreeMemory: _twoGigabytes);
        await run.AssertRunning("a");
        Eventually.True(() => _memory.Waits == 1, "it waits");

        run.Cancel();

        Assert.Equal("a Canceled, b Skipped, c Skipped", await run.Outcomes());
    }

    [Fact]
    public async Task Does_not_happen_where_nobody_can_tell_what_is_free()
    {
        _memory.Set(null);
        using var run = new Run(Graph, slots: 3, resources: new Resources { Memory = _memory }, minFreeMemory: _twoGigabytes);

        await run.AssertRunning("a", "b", "c");
    }
}
