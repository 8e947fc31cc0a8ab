using System.Globalization;

namespace ParallelScripts;

/// <summary>How amounts of bytes are shown everywhere: in powers of a thousand, with two digits or more.</summary>
internal static class Sizes
{
    public static string Show(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} {(bytes == 1 ? "byte" : "bytes")}"),
        < 999_500 => Show(bytes / 1e3, "KB"),
        < 999_500_000 => Show(bytes / 1e6, "MB"),
        _ => Show(bytes / 1e9, "GB"),
    };

    private static string Show(double amount, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{amount.ToString(amount < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture)} {unit}");
}
