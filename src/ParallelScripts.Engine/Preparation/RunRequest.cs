namespace ParallelScripts;

/// <summary>A property or parameter as it was given: text, and where to look for it.</summary>
public readonly record struct Setting(string Name, string Value, Place Place);

/// <summary>A <c>ScriptInterpreter</c>: what runs the files of an extension, in the person's own words.</summary>
/// <param name="Extension">With or without its dot.</param>
/// <param name="Command">A command line that the file is appended to.</param>
/// <param name="Place">Where the project declares it.</param>
public sealed record InterpreterDeclaration(string Extension, string Command, Place Place);

/// <summary>Everything a project says about a run, before anything of it is checked.</summary>
public sealed record RunRequest
{
    public required IReadOnlyList<Script> Scripts { get; init; }

    public IReadOnlyList<InterpreterDeclaration> Interpreters { get; init; } = [];

    /// <summary>A number; 0 or empty means one slot a core.</summary>
    public Setting MaxDegreeOfParallelism { get; init; }

    /// <summary>A name of <see cref="ParallelScripts.Schedule"/>; empty means <see cref="Schedule.Eager"/>.</summary>
    public Setting Schedule { get; init; }

    /// <summary>A name of <see cref="ParallelScripts.OnFailure"/>; empty means <see cref="OnFailure.StopStarting"/>.</summary>
    public Setting OnFailure { get; init; }

    /// <summary>What relative paths are relative to. Absolute: in a multithreaded build the current directory is not ours.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>The environment that scripts inherit, without what the build put there for itself.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
}
