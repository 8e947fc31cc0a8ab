namespace ParallelScripts.Tests;

/// <summary>Runs that never were, for reports to tell of: always the same ones.</summary>
internal static class SampleRuns
{
    private static readonly DateTimeOffset _start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What somebody might call a script to get out of a page.</summary>
    public static readonly IReadOnlyList<string> NastyNames =
    [
        "</script><script>document.title='owned'</script>.py", "<!-- comment --><img src=x onerror=\"document.title='owned'\">", "it's \"quoted\" & <b>bold</b>",
        "abc\u202Egpj.sh", "emoji 🚀 ünïcode.py", "tab\tnewline\nnul\0bell\a.sh", new string('x', 200) + ".R", "toString", "__proto__", "#hash %41?query", "/*data*/", "]]>",
    ];

    /// <summary>Three scripts: one succeeded, one that waits for it failed, and one was skipped.</summary>
    public static ReportedRun Small() => new(
        new RunRecord
        {
            RunId = "0190000000007000800000000000abcd",
            Outcome = Outcome.Failed,
            StartTime = _start,
            WallSeconds = 5.25,
            WorkSeconds = 3.75,
            Slots = 2,
            Schedule = Schedule.Eager,
            LongestPath = new PathRecord(3.75, ["load.py", "fit.py"]),
            BoundSeconds = 3.75,
            Scripts =
            [
                Script("load.py", Outcome.Succeeded, 0.25, 1.5) with { Reason = "survey.csv changed", CpuSeconds = 1.25, PeakMemoryBytes = 45_000_000, PeakMemoryIs = "exact", Command = ["/usr/bin/python3", "load.py", "--year", "two words"], LogFile = "logs/load.py.log" },
                Script("fit.py", Outcome.Failed, 2.75, 2.25) with
                {
                    Tier = 1, DependsOn = ["load.py"], Reason = "it has not run before", ExitCode = 1, Attempts = 2, Problem = "Script 'fit.py' exited with code 1: KeyError: 'price'.", LogFile = "logs/fit.py.log",
                    FailedAttempts = [new AttemptRecord { Outcome = Outcome.TimedOut, StartTime = _start.AddSeconds(1.75), Seconds = 0.5, Slot = 1, Problem = "It took longer than 500 ms." }],
                    Command = ["/usr/bin/python3", "fit.py"],
                },
                Script("draw.py", Outcome.Skipped, null, null) with { Tier = 2, DependsOn = ["fit.py"], Reason = "it depends on 'fit.py', which did not succeed" },
            ],
        },
        "work.csproj",
        [
            new ReportedDetails { Environment = ["YEAR"], Inputs = [new ReportedFile("survey.csv", 1234), new ReportedFile("lib/*.py", null)], Outputs = [new ReportedFile("rows.csv", 99)], Log = new LogEnd("4,711 rows", false), Earlier = [new EarlierRun("0180000000007000800000000000abcd", "Succeeded", 1.25)] },
            new ReportedDetails { Log = new LogEnd("Traceback (most recent call last):\n  </script><b>&amp;\nKeyError: 'price'", true) },
            null,
        ]);

    /// <summary>So many scripts, in a graph that looks like a real one, of which some failed; the same for the same number.</summary>
    public static ReportedRun Of(int count, int slots = 8)
    {
#pragma warning disable CA5394 // Nothing depends on these being hard to guess.
        var random = new Random(count);
        var stages = new[] { "fetch", "clean", "features", "fit", "charts", "check" };
        var scripts = new List<ScriptRecord>(count);
        var (free, ends) = (new double[slots], new double[count]);
        for (var number = 0; number < count; number++)
        {
            var stage = Math.Min(stages.Length - 1, number * stages.Length / Math.Max(1, count));
            var deps = stage == 0 ? [] : Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Math.Max(0, number - 1 - random.Next(Math.Max(2, Math.Min(number, count / 8))))).Distinct().Order().ToArray();
            var name = number < NastyNames.Count && count >= 1000 ? NastyNames[number] : $"{stages[stage]}/{stages[stage]}-{number:0000}{(number % 17 == 0 ? "-with-a-rather-long-name" : "")}.{(number % 5 == 0 ? "R" : "py")}";
            var after = deps.Any(dep => scripts[dep].Outcome is Outcome.Failed or Outcome.Skipped);
            var outcome = after ? Outcome.Skipped : random.Next(100) switch { 0 when number > count / 2 => Outcome.Failed, < 12 and > 4 => Outcome.UpToDate, _ => Outcome.Succeeded };
            outcome = number == count - 2 && !after ? Outcome.Failed : outcome;
            var ready = deps.Length == 0 ? 0.02 : deps.Max(dep => ends[dep]);
            ends[number] = ready;
            var script = Script(name, outcome, null, null) with { Tier = deps.Length == 0 ? 0 : deps.Max(dep => scripts[dep].Tier) + 1, DependsOn = [.. deps.Select(dep => scripts[dep].Name)], Line = number + 4, Command = ["/usr/bin/" + (number % 5 == 0 ? "Rscript" : "python3"), name], Reason = outcome switch { Outcome.UpToDate => Reasons.UpToDate, Outcome.Skipped => "it depends on a script that did not succeed", _ => number % 3 == 0 ? "survey.csv changed" : Reasons.NoOutputs } };
            if (outcome is Outcome.Succeeded or Outcome.Failed)
            {
                var slot = Array.IndexOf(free, free.Min());
                var start = Math.Max(free[slot], ready);
                var seconds = Math.Round(Math.Exp(random.NextDouble() * 4) / 10, 3);
                free[slot] = ends[number] = start + seconds;
                script = script with { StartTime = _start.AddSeconds(start), Seconds = seconds, Slot = slot, ExitCode = outcome == Outcome.Failed ? 1 : 0, Attempts = 1, CpuSeconds = Math.Round(seconds * 0.9, 3), PeakMemoryBytes = 20_000_000 + random.Next(900_000_000), PeakMemoryIs = "exact", LogFile = $"logs/{number}.log", Problem = outcome == Outcome.Failed ? $"Script '{name}' exited with code 1: KeyError: 'price' (in load, called from fit.py(87))." : null };
            }

            scripts.Add(script);
        }

        var path = new List<string>();
        var numbers = scripts.Index().ToDictionary(one => one.Item.Name, one => one.Index);
        for (var at = Array.IndexOf(ends, ends.Max()); at >= 0; at = scripts[at].DependsOn.Count == 0 ? -1 : numbers[scripts[at].DependsOn.MaxBy(name => ends[numbers[name]])!])
        {
            if (scripts[at].Seconds is not null)
            {
                path.Insert(0, scripts[at].Name);
            }
        }

        var work = scripts.Sum(script => script.Seconds ?? 0);
        var longest = path.Sum(name => scripts.Find(script => script.Name == name)!.Seconds!.Value);
        var run = new RunRecord { RunId = "0190000000007000800000000000abcd", Outcome = scripts.Exists(script => script.Outcome == Outcome.Failed) ? Outcome.Failed : Outcome.Succeeded, StartTime = _start, WallSeconds = Math.Round(ends.Max() + 0.1, 3), WorkSeconds = Math.Round(work, 3), Slots = slots, Schedule = Schedule.Eager, LongestPath = new PathRecord(Math.Round(longest, 3), path), BoundSeconds = Math.Round(Math.Max(longest, work / slots), 3), BoundBy = longest > work / slots ? BoundBy.LongestPath : BoundBy.Slots, Scripts = scripts };
        return new ReportedRun(run, "survey.csproj", [.. scripts.Select((script, number) => script.StartTime is null ? null : new ReportedDetails
        {
            Environment = ["SEED"],
            Inputs = [new ReportedFile("survey.csv", 12_345)],
            Log = new LogEnd(script.Outcome == Outcome.Failed ? string.Join('\n', Enumerable.Range(1, 30).Select(line => $"[{line:00}] step of {script.Name}")) + "\nTraceback (most recent call last):\nKeyError: 'price' </script><!--" : $"{number} rows", script.Outcome == Outcome.Failed),
            Earlier = [.. Enumerable.Range(0, 12).Select(back => new EarlierRun($"01800000{99 - back:00}", back == 3 ? "Failed" : "Succeeded", Math.Round(script.Seconds!.Value * (0.6 + random.NextDouble()), 3)))],
        })]);
#pragma warning restore CA5394
    }

    /// <summary>So many scripts, and as many after them that each wait for all of the first.</summary>
    public static ReportedRun AllToAll(int count)
    {
        string[] first = [.. Enumerable.Range(0, count).Select(number => $"a{number}.sh")];
        ScriptRecord[] scripts =
        [
            .. first.Select(name => Script(name, Outcome.Succeeded, 0.1, 1)),
            .. Enumerable.Range(0, count).Select(number => Script($"b{number}.sh", Outcome.Succeeded, 1.2, 1) with { Tier = 1, DependsOn = [.. first] }),
        ];
        var small = Small();
        return small with
        {
            Run = small.Run with { Outcome = Outcome.Succeeded, Scripts = scripts, LongestPath = new PathRecord(2, ["a0.sh", "b0.sh"]), BoundSeconds = 2 },
            Details = new ReportedDetails?[scripts.Length],
        };
    }

    private static ScriptRecord Script(string name, Outcome outcome, double? at, double? seconds) => new()
    {
        Name = name,
        Tier = 0,
        DependsOn = [],
        Outcome = outcome,
        Reason = "",
        StartTime = at is { } after ? _start.AddSeconds(after) : null,
        Seconds = seconds,
        Slot = at is null ? null : 0,
        ExitCode = at is null ? null : 0,
        Attempts = at is null ? 0 : 1,
        Command = [],
        Project = "work.csproj",
        Line = 7,
    };
}
