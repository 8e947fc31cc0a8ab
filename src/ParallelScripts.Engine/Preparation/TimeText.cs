using System.Globalization;
using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// Reads a length of time as a person writes it: <c>90s</c>, <c>1h30m</c>, <c>250ms</c>, <c>hh:mm:ss</c>, or a plain number of
/// milliseconds, as <c>Exec</c> takes it. Nothing, or zero, is no time at all.
/// </summary>
internal static partial class TimeText
{
    /// <summary>What a timer of .NET can wait for, in whole days.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromDays(49);

    /// <summary>Largest first, which is also the order they are written in.</summary>
    private static readonly string[] _units = ["d", "h", "m", "s", "ms"];

    private static readonly long[] _ticks =
        [TimeSpan.TicksPerDay, TimeSpan.TicksPerHour, TimeSpan.TicksPerMinute, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMillisecond];

    /// <summary>Reads it, or tells what is wrong with it, in words that follow a colon.</summary>
    /// <param name="time">Null if the text says that there is none: it is empty, or zero.</param>
    public static bool TryRead(string text, out TimeSpan? time, out string wrong)
    {
        time = null;
        text = text.Trim();
        if (text == "")
        {
            wrong = "";
            return true;
        }

        var ticks = 0m;
        wrong = text.StartsWith('-') ? "it is negative"
            : text.Contains(':') ? ReadClock(text, out ticks)
            : ReadUnits(text, out ticks);
        if (wrong == "" && ticks > _longest.Ticks)
        {
            wrong = string.Create(CultureInfo.InvariantCulture, $"it is longer than {_longest.TotalDays} days");
        }

        if (wrong == "" && ticks > 0)
        {
            time = new TimeSpan((long)ticks);
        }

        return wrong == "";
    }

    private static string ReadClock(string text, out decimal ticks)
    {
        ticks = 0;
        if (Clock().Match(text) is not { Success: true } clock)
        {
            return text.Count(c => c == ':') == 1 ? "with one colon it could be hours and minutes, or minutes and seconds" : "it is not hh:mm:ss";
        }

        var (minutes, seconds) = (Number(clock.Groups["m"].ValueSpan), Number(clock.Groups["s"].ValueSpan));
        if (minutes >= 60 || seconds >= 60)
        {
            return "an hour has minutes to 59, and a minute has seconds to 59";
        }

        ticks = (Number(clock.Groups["h"].ValueSpan) * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute) + (seconds * TimeSpan.TicksPerSecond);
        return "";
    }

    private static string ReadUnits(string text, out decimal ticks)
    {
        ticks = 0;
        if (text.All(char.IsAsciiDigit))
        {
            ticks = Number(text) * TimeSpan.TicksPerMillisecond;
            return "";
        }

        if (Parts().Match(text) is not { Success: true } parts)
        {
            return "it is not a number and a unit";
        }

        var last = -1;
        for (var i = 0; i < parts.Groups["unit"].Captures.Count; i++)
        {
            var written = parts.Groups["unit"].Captures[i].Value;
            var unit = Array.FindIndex(_units, name => name.Equals(written, StringComparison.OrdinalIgnoreCase));
            if (unit < 0)
            {
                return written == "" ? $"'{parts.Groups["number"].Captures[i].Value}' has no unit" : $"'{written}' is no unit of time";
            }

            if (unit <= last)
            {
                return unit == last ? $"it has '{_units[unit]}' twice" : $"'{_units[unit]}' is larger than '{_units[last]}', and comes before it";
            }

            last = unit;
            ticks += Number(parts.Groups["number"].Captures[i].ValueSpan) * _ticks[unit];
        }

        return "";
    }

    /// <summary>Exact, and where it is longer than any time we take, simply too long.</summary>
    private static decimal Number(ReadOnlySpan<char> digits)
    {
        const decimal TooLong = 1e12m;
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, TooLong) : TooLong;
    }

    [GeneratedRegex(@"^(?<h>[0-9]+):(?<m>[0-9]{1,2}):(?<s>[0-9]{1,2}(\.[0-9]+)?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Clock();

    [GeneratedRegex(@"^((?<number>[0-9]+(\.[0-9]+)?)\s*(?<unit>[\p{L}%µ]*)\s*)+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Parts();
}
