using System.Globalization;
using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// Reads an amount of memory as a person writes it: <c>2GB</c> is two thousand million bytes and <c>2GiB</c> a little more. A number
/// alone is none: some tools take it for bytes and some for megabytes.
/// </summary>
internal static partial class SizeText
{
    /// <summary>How to write one, for messages.</summary>
    public const string HowTo = "Write it as 512MB, 2GB or 1.5GiB.";

    /// <summary>Reads it, or tells what is wrong with it, in words that follow a colon.</summary>
    public static bool TryRead(string text, out long bytes, out string wrong)
    {
        bytes = 0;
        wrong = "";
        if (Amount().Match(text.Trim()) is not { Success: true } amount)
        {
            wrong = text.TrimStart().StartsWith('-') ? "it is negative" : "it is not a number and a unit";
            return false;
        }

        if (amount.Groups["unit"].ValueSpan.IsEmpty)
        {
            wrong = "it has no unit";
            return false;
        }

        var power = amount.Groups["prefix"].ValueSpan is [var prefix, ..] ? "KMGTP".IndexOf(char.ToUpperInvariant(prefix)) + 1 : 0;
        var size = double.Parse(amount.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
            * Math.Pow(amount.Groups["binary"].Success ? 1024 : 1000, power);
        if (size > long.MaxValue / 2)
        {
            wrong = "it is more than any machine has";
            return false;
        }

        bytes = (long)Math.Round(size);
        return true;
    }

    [GeneratedRegex(@"^(?<number>[0-9]{1,18}(\.[0-9]{1,9})?)\s*(?<unit>((?<prefix>[KMGTP])(?<binary>i)?)?B)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Amount();
}
