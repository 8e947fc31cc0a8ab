namespace ParallelScripts;

/// <summary>
/// A run as its report tells of it: the record, and beside it what is only known while the run's files are as it left them. All of it has been
/// masked.
/// </summary>
/// <param name="Run">What happened.</param>
/// <param name="Project">The project's file name.</param>
/// <param name="Details">More about each script, in the order of the record; null for one that was not started.</param>
internal sealed record ReportedRun(RunRecord Run, string Project, IReadOnlyList<ReportedDetails?> Details)
{
    /// <summary>Of a run that goes on: <c>Running</c> or <c>Waiting</c> for each script that has not ended. Null when the run is over.</summary>
    public IReadOnlyList<string?>? States { get; init; }

    /// <summary>Of a run that goes on: what each script usually takes; empty if nothing is known.</summary>
    public IReadOnlyList<Usual?> Usual { get; init; } = [];

    /// <summary>Whether there is anything to report: in a run in which all was up to date, the report of the last one that did something stays.</summary>
    public static bool IsWorthIt(RunRecord run)
    {
        if (run.Outcome != Outcome.Succeeded)
        {
            return true;
        }

        foreach (var script in run.Scripts)
        {
            if (script.Outcome != Outcome.UpToDate)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>More about a script that was started.</summary>
internal sealed record ReportedDetails
{
    /// <summary>The names of the variables that it was given; never their values.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>What it declares to read.</summary>
    public IReadOnlyList<ReportedFile> Inputs { get; init; } = [];

    /// <summary>What it declares to write.</summary>
    public IReadOnlyList<ReportedFile> Outputs { get; init; } = [];

    /// <summary>The last lines of its log; null if there is none.</summary>
    public LogEnd? Log { get; init; }

    /// <summary>The same script in earlier runs, the last one first.</summary>
    public IReadOnlyList<EarlierRun> Earlier { get; init; } = [];
}

/// <summary>A file or glob, as declared.</summary>
/// <param name="Bytes">How large the file was when the run ended; null for a glob, and for what was not there.</param>
internal sealed record ReportedFile(string Name, long? Bytes);

/// <summary>A script in an earlier run.</summary>
internal sealed record EarlierRun(string Run, string Outcome, double Seconds);
