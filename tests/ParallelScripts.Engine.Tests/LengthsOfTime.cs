using System.Globalization;

namespace ParallelScripts.Tests;

public sealed class LengthsOfTime
{
    [Theory]
    [InlineData("90s", "00:01:30")]
    [InlineData("10m", "00:10:00")]
    [InlineData("1h30m", "01:30:00")]
    [InlineData("250ms", "00:00:00.25")]
    [InlineData("2d", "2.00:00:00")]
    [InlineData("1d2h3m4s5ms", "1.02:03:04.005")]
    [InlineData(" 1h 30 m ", "01:30:00")]
    [InlineData("10M", "00:10:00")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData("0.1s", "00:00:00.1")]
    [InlineData("90m", "01:30:00")]
    [InlineData("5000", "00:00:05")]
    [InlineData("01:30:00", "01:30:00")]
    [InlineData("1:2:3", "01:02:03")]
    [InlineData("36:00:00.5", "1.12:00:00.5")]
    [InlineData("49d", "49.00:00:00")]
    public void Are_read_as_a_person_writes_them(string text, string expected) =>
        Assert.Equal((TimeSpan.Parse(expected, CultureInfo.InvariantCulture), ""), Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("0h0m")]
    [InlineData("00:00:00")]
    public void That_are_nothing_are_none(string text) => Assert.Equal((null, ""), Read(text));

    [Theory]
    [InlineData("soon", "it is not a number and a unit")]
    [InlineData("5 sec", "'sec' is no unit of time")]
    [InlineData("1,5h", "it is not a number and a unit")]
    [InlineData("1h30", "'30' has no unit")]
    [InlineData("1.5", "'1.5' has no unit")]
    [InlineData("400%", "'%' is no unit of time")]
    [InlineData("-5s", "it is negative")]
    [InlineData("-1", "it is negative")]
    [InlineData("1m1h", "'h' is larger than 'm', and comes before it")]
    [InlineData("1s2s", "it has 's' twice")]
    [InlineData("10:30", "with one colon it could be hours and minutes, or minutes and seconds")]
    [InlineData("1:2:3:4", "it is not hh:mm:ss")]
    [InlineData("1h:30m:0", "it is not hh:mm:ss")]
    [InlineData("00:60:00", "an hour has minutes to 59, and a minute has seconds to 59")]
    [InlineData("00:00:75", "an hour has minutes to 59, and a minute has seconds to 59")]
    [InlineData("50d", "it is longer than 49 days")]
    [InlineData("99999999999999999999999999999999999999999", "it is longer than 49 days")]
    [InlineData("99999999999999999999999999999999999999999:00:00", "it is longer than 49 days")]
    [InlineData("٣s", "it is not a number and a unit")]
    public void That_are_none_say_why(string text, string expected) => Assert.Equal((null, expected), Read(text));

    [Fact]
    public void Come_out_as_they_went_in_however_they_are_written()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var time = TimeSpan.FromMilliseconds(random.NextInt64(1, (long)TimeSpan.FromDays(49).TotalMilliseconds) >> random.Next(32));
            var hours = (int)time.TotalHours;
            string[] written =
            [
                string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds}"),
                string.Create(CultureInfo.InvariantCulture, $"{hours}:{time:mm\\:ss\\.fff}"),
                string.Create(CultureInfo.InvariantCulture, $"{time.Days}d{time.Hours}h{time.Minutes}m{time.Seconds}s{time.Milliseconds}ms"),
                string.Create(CultureInfo.InvariantCulture, $"{(decimal)time.Ticks / TimeSpan.TicksPerSecond}s"),
            ];
            var expected = time == TimeSpan.Zero ? (TimeSpan?)null : time;

            Assert.All(written, text => Assert.Equal((expected, ""), Read(text)));
        }
    }

    [Fact]
    public void Never_break_whatever_is_written()
    {
        const string Alphabet = "0123456789.:dhms %-+µ٣";
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var text = new string(random.GetItems(Alphabet.AsSpan(), random.Next(12)));
            var (time, wrong) = Read(text);

            Assert.True(wrong == "" ? time is null || time > TimeSpan.Zero : time is null, text);
        }
    }

    private static (TimeSpan? Time, string Wrong) Read(string text) =>
        TimeText.TryRead(text, out var time, out var wrong) || wrong != "" ? (time, wrong) : throw new InvalidOperationException("Refused without a word.");
}
