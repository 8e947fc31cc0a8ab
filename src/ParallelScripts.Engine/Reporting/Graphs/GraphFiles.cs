using System.Text;

namespace ParallelScripts;

/// <summary>The graph of a project's scripts as files in its state directory: for Graphviz, for Markdown with Mermaid, and for programs.</summary>
public static class GraphFiles
{
    public const string DotName = "graph.dot";

    public const string MarkdownName = "graph.md";

    public const string JsonName = "graph.json";

    /// <summary>Writes them, or gives what is wrong.</summary>
    /// <param name="said">Hears what is in them and where they are.</param>
    public static Problem? Write(PreparedRun run, Action<string> said)
    {
        var folder = run.Place.StateDirectory;
        try
        {
            var known = KnownGraph.Of(run);
            WholeFile.Write(Path.Combine(folder, DotName), stream => WriteText(stream, writer => DotText.Write(known, writer)));
            WholeFile.Write(Path.Combine(folder, JsonName), stream => GraphJson.Write(known, stream));
            var (diagram, shows) = MermaidChoice.Of(known);
            WholeFile.Write(Path.Combine(folder, MarkdownName), stream => WriteText(stream, writer => WriteMarkdown(known, diagram, shows, writer)));
            said($"{GraphWords.Counts(known)}. {GraphWords.Colours(known)}");
            said($"{MarkdownName} shows {shows}.");
            said($"For Graphviz: {Path.Combine(folder, DotName)}");
            said($"For programs: {Path.Combine(folder, JsonName)}");
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return Problems.GraphNotWritten(run.Place, refused.Message);
        }
    }

    public static string MarkdownOf(string stateDirectory) => Path.Combine(stateDirectory, MarkdownName);

    private static void WriteMarkdown(KnownGraph known, string diagram, string shows, TextWriter markdown)
    {
        markdown.Write($"# {MarkdownText.Code(known.Project)}\n\n");
        markdown.Write($"{GraphWords.Counts(known)}. {GraphWords.Colours(known)}\n\n");
        markdown.Write($"The diagram shows {shows}.{(shows == "all scripts" ? "" : $" [{DotName}]({DotName}) has all; Mermaid draws no more than 500 arrows and 50,000 characters.")}\n\n");
        markdown.Write($"```mermaid\n{diagram}```\n");
    }

    private static void WriteText(Stream stream, Action<TextWriter> write)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true);
        write(writer);
    }
}
