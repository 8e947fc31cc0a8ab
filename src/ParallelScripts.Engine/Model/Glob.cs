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

    private readonly Regex _regex;

    public Glob(string pattern)
    {
        var firstWildcard = pattern.IndexOfAny(_wildcards);
        Prefix = firstWildcard < 0 ? pattern : pattern[..firstWildcard];
        _regex = new Regex(ToRegex(pattern), RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    /// <summary>What every match begins with: the pattern up to its first wildcard.</summary>
    public string Prefix { get; }

    public static bool IsGlob(string text) => text.IndexOfAny(_wildcards) >= 0;

    public bool Matches(string name) => _regex.IsMatch(name);

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
