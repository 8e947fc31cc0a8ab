using System.Text;
using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// A pattern over names with <c>/</c>, with MSBuild's own wildcards: <c>*</c> and <c>?</c> within one part,
/// <c>**</c> over any number of parts.
/// </summary>
internal sealed class Glob
{
    private static readonly char[] _wildcards = ['*', '?'];

    private readonly string _pattern;
    private readonly Regex _regex;

    public Glob(string pattern)
    {
        _pattern = pattern;
        var firstWildcard = pattern.IndexOfAny(_wildcards);
        Prefix = firstWildcard < 0 ? pattern : pattern[..firstWildcard];
        _regex = new Regex(ToRegex(pattern), RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    /// <summary>What every match begins with: the pattern up to its first wildcard.</summary>
    public string Prefix { get; }

    public static bool IsGlob(string text) => text.IndexOfAny(_wildcards) >= 0;

    public bool Matches(string name) => _regex.IsMatch(name);

    /// <summary>Whether some name could match both patterns.</summary>
    public bool Overlaps(Glob other) => Overlap(_pattern, 0, other._pattern, 0, []);

    /// <summary>Whether what is left of two patterns can match the same text; each pair of rests is looked at once.</summary>
    private static bool Overlap(string a, int i, string b, int j, Dictionary<(int, int), bool> known)
    {
        if (known.TryGetValue((i, j), out var answer))
        {
            return answer;
        }

        known[(i, j)] = false;
        return known[(i, j)] = (i, j) switch
        {
            _ when i == a.Length && j == b.Length => true,
            _ when i < a.Length && a[i] == '*' => Overlap(a, AfterStars(a, i), b, j, known) || (j < b.Length && Absorbs(a, i, b, j) && Overlap(a, i, b, j + 1, known)),
            _ when j < b.Length && b[j] == '*' => Overlap(a, i, b, AfterStars(b, j), known) || (i < a.Length && Absorbs(b, j, a, i) && Overlap(a, i + 1, b, j, known)),
            _ when i == a.Length || j == b.Length => false,
            _ when a[i] == b[j] || (a[i] == '?' && b[j] != '/') || (b[j] == '?' && a[i] != '/') => Overlap(a, i + 1, b, j + 1, known),
            _ => false,
        };
    }

    /// <summary>Whether the star at <paramref name="i"/> can stand for what the other pattern has at <paramref name="j"/>.</summary>
    private static bool Absorbs(string a, int i, string b, int j) => b[j] != '/' || (i + 1 < a.Length && a[i + 1] == '*');

    /// <summary>Past <c>*</c>, <c>**</c> or <c>**/</c>, which all match nothing too.</summary>
    private static int AfterStars(string pattern, int at) =>
        pattern.AsSpan(at).StartsWith("**/") ? at + 3 : pattern.AsSpan(at).StartsWith("**") ? at + 2 : at + 1;

    private static string ToRegex(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern.AsSpan(i).StartsWith("**/"))
            {
                regex.Append("(.*/)?");
                i += 2;
            }
            else if (pattern.AsSpan(i).StartsWith("**"))
            {
                regex.Append(".*");
                i += 1;
            }
            else
            {
                regex.Append(pattern[i] switch
                {
                    '*' => "[^/]*",
                    '?' => "[^/]",
                    var other => Regex.Escape(other.ToString()),
                });
            }
        }

        return regex.Append("\\z").ToString();
    }
}
