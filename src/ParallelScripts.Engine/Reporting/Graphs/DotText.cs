using System.Globalization;
using System.Text;

namespace ParallelScripts;

/// <summary><c>graph.dot</c>: the whole graph in the language of Graphviz. See https://graphviz.org/doc/info/lang.html.</summary>
internal static class DotText
{
    /// <summary>Beyond this many dependencies, lists that scripts share are nodes of their own.</summary>
    public const int MostEdges = 20_000;

    public static void Write(KnownGraph known, TextWriter dot)
    {
        var withJoins = known.EdgeCount > MostEdges;
        var drawing = Drawing.Of(known, withJoins);
        Line(dot, $"// {VisibleText.Of(known.Project)}: {GraphWords.Counts(known)}. {GraphWords.Colours(known)}");
        if (withJoins)
        {
            Line(dot, $"// A dot stands for a list of dependencies that several scripts have in common.");
        }

        Line(dot, $"// dot -Tsvg graph.dot -o graph.svg draws it; a thousand scripts take a second, ten thousand minutes: there 'sfdp' is faster.");
        Line(dot, $"digraph scripts {{");
        Line(dot, $"  graph [rankdir=LR, label={Quoted($"{known.Project}: {GraphWords.Counts(known)}")}, labelloc=t, fontname=\"sans-serif\"];");
        Line(dot, $"  node [shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\", fontname=\"sans-serif\"];");
        for (var number = 0; number < drawing.Nodes.Count; number++)
        {
            Line(dot, $"  n{number} [{Attributes(drawing.Nodes[number])}];");
        }

        foreach (var edge in drawing.Edges)
        {
            Line(dot, $"  n{edge.From} -> n{edge.To}{(edge.IsOnPath ? $" [color=\"{OutcomeColours.Path}\", penwidth=3]" : "")};");
        }

        Line(dot, $"}}");
    }

    private static string Attributes(DrawnNode node)
    {
        if (node.IsJoin)
        {
            return "shape=point, label=\"\"";
        }

        var attributes = $"label={Quoted(node.Name, node.Detail)}";
        if (OutcomeColours.Of(node.Outcome) is { } colours)
        {
            attributes += $", fillcolor=\"{colours.Fill}\", color=\"{colours.Border}\", tooltip=\"{node.Outcome}\"";
        }

        return node.IsOnPath ? $"{attributes}, penwidth=3" : attributes;
    }

    /// <summary>A string in quotes, of one line or two.</summary>
    /// <remarks>In a label, Graphviz reads <c>\N</c> and its kind as something else, and <c>&amp;lt;</c> as HTML does.</remarks>
    public static string Quoted(string line, string? second = null)
    {
        var quoted = new StringBuilder("\"").Append(Escaped(line));
        if (second is not null)
        {
            quoted.Append("\\n").Append(Escaped(second));
        }

        return quoted.Append('"').ToString();
    }

    private static string Escaped(string text) => VisibleText.Of(text)
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("&", "&amp;", StringComparison.Ordinal);

    private static void Line(TextWriter dot, FormattableString line) => dot.Write(line.ToString(CultureInfo.InvariantCulture) + "\n");
}
