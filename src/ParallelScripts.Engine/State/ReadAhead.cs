namespace ParallelScripts;

/// <summary>
/// What a run needs whatever it is asked to do, got ready on another core while the request is still being read: SQLite, and what is
/// known of the project's files.
/// </summary>
public sealed class ReadAhead
{
    private readonly Lazy<FileHashes> _hashes;

    private ReadAhead(RunPlace place)
    {
        Files = new ProjectFiles(place.ProjectDirectory, place.StateDirectory);
        var memory = Task.Run(() => FileMemory.Read(place.StateDirectory));
        _hashes = new Lazy<FileHashes>(() => new FileHashes(Files, place.StateDirectory, memory.GetAwaiter().GetResult()));
        _ = Task.Run(HistoryDatabase.WarmUp);
    }

    /// <summary>Begins to read. The state directory may be another run's at this time: what it writes meanwhile is only not known yet.</summary>
    public static ReadAhead From(RunPlace place) => new(place);

    internal ProjectFiles Files { get; }

    internal FileHashes Hashes => _hashes.Value;
}
