namespace ParallelScripts;

/// <summary>Where a run happens; all absolute: in a multithreaded build the current directory is not ours.</summary>
public sealed record RunPlace(string Project, string ProjectDirectory, string StateDirectory);
