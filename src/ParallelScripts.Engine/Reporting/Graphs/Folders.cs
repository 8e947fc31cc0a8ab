namespace ParallelScripts;

/// <summary>A drawing of the folders that scripts are in: each one box, with an arrow where a script of one waits for a script of another.</summary>
internal static class Folders
{
    /// <summary>The worst first: that is what a folder shows.</summary>
    private static readonly string[] _worstFirst =
        [nameof(Outcome.Failed), nameof(Outcome.TimedOut), DrawnNode.Tolerated, nameof(Outcome.Canceled), nameof(Outcome.Skipped), nameof(Outcome.HandedOver), nameof(Outcome.Succeeded), nameof(Outcome.UpToDate)];

    /// <summary>Null where scripts are in no folders, or all in the same.</summary>
    public static Drawing? Of(KnownGraph known)
    {
        var graph = known.Graph;
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var (folderOf, counts, worst) = (new int[graph.Count], new List<int>(), new List<string?>());
        for (var script = 0; script < graph.Count; script++)
        {
            var name = known.NameOf(script);
            var folder = name.LastIndexOf('/') is var slash and > 0 ? name[..(slash + 1)] : "./";
            if (!numbers.TryGetValue(folder, out var number))
            {
                numbers[folder] = number = numbers.Count;
                counts.Add(0);
                worst.Add(null);
            }

            folderOf[script] = number;
            counts[number]++;
            worst[number] = WorseOf(worst[number], Drawing.NodeOf(known, script).Outcome);
        }

        return numbers.Count < 2 ? null : new Drawing(
            [.. numbers.Select(folder => new DrawnNode(folder.Key, Summary.Count(counts[folder.Value], "script"), worst[folder.Value]))],
            EdgesBetween(graph, folderOf));
    }

    private static DrawnEdge[] EdgesBetween(ScriptGraph graph, int[] folderOf)
    {
        var edges = new SortedSet<(int From, int To)>();

        // What is in a join is asked for once, not for each script that waits for it.
        var joined = new Dictionary<int, HashSet<int>>();
        for (var join = graph.Count; join < graph.NodeCount; join++)
        {
            joined[join] = [.. graph.NodesBefore(join).ToArray().Select(member => folderOf[member])];
        }

        for (var script = 0; script < graph.Count; script++)
        {
            foreach (var before in graph.NodesBefore(script))
            {
                foreach (var folder in graph.IsJoin(before) ? joined[before] : [folderOf[before]])
                {
                    if (folder != folderOf[script])
                    {
                        edges.Add((folder, folderOf[script]));
                    }
                }
            }
        }

        return [.. edges.Select(edge => new DrawnEdge(edge.From, edge.To))];
    }

    private static string? WorseOf(string? one, string? other) =>
        Array.Find(_worstFirst, outcome => outcome == one || outcome == other);
}
