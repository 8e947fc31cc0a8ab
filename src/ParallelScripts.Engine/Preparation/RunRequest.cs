namespace ParallelScripts;

/// <summary>Everything a project says about a run, before anything of it is checked.</summary>
public sealed record RunRequest
{
    public required IReadOnlyList<Script> Scripts { get; init; }

    public IReadOnlyList<InterpreterDeclaration> Interpreters { get; init; } = [];

    public IReadOnlyList<PoolDeclaration> Pools { get; init; } = [];

    /// <summary>The memory there is for scripts.</summary>
    public MachineMemory Memory { get; init; } = MachineMemory.This;

    /// <summary>An amount (<see cref="SizeText"/>) or a percentage of memory that has to be free for another script to start; empty or 0 means none.</summary>
    public Setting MinFreeMemory { get; init; }

    /// <summary>A number; 0 or empty means as many as are granted, at most one slot a core.</summary>
    public Setting MaxDegreeOfParallelism { get; init; }

    /// <summary>Who says how many cores this run may use; null if nobody does.</summary>
    public ICoreGrant? Grant { get; init; }

    /// <summary><c>true</c> (also when empty) to tell scripts how many threads to use, <c>false</c> not to.</summary>
    public Setting SetThreadVariables { get; init; }

    /// <summary><c>false</c> (also when empty), <c>true</c>, or <c>Fifo</c> or <c>Pipe</c>; see <see cref="JobServerStyle"/>.</summary>
    public Setting JobServer { get; init; }

    /// <summary>A name of <see cref="ParallelScripts.Schedule"/>; empty means <see cref="Schedule.Eager"/>.</summary>
    public Setting Schedule { get; init; }

    /// <summary>A name of <see cref="ParallelScripts.OnFailure"/>; empty means <see cref="OnFailure.StopStarting"/>.</summary>
    public Setting OnFailure { get; init; }

    /// <summary>Names or globs of the scripts to run, with what they need; empty means all.</summary>
    public Setting Only { get; init; }

    /// <summary>Names or globs of scripts to run, with all that depends on them; empty means all.</summary>
    public Setting From { get; init; }

    /// <summary><c>true</c>, or names or globs of scripts that run though they are up to date; empty or <c>false</c> means none.</summary>
    public Setting Force { get; init; }

    /// <summary>Names or globs of scripts whose present outputs count as up to date; empty means none.</summary>
    public Setting Accept { get; init; }

    /// <summary><c>true</c> (also when empty) to wait for another run of the same state directory, <c>false</c> to fail.</summary>
    public Setting Wait { get; init; }

    /// <summary>A name of <see cref="ShownOutput"/>; empty means <see cref="ShownOutput.All"/>.</summary>
    public Setting Output { get; init; }

    /// <summary><c>true</c> to show a script's lines together when it has ended, <c>false</c> (also when empty) as it prints them.</summary>
    public Setting GroupOutput { get; init; }

    /// <summary><c>true</c> (also when empty) to let a terminal show how far the run is in a line that changes, <c>false</c> not to.</summary>
    public Setting LiveProgress { get; init; }

    /// <summary>Whether the build takes a warning of this code for an error.</summary>
    public Func<string, bool> CountsAsError { get; init; } = _ => false;

    /// <summary>A length of time (<see cref="TimeText"/>); empty means that of <see cref="RunOptions.KillGrace"/>, 0 none.</summary>
    public Setting KillGrace { get; init; }

    /// <summary>A name of <see cref="ExecutorKind"/>, for scripts that name none; empty means <see cref="ExecutorKind.Local"/>.</summary>
    public Setting Executor { get; init; }

    /// <summary>A number; empty means that of <see cref="SlurmSettings.MaxJobs"/>.</summary>
    public Setting SlurmMaxJobs { get; init; }

    /// <summary>A name of <see cref="ParallelScripts.SlurmSubmit"/>; empty means <see cref="SlurmSubmit.Ready"/>.</summary>
    public Setting SlurmSubmit { get; init; }

    /// <summary>A length of time (<see cref="TimeText"/>); empty means that of <see cref="SlurmSettings.Patience"/>.</summary>
    public Setting SlurmPatience { get; init; }

    /// <summary>A name of <see cref="ParallelScripts.OnCancel"/>; empty means <see cref="OnCancel.Cancel"/>.</summary>
    public Setting OnCancel { get; init; }

    /// <summary>The project, and where its state is.</summary>
    public required RunPlace Place { get; init; }

    /// <summary>The id of the project's user secrets, or empty.</summary>
    public string UserSecretsId { get; init; } = "";

    /// <summary>Properties that whoever started the build gave to it; they stand in its logs.</summary>
    public IReadOnlyDictionary<string, string> GivenProperties { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the project itself reads an environment variable, whose value then stands in the build's logs; null if nowhere.</summary>
    public Func<string, Place?> PlaceReading { get; init; } = _ => null;

    /// <summary>The environment that scripts inherit, without what the build put there for itself.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
}

/// <summary>A property or parameter as it was given: text, and where to look for it.</summary>
public readonly record struct Setting(string Name, string Value, Place Place);

/// <summary>A <c>ScriptInterpreter</c>: what runs the files of an extension, in the person's own words.</summary>
/// <param name="Extension">With or without its dot.</param>
/// <param name="Command">A command line that the file is appended to.</param>
/// <param name="Place">Where the project declares it.</param>
public sealed record InterpreterDeclaration(string Extension, string Command, Place Place);

/// <summary>A <c>ScriptPool</c>: a limit across scripts, in the person's own words.</summary>
/// <param name="Depth">A number; empty for 1.</param>
public sealed record PoolDeclaration(string Name, string Depth, Place Place);
