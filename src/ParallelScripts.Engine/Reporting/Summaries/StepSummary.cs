using System.Text;

namespace ParallelScripts;

/// <summary>
/// The summary of a job that GitHub Actions shows: whoever runs in a step appends to the file that the step's environment names.
/// </summary>
/// <remarks>https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary</remarks>
internal static class StepSummary
{
    public const string Variable = "GITHUB_STEP_SUMMARY";

    /// <summary>More than this for a step is refused, all of it.</summary>
    private const long MostBytes = 1024 * 1024;

    /// <summary>How often to try where another run of the same build appends just now, and how long to wait in between.</summary>
    private const int MostTries = 100;
    private static readonly TimeSpan _wait = TimeSpan.FromMilliseconds(20);

    /// <summary>The file, or null where there is none to write to.</summary>
    public static string? FileIn(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue(Variable, out var file) && !string.IsNullOrWhiteSpace(file) ? file : null;

    /// <summary>Appends the first of these texts for which there is room; nothing if there is none.</summary>
    public static void Append(string file, params IEnumerable<string> texts)
    {
        using var summary = Open(file);
        foreach (var text in texts)
        {
            // Whatever is there may end within a line, and within a list.
            var bytes = Encoding.UTF8.GetBytes(summary.Length == 0 ? text : "\n\n" + text);
            if (summary.Length + bytes.Length <= MostBytes)
            {
                summary.Seek(0, SeekOrigin.End);
                summary.Write(bytes);
                return;
            }
        }
    }

    private static FileStream Open(string file)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (tries < MostTries && File.Exists(file))
            {
                Thread.Sleep(_wait);
            }
        }
    }
}
