namespace ParallelScripts;

/// <summary>What would make a run shorter, found by running it again in numbers: the same plan, with what the scripts took this time.</summary>
public sealed record Outlook
{
    /// <summary>Of a shorter run nobody asks.</summary>
    private const double ShortestRun = 1;

    /// <summary>With more scripts than this the answer takes longer than a person likes to wait for it.</summary>
    private const int MostScripts = 20_000;

    /// <summary>What saves less than this share of the time does not help.</summary>
    private const double LeastGain = 0.03;

    /// <summary>How many scripts are tried twice as fast: the longest of the longest path, and the longest of all.</summary>
    private const int MostTried = 3;

    /// <summary>Each of eight runs in numbers is rehearsed before: together that takes about as long as it does before a real one.</summary>
    private const double RehearsalEffort = 1 / 8.0;

    /// <summary>How long such a run takes by numbers alone.</summary>
    public required double Seconds { get; init; }

    /// <summary>Twice the slots.</summary>
    public required int MoreSlots { get; init; }

    public required double SecondsWithMoreSlots { get; init; }

    /// <summary>Whether that is worth saying.</summary>
    public bool MoreSlotsHelp => Helps(Seconds, SecondsWithMoreSlots);

    /// <summary>The one script that it helps most to make twice as fast; null if none helps.</summary>
    public string? Script { get; init; }

    public double? SecondsWithScriptTwiceAsFast { get; init; }

    /// <summary>Null if the run was too short, or is too large, to ask.</summary>
    /// <param name="slots">The most slots there were at once.</param>
    /// <param name="seconds">What each script took.</param>
    /// <param name="longestPath">The scripts of the longest path.</param>
    /// <param name="wall">What the run took.</param>
    internal static Outlook? Of(PreparedRun run, Resources resources, int slots, double[] seconds, IReadOnlyList<int> longestPath, double wall)
    {
        if (wall < ShortestRun || seconds.Length > MostScripts)
        {
            return null;
        }

        var moreSlots = slots > int.MaxValue / 2 ? slots : slots * 2;
        var now = Wall(seconds, slots);
        var (best, bestSeconds) = (-1, now);
        var tried = longestPath.OrderByDescending(script => seconds[script]).Take(MostTried)
            .Concat(Enumerable.Range(0, seconds.Length).OrderByDescending(script => seconds[script]).Take(MostTried)).Distinct();
        foreach (var script in tried)
        {
            var faster = (double[])seconds.Clone();
            faster[script] /= 2;
            if (Wall(faster, slots) is var then && then < bestSeconds)
            {
                (best, bestSeconds) = (script, then);
            }
        }

        var helps = best >= 0 && Helps(now, bestSeconds);
        return new Outlook
        {
            Seconds = Math.Round(now, 3),
            MoreSlots = moreSlots,
            SecondsWithMoreSlots = Math.Round(Wall(seconds, moreSlots), 3),
            Script = helps ? run.Graph[best].Name : null,
            SecondsWithScriptTwiceAsFast = helps ? Math.Round(bestSeconds, 3) : null,
        };

        // The next run knows what this one took, and is rehearsed with it.
        double Wall(double[] seconds, int slots) =>
            new Simulation(run.Graph, run.Options.Schedule, slots, resources).Wall(seconds, Rehearsal.Order(run.Graph, run.Options.Schedule, seconds, slots, resources, RehearsalEffort));
    }

    private static bool Helps(double now, double then) => then < now * (1 - LeastGain);
}
