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
    [InlineData("a\0b\bc", "abc")]
    [InlineData("tab\tstays", "tab\tstays")]
    [InlineData("\u001b[2K\u001b[1Gdone", "done")]
    public void For_a_terminal_is_made_fit_for_a_log(string printed, string shown) =>
        Assert.Equal([shown], Print(Encoding.UTF8.GetBytes(printed + "\n")).Lines);

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
