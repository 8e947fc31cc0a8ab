namespace ParallelScripts;

/// <summary>How to start a script on this machine: absolute, looked up, and nothing left to a shell to understand.</summary>
public sealed record Launch
{
    /// <summary>The program, by its absolute path.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments, each passed as it is.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Which of <see cref="Arguments"/> are the interpreter's own, shown as one text; empty if there are none.</summary>
    public string InterpreterOptions { get; init; } = "";

    /// <summary>Where it runs, absolute.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>What is set in its environment beside what it inherits.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Which of <see cref="Environment"/> are secret, with their values.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The single-file C# program that this runs, absolute, or null. It is built first, and then the built program
    /// runs with <see cref="Arguments"/>; <see cref="Program"/> is the <c>dotnet</c> that builds it.
    /// </summary>
    public string? CSharpFile { get; init; }

    /// <summary>The program and its arguments, for people and for <c>run.json</c>.</summary>
    public IReadOnlyList<string> CommandForPeople =>
        CSharpFile is null ? [Program, .. Arguments] : [Program, "run", "--file", CSharpFile, .. Arguments.Count > 0 ? new[] { "--" } : [], .. Arguments];
}
