namespace ParallelScripts.Tests;

/// <summary>How many scripts run at once where somebody else has a say in it.</summary>
public sealed class GrantedCores
{
    [Fact]
    public async Task Are_all_that_run_at_once()
    {
        var grant = new HandGrant(2);
        using var run = new Run("a\nb\nc", slots: 8, grant: grant);

        await run.AssertRunning("a", "b");
        await run.Succeed("a");
        await run.AssertRunning("b", "c");
        await run.Succeed("b");
        await run.Succeed("c");

        Assert.Equal("a Succeeded, b Succeeded, c Succeeded", await run.Outcomes());
        Assert.Equal(["a in 0", "b in 1", "c in 0"], run.StartedInSlots);
        Assert.Equal(2, run.MostSlots);
    }

    [Fact]
    public async Task That_become_more_let_more_run_though_nothing_has_ended()
    {
        var grant = new HandGrant(1);
        using var run = new Run("a\nb\nc", slots: 3, grant: grant);
        await run.AssertRunning("a");

        grant.Cores = 3;

        await run.AssertRunning("a", "b", "c");
        await Task.WhenAll(run.Succeed("a"), run.Succeed("b"), run.Succeed("c"));
        await run.Outcomes();
        Assert.Equal(3, run.MostSlots);
    }

    [Fact]
    public async Task That_become_fewer_let_nothing_start_until_what_runs_is_fewer_too()
    {
        var grant = new HandGrant(3);
        using var run = new Run("a\nb\nc\nd", slots: 8, grant: grant);
        await run.AssertRunning("a", "b", "c");

        grant.Cores = 1;
        var asked = grant.Wanted.Count;
        Eventually.True(() => grant.Wanted.Count > asked + 1, "it has asked again");
        await run.Succeed("c");
        await run.Succeed("b");
        await run.Succeed("a");
        await run.AssertRunning("d");
        await run.Succeed("d");
        await run.Outcomes();

        // Started too early, it would have got the slot of c or b, which were free first.
        Assert.Equal("d in 0", run.StartedInSlots.Last());
        Assert.Equal(3, run.MostSlots);
    }

    [Fact]
    public async Task Are_asked_for_as_far_as_they_are_of_use()
    {
        var grant = new HandGrant(8);
        using var run = new Run("a\nb: a\nc: a", slots: 8, grant: grant);
        await run.AssertRunning("a");
        Assert.Equal([1], grant.Wanted.Distinct());

        await run.Succeed("a");
        await run.AssertRunning("b", "c");
        Assert.Equal(2, grant.Wanted.Max());

        // Those that nobody needs any more are given back while the last script runs.
        await run.Succeed("b");
        Eventually.True(() => grant.Wanted.Last() == 1, "only one is asked for");
        await run.Succeed("c");
        await run.Outcomes();
    }

    [Fact]
    public async Task Are_asked_for_as_a_wide_script_needs_them_beside_one_that_runs()
    {
        const string Graph = "long\nafter: long\nwide";
        var grant = new HandGrant(4);
        using var run = new Run(Graph, slots: 4, grant: grant, resources: Needs.Of(Graph, "wide cores 3"));

        await run.AssertRunning("long", "wide");
        Assert.Equal(4, grant.Wanted.Max());

        await run.Succeed("wide");
        Eventually.True(() => grant.Wanted.Last() == 1, "what it had is given back");
        await run.Succeed("long");
        await run.AssertRunning("after");
        await run.Succeed("after");
        await run.Outcomes();
    }

    [Fact]
    public async Task Are_at_least_one()
    {
        using var run = new Run("a\nb", slots: 8, grant: new HandGrant(0));

        await run.AssertRunning("a");
        await run.Succeed("a");
        await run.AssertRunning("b");
        await run.Succeed("b");
        await run.Outcomes();
        Assert.Equal(1, run.MostSlots);
    }

    [Fact]
    public async Task Do_not_change_a_number_that_a_person_gave_but_are_asked_for()
    {
        var grant = new HandGrant(1);
        using var run = new Run("a\nb\nc", slots: 3, grant: grant, areSlotsExact: true);

        await run.AssertRunning("a", "b", "c");
        await Task.WhenAll(run.Succeed("a"), run.Succeed("b"), run.Succeed("c"));
        await run.Outcomes();
        Assert.Equal(3, run.MostSlots);
        Assert.NotEmpty(grant.Wanted);
    }

    [Fact]
    public void Are_not_asked_for_when_everything_is_up_to_date()
    {
        using var project = new TestProject();
        project.Add("a.sh", "echo a > a.txt", outputs: ["a.txt"]);
        project.Add("b.sh", "cat a.txt > b.txt", inputs: ["a.txt"], outputs: ["b.txt"]);
        var grant = new HandGrant(1);
        project.Grant = grant;
        Assert.Equal(1, project.RunRecord().Slots);
        Assert.NotEmpty(grant.Wanted);
        grant.Wanted.Clear();

        var again = project.RunRecord();

        Assert.All(again.Scripts, script => Assert.Equal(Outcome.UpToDate, script.Outcome));
        Assert.Empty(grant.Wanted);
    }

    [Fact]
    public async Task That_are_lent_count_as_taken_until_they_are_back()
    {
        var lender = new Lender { InUse = 1 };
        using var run = new Run("a\nb", slots: 2, lender: lender);
        await run.AssertRunning("a");
        Assert.Equal(0, lender.Most);

        lender.InUse = 0;
        lender.Returned();

        await run.AssertRunning("a", "b");
        await run.Succeed("a");
        Eventually.True(() => lender.Most == 1, "the slot of a can be lent");
        await run.Succeed("b");
        await run.Outcomes();
    }

    [Fact]
    public async Task That_are_lent_are_none_for_a_wide_script_and_are_not_lent_again_while_it_waits()
    {
        const string Graph = "make\nafter: make\nwide";
        var lender = new Lender { InUse = 2 };
        using var run = new Run(Graph, slots: 4, lender: lender, resources: Needs.Of(Graph, "wide cores 3"));

        Eventually.True(() => lender.Most == 0, "no more are lent");
        await run.AssertRunning("make");

        lender.InUse = 0;
        lender.Returned();
        await run.AssertRunning("make", "wide");
    }

    [Fact]
    public async Task Are_neither_asked_for_nor_kept_from_others_for_a_script_that_fits_beside_nothing()
    {
        const string Graph = "make\nafter: make\nwide";
        var (grant, lender) = (new HandGrant(4), new Lender());
        using var run = new Run(Graph, slots: 4, grant: grant, lender: lender, resources: Needs.Of(Graph, "wide cores 4"));

        await run.AssertRunning("make");
        Eventually.True(() => grant.Wanted.Count > 1 && grant.Wanted.Last() == 1, "one slot is asked for");
        Eventually.True(() => lender.Most == 0, "nothing is lent of what is not granted");

        await run.Succeed("make");
        await run.AssertRunning("after");
        await run.Succeed("after");
        await run.AssertRunning("wide");
    }

    [Fact]
    public async Task Are_lent_beside_a_script_that_fits_beside_nothing()
    {
        const string Graph = "make\nafter: make\nwide";
        var lender = new Lender();
        using var run = new Run(Graph, slots: 4, lender: lender, resources: Needs.Of(Graph, "wide cores 4"));

        await run.AssertRunning("make");

        Eventually.True(() => lender.Most == 3, "all others can be lent");
    }

    [Fact]
    public async Task Are_not_lent_before_a_script_that_has_waited_for_memory()
    {
        const string Graph = "big1\nbig2\nmake";
        var lender = new Lender { IsGreedy = true };
        using var run = new Run(Graph, slots: 4, lender: lender, resources: Needs.Of(Graph, "big1 memory 10; big2 memory 10"));
        await run.AssertRunning("big1", "make");
        Eventually.True(() => lender.Most == 2, "all the others are lent");

        await run.Succeed("big1");
        await run.AssertRunning("big2", "make");
    }

    [Fact]
    public void Are_together_no_more_than_there_are_however_they_are_split()
    {
        for (var cores = 1; cores <= 8; cores++)
        {
            for (var runs = 1; runs <= cores; runs++)
            {
                foreach (var counted in Splits(cores - 1, runs))
                {
                    var used = counted.Sum(one => Neighbours.ShareOf(one + 1, runs - 1, cores));
                    Assert.True(used <= cores, $"{string.Join('+', counted)} of {cores}: {used}");
                    Assert.True(runs > 1 || used == counted[0] + 1);
                }
            }
        }

        // One that was first and has all but one, and one a project for the others.
        Assert.Equal(13, Neighbours.ShareOf(16, others: 3, cores: 16));
        Assert.Equal(1, Neighbours.ShareOf(1, others: 3, cores: 16));

        static IEnumerable<int[]> Splits(int most, int parts) =>
            parts == 0 ? [[]] : Enumerable.Range(0, most + 1).SelectMany(first => Splits(most - first, parts - 1).Select(rest => (int[])[first, .. rest]));
    }

    [Fact]
    public void Are_shared_with_the_runs_of_the_same_build()
    {
        var build = Guid.NewGuid().ToString();
        using var one = new Neighbours(build);
        Assert.Equal(0, one.CountOthers());
        using (var two = new Neighbours(build))
        {
            using var elsewhere = new Neighbours(build + "/else");
            Assert.Equal(1, one.CountOthers());
            Assert.Equal(1, two.CountOthers());
            Assert.Equal(0, elsewhere.CountOthers());
        }

        Assert.Equal(0, one.CountOthers());
    }

    private sealed class Lender : ISlotLender
    {
        private volatile int _inUse;
        private volatile int _most = -1;

        public Action Returned { get; set; } = () => { };

        public int InUse
        {
            set => _inUse = value;
        }

        public int Most => _most;

        /// <summary>As many as may be lent are in use at once, and stay so.</summary>
        public bool IsGreedy { get; init; }

        public int Lend(int most)
        {
            _most = most;
            return _inUse = IsGreedy ? Math.Max(_inUse, most) : _inUse;
        }
    }
}
