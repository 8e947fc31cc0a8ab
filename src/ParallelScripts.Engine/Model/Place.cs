namespace ParallelScripts;

/// <summary>Where something is written: a file, and a line and column that count from 1, or 0 where they are not known.</summary>
public sealed record Place(string File, int Line = 0, int Column = 0)
{
    /// <summary>No file at all.</summary>
    public static readonly Place Nowhere = new("");

    /// <summary><c>work.csproj(12)</c>, with the file's name only: for a sentence that mentions several places.</summary>
    public override string ToString() => Line > 0 ? $"{Path.GetFileName(File)}({Line})" : Path.GetFileName(File);
}
