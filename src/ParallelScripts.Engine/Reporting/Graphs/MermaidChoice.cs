using System.Globalization;

namespace ParallelScripts;

/// <summary>
/// What of a graph is drawn in Mermaid, which draws no large one: all of it where that fits; else without what a longer way implies, else the folders, else
/// the longest path and what it directly needs.
/// </summary>
internal static class MermaidChoice
{
    /// <summary>Of a larger graph it takes long to find what longer ways imply, and too much would be left.</summary>
    private const int MostToReduce = 2 * MermaidText.MostEdges;

    /// <summary>The diagram, and in a sentence what it shows.</summary>
    public static (string Text, string Shows) Of(KnownGraph known)
    {
        foreach (var (drawing, shows) in Candidates(known))
        {
            if (TextOf(known, drawing, shows) is { } text && MermaidText.Fits(drawing, text))
            {
                return (text, shows);
            }
        }

        return OfPath(known);
    }

    private static IEnumerable<(Drawing Drawing, string Shows)> Candidates(KnownGraph known)
    {
        if (known.EdgeCount <= MermaidText.MostEdges)
        {
            yield return (Drawing.Of(known, withJoins: false), "all scripts");
        }
        else if (EdgesWithJoins(known) <= MermaidText.MostEdges)
        {
            yield return (Drawing.Of(known, withJoins: true), "all scripts; a dot stands for a list of dependencies that several have in common");
        }

        if (known.Graph.Count <= MostToReduce && known.EdgeCount <= MostToReduce * MostToReduce / 4)
        {
            var all = Drawing.Of(known, withJoins: false);
            var reduced = Reduction.Of(all);
            if (reduced.Edges.Count < all.Edges.Count)
            {
                yield return (reduced, string.Create(CultureInfo.InvariantCulture, $"all scripts, and {reduced.Edges.Count} of their dependencies: those that no longer way implies"));
            }
        }

        if (Folders.Of(known) is { } folders)
        {
            yield return (folders, "the folders of the scripts, each with how many it has and the worst that became of one");
        }
    }

    private static string TextOf(KnownGraph known, Drawing drawing, string shows) => MermaidText.Of(drawing, CommentOf(known, shows));

    /// <summary>In the code too, where it is when somebody copies it elsewhere. The project's name is not in it: that might be code.</summary>
    private static string CommentOf(KnownGraph known, string shows) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Summary.Count(known.Graph.Count, "script")}, {known.EdgeCount} dependencies; shown: {shows}. The whole graph: graph.dot");

    /// <summary>As much of the longest path as fits, of one that is too long both ends, and what its scripts directly need, as long as there is room.</summary>
    private static (string Text, string Shows) OfPath(KnownGraph known)
    {
        for (var most = MermaidText.MostEdges; ; most /= 2)
        {
            var drawing = PathDrawing.Of(known, most, out var left);
            var shows = known.LongestSeconds is null ? "the longest chain of scripts" : "the longest path";
            shows += left > 0 ? $" without {left.ToString(CultureInfo.InvariantCulture)} scripts in the middle of it, and what it directly needs" : " and what it directly needs";
            shows += drawing.IsCut ? ", as far as there is room" : "";
            var text = TextOf(known, drawing.Drawing, shows);
            if (MermaidText.Fits(drawing.Drawing, text) || most <= 2)
            {
                return (text, shows);
            }
        }
    }

    private static long EdgesWithJoins(KnownGraph known)
    {
        var count = 0L;
        for (var node = 0; node < known.Graph.NodeCount; node++)
        {
            count += known.Graph.NodesBefore(node).Length;
        }

        return count;
    }
}
