namespace ParallelScripts;

/// <summary>
/// One script as its project declares it: the person's own words, nothing looked up and nothing checked.
/// What is wrong with them is found by <see cref="Preparation"/>, all of it at once.
/// </summary>
public sealed record Script
{
    /// <summary>What others call it in <see cref="DependsOn"/> and what the log shows. Unique in a run, compared ordinally.</summary>
    public required string Name { get; init; }

    /// <summary>The file to run, as written, with <c>/</c>; relative to the project's folder. With a <see cref="Command"/> only a name.</summary>
    public required string Include { get; init; }

    /// <summary>Names, <see cref="Include"/>s or globs of the scripts that come first.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>A whole command line for the system's shell, or empty.</summary>
    public string Command { get; init; } = "";

    /// <summary>A command line in front of the file, instead of the one its extension stands for; or empty.</summary>
    public string Interpreter { get; init; } = "";

    /// <summary>What follows the file on the command line, split by <see cref="CommandLine"/>.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Where it runs, relative to the project's folder; empty for that folder itself.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>Additions to the environment, each <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> EnvironmentVariables { get; init; } = [];

    /// <summary>Names of environment variables whose values are secret; <see cref="SecretLookup"/> finds them.</summary>
    public IReadOnlyList<string> SecretVariables { get; init; } = [];

    /// <summary>Files or globs, relative to the project's folder, whose content decides the result. What another script writes comes first.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Files or globs, relative to the project's folder, that it writes. Without any it always runs.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>How long one attempt may take: a length of time, or a percentage of what it usually takes; empty for any time.</summary>
    public string Timeout { get; init; } = "";

    /// <summary>How often it is tried again when it fails; empty for never.</summary>
    public string Retries { get; init; } = "";

    /// <summary>How long to wait before it is tried again; empty for a second.</summary>
    public string RetryDelay { get; init; } = "";

    /// <summary>A name of <see cref="ParallelScripts.ContinueOnError"/>, <c>true</c> or <c>false</c>; empty for <c>false</c>.</summary>
    public string ContinueOnError { get; init; } = "";

    /// <summary><c>true</c> if nothing that it prints is to become an error or a warning; <c>false</c> or empty if not so.</summary>
    public string IgnoreStandardErrorWarningFormat { get; init; } = "";

    /// <summary>How many slots it fills; empty for one.</summary>
    public string Cores { get; init; } = "";

    /// <summary>How much memory it needs (<see cref="SizeText"/>); empty if that is not known.</summary>
    public string Memory { get; init; } = "";

    /// <summary>Names of the pools it must have a place in.</summary>
    public IReadOnlyList<string> Pool { get; init; } = [];

    /// <summary>A whole number: higher starts first among those that may start; empty for 0.</summary>
    public string Priority { get; init; } = "";

    /// <summary>A name of <see cref="ExecutorKind"/>; empty for what the run says.</summary>
    public string Executor { get; init; } = "";

    /// <summary>Options for sbatch, split by <see cref="CommandLine"/>; of no account where it does not run on Slurm.</summary>
    public string SlurmOptions { get; init; } = "";

    /// <summary>Where the project declares it.</summary>
    public Place Place { get; init; } = Place.Nowhere;
}
