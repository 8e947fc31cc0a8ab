namespace ParallelScripts;

/// <summary>How a run behaves.</summary>
public sealed record RunOptions
{
    /// <summary>How many slots there are at most; at least 1.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether a person gave that number. Then there are so many, whatever is granted.</summary>
    public bool AreSlotsExact { get; init; }

    /// <summary>Who says how many cores this run may use, because others use them too; null if nobody does.</summary>
    public ICoreGrant? Grant { get; init; }

    /// <summary>How often that is asked at most, and while it grants less than would be of use, at least.</summary>
    public TimeSpan GrantInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether scripts are told by environment variables how many threads to use (<see cref="ThreadVariables"/>).</summary>
    public bool SetsThreadVariables { get; init; } = true;

    /// <summary>How a <c>make</c> inside a script gets slots of this run.</summary>
    public JobServerStyle JobServer { get; init; } = JobServerStyle.None;

    /// <summary>When a script may start.</summary>
    public Schedule Schedule { get; init; } = Schedule.Eager;

    /// <summary>What a failure means for the rest.</summary>
    public OnFailure OnFailure { get; init; } = OnFailure.StopStarting;

    /// <summary>Whether a warning of this code counts as an error.</summary>
    public Func<string, bool> CountsAsError { get; init; } = _ => false;

    /// <summary>Whether to wait when another run uses the same state directory; else that is an error.</summary>
    public bool Wait { get; init; } = true;

    /// <summary>Which scripts' lines are shown.</summary>
    public ShownOutput Output { get; init; } = ShownOutput.All;

    /// <summary>Whether the lines of a script are shown together when it has ended, and not as it prints them.</summary>
    public bool GroupOutput { get; init; }

    /// <summary>Whether a terminal may show how far the run is in a line that changes.</summary>
    public bool ShowsLiveProgress { get; init; } = true;

    /// <summary>Whether lines wait for the end of their script.</summary>
    internal bool HoldsOutput => Output == ShownOutput.OnFailure || (Output == ShownOutput.All && GroupOutput);

    /// <summary>How much memory has to be free for another script to start; null if that does not matter.</summary>
    public MinFreeMemory? MinFreeMemory { get; init; }

    /// <summary>How long a script that is asked to end may take before it is killed; zero kills it at once.</summary>
    public TimeSpan KillGrace { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>When a script may start.</summary>
public enum Schedule
{
    /// <summary>As soon as everything it depends on is done.</summary>
    Eager,

    /// <summary>When the whole tier before its own is done.</summary>
    Tiers,
}

/// <summary>What to do about the rest when a script fails.</summary>
public enum OnFailure
{
    /// <summary>Let running scripts finish; start nothing new.</summary>
    StopStarting,

    /// <summary>Run everything that does not depend on the failure.</summary>
    KeepGoing,

    /// <summary>End running scripts; start nothing new.</summary>
    StopNow,
}

/// <summary>Which scripts' lines are shown in the build log. Log files hold them in any case.</summary>
public enum ShownOutput
{
    /// <summary>Those of every script.</summary>
    All,

    /// <summary>Those of a script that fails, when it has.</summary>
    OnFailure,

    /// <summary>None.</summary>
    None,
}
