using CsCheck;

namespace ParallelScripts.Tests;

/// <summary>Whatever bytes a script prints, in whatever portions they are read.</summary>
public sealed class RandomOutput
{
    private static readonly byte[][] _telling =
    [
        "\n"u8.ToArray(), "\r"u8.ToArray(), "\r\n"u8.ToArray(), "\u001b[31m"u8.ToArray(), "\u001b[1G"u8.ToArray(), "\u001b]0;t\u0007"u8.ToArray(), "\u001b(B"u8.ToArray(),
        "€"u8.ToArray(), "\U0001F600"u8.ToArray(), "\ufeff"u8.ToArray(), "\b"u8.ToArray(), "\0"u8.ToArray(), "\u0085"u8.ToArray(),
        [0xff, 0xfe], [0xfe, 0xff], [0xe2, 0x82], [0xf0, 0x9f],
    ];

    /// <summary>Bytes as scripts print them: more often than chance would have it with what makes a line, a character or an escape sequence.</summary>
    private static readonly Gen<byte[]> _bytes = Gen.OneOf(
        Gen.Byte.Array[0, 40],
        Gen.Int[0, _telling.Length - 1].Select(which => _telling[which]),
        Gen.Select(Gen.Byte, Gen.Int[1, 20_000]).Select((one, count) => Enumerable.Repeat(one, count).ToArray()),
        Gen.Select(Gen.Int[0, _telling.Length - 1], Gen.Int[1, 5_000]).Select((which, count) => Enumerable.Repeat(_telling[which], count).SelectMany(piece => piece).ToArray()))
        .Array[0, 30].Select(pieces => pieces.SelectMany(piece => piece).ToArray());

    private static readonly Gen<(byte[] Bytes, int[] Portions)> _printed = Gen.Select(_bytes, Gen.OneOf(Gen.Int[1, 4], Gen.Int[1, 70_000]).Array[1, 20]);

    [Fact]
    public void Is_logged_exactly() => _printed.Sample(
        printed =>
        {
            using var folder = new TemporaryFolder();
            using (var output = new ScriptOutput(folder["x.log"]))
            {
                foreach (var portion in Portions(printed.Bytes, printed.Portions))
                {
                    output.Write(portion);
                }
            }

            Assert.Equal(printed.Bytes, File.Exists(folder["x.log"]) ? File.ReadAllBytes(folder["x.log"]) : []);
        },
        iter: 100);

    [Fact]
    public void Has_the_same_lines_however_it_is_read() =>
        _printed.Sample(printed => Assert.Equal(LinesOf([printed.Bytes]), LinesOf(Portions(printed.Bytes, printed.Portions))), iter: 500);

    [Fact]
    public void Has_lines_without_control_characters_and_none_that_is_too_long() => _bytes.Sample(
        bytes => Assert.All(LinesOf([bytes]), line =>
        {
            Assert.DoesNotContain(line.Text, c => char.IsControl(c) && c != '\t');
            Assert.True(line.Text.Length <= OutputLines.LongestLine);
        }),
        iter: 500);

    [Fact]
    public void Has_lines_that_account_for_every_byte() => _bytes.Sample(
        bytes =>
        {
            // What is not UTF-8 is counted as what it would be in it.
            if (bytes is not ([0xff, 0xfe, ..] or [0xfe, 0xff, ..] or [0xef, 0xbb, 0xbf, ..]))
            {
                Assert.Equal(bytes.Length, LinesOf([bytes]).Sum(line => line.Bytes));
            }
        },
        iter: 500);

    private static List<OutputLine> LinesOf(IEnumerable<byte[]> portions)
    {
        var lines = new List<OutputLine>();
        var cutter = new OutputLines(lines.Add);
        foreach (var portion in portions)
        {
            cutter.Write(portion);
        }

        cutter.End();
        return lines;
    }

    private static IEnumerable<byte[]> Portions(byte[] bytes, int[] sizes)
    {
        for (var (at, next) = (0, 0); at < bytes.Length; next++)
        {
            var size = Math.Min(sizes[next % sizes.Length], bytes.Length - at);
            yield return bytes[at..(at + size)];
            at += size;
        }
    }
}
