namespace ParallelScripts;

/// <summary>Says in words what differs between two manifests, from the very lines that were compared.</summary>
internal static class Explanation
{
    /// <summary>A longer text is not repeated in an explanation.</summary>
    private const int LongestText = 40;

    /// <summary>Why <paramref name="now"/> is not the same as <paramref name="last"/>: the first difference, and how many more there are.</summary>
    /// <param name="find">Gives a manifest that a line stands for, or null if it is not known any more.</param>
    public static string Difference(Manifest last, Manifest now, Func<Hash128, Manifest?> find)
    {
        // A file may decide by itself and as part of a group: one difference.
        var differences = Differences(last, now, find).DistinctBy(difference => difference.What).Select(difference => difference.Words).ToList();
        return differences.Count switch
        {
            0 => "something changed that an earlier version of this package did not record",
            1 => differences[0],
            _ => $"{differences[0]}, and {differences.Count - 1} more",
        };
    }

    private static IEnumerable<(string What, string Words)> Differences(Manifest last, Manifest now, Func<Hash128, Manifest?> find)
    {
        var before = last.Lines.ToDictionary(line => (line.What, line.Kind));
        foreach (var line in now.Lines)
        {
            if (!before.Remove((line.What, line.Kind), out var old))
            {
                yield return (line.What, IsNew(line));
            }
            else if (!line.SameValue(old))
            {
                if (line.Kind == LineKind.Group && find(old.Hash) is { } oldGroup && find(line.Hash) is { } group)
                {
                    foreach (var difference in Differences(oldGroup, group, find))
                    {
                        yield return difference;
                    }
                }
                else
                {
                    yield return (line.What, Changed(old, line));
                }
            }
        }

        foreach (var gone in before.Values)
        {
            yield return (gone.What, $"{gone.What} is gone");
        }
    }

    private static string IsNew(ManifestLine line) =>
        line.Kind == LineKind.Text && line.Text.Length <= LongestText ? $"{line.What} is new ('{line.Text}')" : $"{line.What} is new{Noted(line)}";

    private static string Changed(ManifestLine old, ManifestLine line) => line.Kind switch
    {
        LineKind.Run => $"{line.What} ran again{Noted(line)}",
        LineKind.Text when old.Text.Length <= LongestText && line.Text.Length <= LongestText => $"{line.What} changed ('{old.Text}' -> '{line.Text}')",
        _ => $"{line.What} changed{Noted(line)}",
    };

    private static string Noted(ManifestLine line) => line.Note == "" ? "" : $" ({line.Note})";
}
