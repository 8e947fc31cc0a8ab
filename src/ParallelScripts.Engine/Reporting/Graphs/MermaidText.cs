using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>A drawing in the language of Mermaid, as GitHub and others show it in a Markdown file. See https://mermaid.js.org/syntax/flowchart.html.</summary>
internal static partial class MermaidText
{
    /// <summary>Mermaid refuses more than 500 edges, and whoever looks at a diagram on a web site cannot raise that. A tenth is left for versions that count otherwise.</summary>
    public const int MostEdges = 450;

    /// <summary>The same with its limit of 50,000 characters.</summary>
    public const int MostCharacters = 45_000;

    /// <summary>No file has a longer name; what has is a command line.</summary>
    private const int LongestName = 1000;

    /// <param name="comment">The first line.</param>
    public static string Of(Drawing drawing, string comment)
    {
        var text = new StringBuilder();
        Line(text, $"%% {comment}");
        Line(text, $"flowchart LR");
        for (var number = 0; number < drawing.Nodes.Count; number++)
        {
            Line(text, $"  {Node(drawing.Nodes[number], number)}");
        }

        foreach (var edge in drawing.Edges)
        {
            Line(text, $"  n{edge.From} --> n{edge.To}");
        }

        foreach (var (outcome, fill, border) in OutcomeColours.All)
        {
            if (drawing.Nodes.Any(node => node.Outcome == outcome))
            {
                Line(text, $"  classDef is{outcome} fill:{fill},stroke:{border},color:#000000");
            }
        }

        int[] onPath = [.. Enumerable.Range(0, drawing.Nodes.Count).Where(number => drawing.Nodes[number].IsOnPath)];
        if (onPath.Length > 0)
        {
            Line(text, $"  classDef onPath stroke-width:4px");
            Line(text, $"  class {string.Join(',', onPath.Select(number => string.Create(CultureInfo.InvariantCulture, $"n{number}")))} onPath");
        }

        int[] along = [.. Enumerable.Range(0, drawing.Edges.Count).Where(number => drawing.Edges[number].IsOnPath)];
        if (along.Length > 0)
        {
            Line(text, $"  linkStyle {string.Join(',', along)} stroke:{OutcomeColours.Path},stroke-width:4px");
        }

        return text.ToString();
    }

    public static bool Fits(Drawing drawing, string text) => drawing.Edges.Count <= MostEdges && text.Length <= MostCharacters;

    /// <summary>Numbers are names here: a script may be called <c>end</c>, or anything else that Mermaid takes for its own.</summary>
    private static FormattableString Node(DrawnNode node, int number)
    {
        if (node.IsJoin)
        {
            return $"n{number}(( ))";
        }

        var name = Escaped(node.Name.Length <= LongestName ? node.Name : node.Name[..LongestName] + "…");
        var label = node.Detail is null ? name : $"{name}<br>{Escaped(node.Detail)}";
        var style = OutcomeColours.Of(node.Outcome) is { } colours ? $":::is{colours.Outcome}" : "";
        return $"n{number}[\"{label}\"]{style}";
    }

    /// <summary>
    /// A label in which nothing is Mermaid, Markdown or HTML: letters, digits and a few harmless signs stay, all else of ASCII is an entity, which Mermaid
    /// writes as <c>#35;</c>.
    /// </summary>
    internal static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in KeptApart(VisibleText.Of(text)))
        {
            if (c > 126 || char.IsAsciiLetterOrDigit(c) || " /.,-_()".Contains(c, StringComparison.Ordinal))
            {
                escaped.Append(c);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"#{(int)c};");
            }
        }

        return escaped.ToString();
    }

    /// <summary>
    /// What Mermaid looks for after it has undone the entities: formulas in <c>$$</c>, line breaks as <c>\n</c> and <c>&lt;br&gt;</c>, and icons as
    /// <c>fa:fa-car</c>. A character that takes no room (U+2060) stands in between.
    /// </summary>
    private static string KeptApart(string text) => Sought().Replace(text, sought => sought.Value + '\u2060');

    [GeneratedRegex(@"\$(?=\$)|\\(?=n)|<(?=br)|:(?=\w)", RegexOptions.IgnoreCase)]
    private static partial Regex Sought();

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
