using System.Globalization;
using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// A name in which nothing hides: what turns the direction of text around, and what cannot be seen, is shown by its number. The same characters as in the
/// page (Page/text.js).
/// </summary>
internal static partial class VisibleText
{
    public static string Of(string text) =>
        Hidden().Replace(text, hidden => string.Create(CultureInfo.InvariantCulture, $"⟨{(int)hidden.Value[0]:X4}⟩"));

    // The last are halves of characters, which no file can hold.
    [GeneratedRegex(@"[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")]
    private static partial Regex Hidden();
}
