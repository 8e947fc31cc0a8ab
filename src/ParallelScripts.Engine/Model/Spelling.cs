namespace ParallelScripts;

/// <summary>Finds what a person probably meant to write.</summary>
internal static class Spelling
{
    /// <summary>
    /// The known word that takes the fewest edits (Levenshtein distance, letter case free) to get to from <paramref name="word"/>,
    /// if that is at most a third of its length; else null.
    /// </summary>
    public static string? Closest(string word, IEnumerable<string> known)
    {
        var most = word.Length / 3;
        string? closest = null;
        foreach (var candidate in known)
        {
            if (Math.Abs(candidate.Length - word.Length) > most)
            {
                continue;
            }

            var distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance <= most && (closest is null || distance < most))
            {
                closest = candidate;
                most = distance;
            }
        }

        return closest;
    }

    private static int Distance(string a, string b)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, 1 + Math.Min(previous[j], current[j - 1]));
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
