using System.Globalization;

namespace ParallelScripts;

/// <summary>How durations are shown everywhere: three digits' worth, in the units people say.</summary>
public static class Durations
{
    public static string Show(double seconds) => seconds switch
    {
        < 0.0995 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms"),
        < 9.995 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s"),
        < 99.95 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 3599.5 => string.Create(CultureInfo.InvariantCulture, $"{(int)Math.Round(seconds) / 60} m {(int)Math.Round(seconds) % 60} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Round(seconds / 60) / 60} h {(long)Math.Round(seconds / 60) % 60} m"),
    };
}
