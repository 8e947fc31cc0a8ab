namespace ParallelScripts;

/// <summary>Which <c>make</c> scripts will find.</summary>
internal static class MakeVersion
{
    /// <summary>What <c>make --version</c> prints; null if there is no make.</summary>
    /// <param name="environment">Where scripts look for it.</param>
    /// <param name="directory">The project's folder.</param>
    public static string? Ask(IReadOnlyDictionary<string, string> environment, string directory)
    {
        if (new SearchPath(environment).Find("make", directory) is not { } make)
        {
            return null;
        }

        using var processes = ProcessRunners.ForQuestions(environment);
        var answer = new AllOutput();
        _ = processes.Run(new ProcessStart(make, ["--version"], directory, new Dictionary<string, string>()), answer, CancellationToken.None);
        return answer.ToString();
    }
}
