using System.Text;

namespace ParallelScripts.Tests;

public sealed class Output
{
    [Fact]
    public void Is_shown_line_by_line_and_logged_byte_by_byte()
    {
        var (lines, log) = Print("one\ntw"u8.ToArray(), "o\r\n\nlast without an end"u8.ToArray());

        Assert.Equal(["one", "two", "", "last without an end"], lines);
        Assert.Equal("one\ntwo\r\n\nlast without an end", Encoding.UTF8.GetString(log!));
    }

    [Fact]
    public void Makes_no_file_when_there_is_none() => Assert.Null(Print().Log);

    [Fact]
    public void May_split_a_character_between_two_reads()
    {
        var bytes = Encoding.UTF8.GetBytes("é\n");

        Assert.Equal(["é"], Print([bytes[0]], [bytes[1], bytes[2]]).Lines);
    }

    [Fact]
    public void That_is_not_UTF8_is_shown_with_a_mark_and_logged_as_it_is()
    {
        var (lines, log) = Print([0xff, (byte)'a', (byte)'\n']);

        Assert.Equal(["\uFFFDa"], lines);
        Assert.Equal([0xff, (byte)'a', (byte)'\n'], log);
    }

    [Fact]
    public void In_an_endless_line_is_shown_in_parts_and_costs_no_memory()
    {
        var part = Enumerable.Repeat((byte)'x', 10_000).ToArray();
        var (lines, log) = Print([.. Enumerable.Repeat(part, 10)]);

        Assert.Equal(100_000, lines.Sum(line => line.Length));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 16 * 1024));
        Assert.Equal(100_000, log!.Length);
    }

    [Theory]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u001b]0;title\u0007text", "text")]
    [InlineData("10%\r50%\r100%", "100%")]
    [InlineData("10%\r100%\r", "100%")]
    [InlineData("a\0b", "ab")]
    [InlineData("/\b-\b\\\b|", "|")]
    [InlineData("N\bNA\bA", "NA")]
    [InlineData("10%\r\r", "10%")]
    [InlineData("10%\u001b[1G50%\u001b[G\u001b[K100%\u001b[G", "100%")]
    [InlineData("\u001b(B\u001b[mplain", "plain")]
    [InlineData("\u001bPq#0;2;0;0;0#0!200~-\u001b\\after a picture", "after a picture")]
    [InlineData("\u009b31mred\u0085", "red")]
    [InlineData("\ufefffirst", "first")]
    [InlineData("tab\tstays", "tab\tstays")]
    [InlineData("\u001b[2K\u001b[1Gdone", "done")]
    public void For_a_terminal_is_made_fit_for_a_log(string printed, string shown) =>
        Assert.Equal([shown], Print(Encoding.UTF8.GetBytes(printed + "\n")).Lines);

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Of_Windows_PowerShell_is_UTF16_with_a_mark_that_says_so(string encoding)
    {
        var utf16 = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. utf16.GetPreamble(), .. utf16.GetBytes("größer\r\n\U0001F600\n")];
        var (lines, log) = Print([.. bytes.Select(one => new[] { one })]);

        Assert.Equal(["größer", "\U0001F600"], lines);
        Assert.Equal(bytes, log);
    }

    [Fact]
    public void That_is_cut_keeps_its_characters_and_escape_sequences_whole()
    {
        foreach (var offset in Enumerable.Range(0, 8))
        {
            var text = new string('x', offset) + string.Concat(Enumerable.Repeat("€\u001b[31m", 5000));
            var lines = Print(Encoding.UTF8.GetBytes(text + "\n")).Lines;

            Assert.True(lines.Count > 1);
            Assert.Equal(new string('x', offset) + new string('€', 5000), string.Concat(lines));
        }
    }

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData(2 * 16 * 1024)]
    public void That_is_just_as_long_as_its_parts_has_no_empty_part_at_its_end(int length) =>
        Assert.Equal(length / (16 * 1024), Print(Encoding.UTF8.GetBytes(new string('x', length) + "\r\n")).Lines.Count);

    [Fact]
    public void That_redraws_its_line_for_an_hour_is_one_line_and_costs_no_memory()
    {
        var states = Enumerable.Range(0, 20_000).Select(i => Encoding.UTF8.GetBytes($"\r{i / 200}% {new string('#', i / 200)}")).ToArray();
        var (lines, log) = Print([.. states, "\n"u8.ToArray(), "done\n"u8.ToArray()]);

        Assert.Equal([$"99% {new string('#', 99)}", "done"], lines);
        Assert.Equal(states.Sum(state => state.Length) + 6, log!.Length);
    }

    [Fact]
    public void That_redraws_its_line_and_is_cut_off_shows_its_last_state()
    {
        byte[] state = [.. "\r"u8, .. Enumerable.Repeat((byte)'#', 100)];

        Assert.Equal([new string('#', 100)], Print([.. Enumerable.Repeat(state, 10_000)]).Lines);
    }

    [Fact]
    public void Of_another_attempt_stands_behind_a_line_that_says_so()
    {
        using var folder = new TemporaryFolder();
        var lines = new List<string>();
        using (var output = new ScriptOutput(folder["logs/x.log"], lines.Add))
        {
            output.Separate("--- attempt 1 ---");
            output.Write("no end"u8);
            output.Separate("--- attempt 2 ---");
            output.Separate("--- attempt 3 ---");
            output.Write("again\n"u8);
            output.Separate("--- attempt 4 ---");
        }

        Assert.Equal(["no end", "again"], lines);
        Assert.Equal("--- attempt 1 ---\nno end\n--- attempt 3 ---\nagain\n", File.ReadAllText(folder["logs/x.log"]));
    }

    [Fact]
    public void Is_written_over_what_an_earlier_run_left()
    {
        using var folder = new TemporaryFolder();
        folder.Write("logs/x.log", "of an earlier run, and longer than what comes now");
        using (var output = new ScriptOutput(folder["logs/x.log"]))
        {
            output.Write("now"u8);
        }

        Assert.Equal("now", File.ReadAllText(folder["logs/x.log"]));
    }

    [Theory]
    [InlineData("fit.py", "fit.py.log")]
    [InlineData("clean/a b.py", "clean%2Fa%20b.py.log")]
    [InlineData("../x", "%2E.%2Fx.log")]
    [InlineData("aux", "%61ux.log")]
    [InlineData("100%", "100%25.log")]
    [InlineData("数", "%E6%95%B0.log")]
    public void Of_a_script_has_a_file_name_that_every_system_takes(string script, string file) =>
        Assert.Equal(file, new LogFiles("/state", [script]).NameFor(script));

    [Fact]
    public void Of_two_scripts_never_shares_a_file()
    {
        string[] names = ["a/b", "a%2Fb", "A/b", new string('x', 300), new string('x', 301)];
        var files = new LogFiles("/state", names);

        Assert.Equal(5, names.Select(files.NameFor).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    private static (List<string> Lines, byte[]? Log) Print(params byte[][] writes)
    {
        using var folder = new TemporaryFolder();
        var lines = new List<string>();
        using (var output = new ScriptOutput(folder["logs/x.log"], lines.Add))
        {
            foreach (var bytes in writes)
            {
                output.Write(bytes);
            }
        }

        return (lines, File.Exists(folder["logs/x.log"]) ? File.ReadAllBytes(folder["logs/x.log"]) : null);
    }
}
