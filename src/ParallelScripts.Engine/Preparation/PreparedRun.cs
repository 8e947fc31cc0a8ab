namespace ParallelScripts;

/// <summary>A run that can start: nothing about it is unknown any more.</summary>
public sealed record PreparedRun
{
    /// <summary>The scripts that take part, and which waits for which.</summary>
    public required ScriptGraph Graph { get; init; }

    /// <summary>All scripts of the project: what takes part may need what others wrote before.</summary>
    public required ScriptGraph Project { get; init; }

    /// <summary>For each script of <see cref="Graph"/> its number in <see cref="Project"/>.</summary>
    public required IReadOnlyList<int> NumbersInProject { get; init; }

    /// <summary>How to start each script of <see cref="Graph"/>.</summary>
    public required IReadOnlyList<Launch> Launches { get; init; }

    /// <summary>What is done about the failure of each script of <see cref="Graph"/>.</summary>
    public required IReadOnlyList<FailureRules> FailureRules { get; init; }

    /// <summary>What each script of <see cref="Graph"/> declares to need; empty if none declares anything.</summary>
    public IReadOnlyList<Demand> Demands { get; init; } = [];

    /// <summary>The pools of the project.</summary>
    public IReadOnlyList<ScriptPool> Pools { get; init; } = [];

    /// <summary>Where each script of <see cref="Graph"/> runs; empty if all run here.</summary>
    public IReadOnlyList<Placement> Placements { get; init; } = [];

    /// <summary>How the run deals with a cluster.</summary>
    public SlurmSettings Slurm { get; init; } = new();

    /// <summary>The memory there is for scripts.</summary>
    public MachineMemory Memory { get; init; } = MachineMemory.This;

    /// <summary>Scripts of <see cref="Project"/> that run though they may be up to date.</summary>
    public required IReadOnlySet<int> Forced { get; init; }

    /// <summary>Scripts of <see cref="Project"/> whose present outputs count as up to date.</summary>
    public required IReadOnlySet<int> Accepted { get; init; }

    /// <summary>What no text about this run may show.</summary>
    public Secrets Secrets { get; init; } = Secrets.None;

    public required RunOptions Options { get; init; }

    public required RunPlace Place { get; init; }

    /// <summary>What is known of the project's files by now.</summary>
    public required ReadAhead Ahead { get; init; }

    /// <summary>How many slots each script of <see cref="Graph"/> takes; empty if each takes one.</summary>
    public IReadOnlyList<int> Cores { get; init; } = [];

    /// <summary>Whether a script runs on a Slurm cluster.</summary>
    public bool IsOnSlurm(int script) => Placements.Count > 0 && Placements[script].Executor == ExecutorKind.Slurm;

    /// <summary>How many slots a script takes, and so how many threads it is to use.</summary>
    public int CoresOf(int script) => Cores.Count == 0 ? 1 : Cores[script];
}
