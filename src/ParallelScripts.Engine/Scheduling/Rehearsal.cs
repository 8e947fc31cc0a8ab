namespace ParallelScripts;

/// <summary>
/// Looks for an order in which a run ends sooner than with the longest path first, by running it in numbers before it begins. Longest path
/// first is never far from the best, but it packs badly: what is long and waits for little comes last, and then slots are idle.
/// </summary>
/// <remarks>
/// A climb, not a solver: one to three scripts are moved to other places, and what ends no later is kept, for so many tries and no more.
/// Neither a clock nor chance decides, so the same run is rehearsed in the same way. Scripts take longer or shorter on another day, and an
/// order has to do as well as the longest path first on a few such days too: else it would be right for what has been, and for nothing else.
/// </remarks>
internal static class Rehearsal
{
    /// <summary>How many scripts are run in numbers, over all tries.</summary>
    private const int MostSteps = 100_000;

    /// <summary>
    /// How many for each second that longest path first takes above the bound. A step takes less than a microsecond, so that looking costs
    /// a small part of what there could be to gain.
    /// </summary>
    private const int StepsForASecond = 100_000;

    /// <summary>With more scripts than this there are too few tries to find anything.</summary>
    private const int MostScripts = 10_000;

    /// <summary>Who is within this share of the bound need not look further.</summary>
    private const double CloseEnough = 0.002;

    private const int MostMoves = 3;
    private const int OtherDays = 4;
    private const double HowFarOff = 0.2;

    /// <summary>The best order that was found, all scripts, the first first; null if that is the longest path first.</summary>
    /// <param name="seconds">What each script is expected to take.</param>
    /// <param name="effort">The share of the usual number of tries.</param>
    public static int[]? Order(ScriptGraph graph, Schedule schedule, double[] seconds, int slots, Resources resources, double effort = 1)
    {
        if (slots == 1 || graph.Count is 0 or > MostScripts)
        {
            return null;
        }

        var paths = LongestPath.FromEach(graph, script => seconds[script]);
        var longest = paths.Max();
        var bound = Bound.Of(resources, slots, longest, seconds).Seconds;
        var enough = bound * (1 + CloseEnough);

        // Graham's bound: whatever the order, all slots are busy but while the longest path makes headway.
        if (resources.Demands.Count == 0 && schedule == Schedule.Eager && (seconds.Sum() / slots) + (longest * (1 - (1.0 / slots))) <= enough)
        {
            return null;
        }

        var simulation = new Simulation(graph, schedule, slots, resources);
        var wall = simulation.Wall(seconds);
        var steps = effort * Math.Min(MostSteps, StepsForASecond * (wall - bound));
        if (wall <= enough || steps < graph.Count)
        {
            return null;
        }

        int[] longestFirst = [.. Enumerable.Range(0, graph.Count).OrderByDescending(script => paths[script])];
        var found = Climb(simulation, seconds, longestFirst, enough, steps);
        return simulation.Wall(seconds, found) < wall ? found : null;
    }

    private static int[] Climb(Simulation simulation, double[] seconds, int[] best, double enough, double steps)
    {
#pragma warning disable CA5394 // The same order each time is what is wanted.
        var random = new Random(1);
        var otherDays = new double[OtherDays][];
        for (var day = 0; day < OtherDays; day++)
        {
            otherDays[day] = [.. seconds.Select(second => second * (1 + (HowFarOff * ((2 * random.NextDouble()) - 1))))];
        }

        var wall = simulation.Wall(seconds, best);
        var otherWalls = otherDays.Sum(day => simulation.Wall(day, best));
        var tried = new int[best.Length];
        while (wall > enough && steps > 0)
        {
            best.CopyTo(tried, 0);
            for (var moves = random.Next(MostMoves) + 1; moves > 0; moves--)
            {
                Move(tried, random.Next(tried.Length), random.Next(tried.Length));
            }

            var triedWall = simulation.Wall(seconds, tried);
            steps -= tried.Length;
            if (triedWall > wall)
            {
                continue;
            }

            var triedOtherWalls = 0.0;
            for (var day = 0; day < OtherDays && triedOtherWalls <= otherWalls; day++)
            {
                triedOtherWalls += simulation.Wall(otherDays[day], tried);
                steps -= tried.Length;
            }

            if (triedOtherWalls <= otherWalls)
            {
                wall = triedWall;
                (best, tried) = (tried, best);
            }
        }
#pragma warning restore CA5394

        return best;
    }

    private static void Move(int[] order, int from, int to)
    {
        var script = order[from];
        if (from < to)
        {
            Array.Copy(order, from + 1, order, from, to - from);
        }
        else
        {
            Array.Copy(order, to, order, to + 1, from - to);
        }

        order[to] = script;
    }
}
