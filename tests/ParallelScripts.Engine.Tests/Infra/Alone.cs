namespace ParallelScripts.Tests;

/// <summary>Tests that look at what this whole process holds, its memory, files and threads: none other may run beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
