namespace ParallelScripts;

/// <summary>Where the output of a script is, for the messages that send a person there.</summary>
/// <param name="File">The log file; null if there is none.</param>
/// <param name="Trouble">Why the file does not hold all that was printed; null if it does.</param>
internal readonly record struct LogReference(string? File, string? Trouble)
{
    public override string ToString() => this switch
    {
        { Trouble: null, File: null } => "It printed nothing.",
        { File: null } => "What it printed could not be logged.",
        { Trouble: null } => $"Its output is in {File}.",
        _ => $"The beginning of its output is in {File}.",
    };
}
