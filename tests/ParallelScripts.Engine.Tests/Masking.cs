using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace ParallelScripts.Tests;

public sealed class Masking
{
    private const string Secret = "pa\"ss/wo+rd<ä>&'7\\x";

    /// <summary>How a script may show a secret, each in the way its language's own library does it.</summary>
    public static TheoryData<string, string> Spellings { get; } = new()
    {
        { "plain", Secret },
        { "URL", Uri.EscapeDataString(Secret) },
        { "URL, in lower case", Uri.EscapeDataString(Secret).Replace("%C3%A4", "%c3%a4", StringComparison.Ordinal) },
        { "URL, twice", Uri.EscapeDataString(Uri.EscapeDataString(Secret)) },
        { "form", WebUtility.UrlEncode(Secret) },
        { "JSON of .NET", JsonSerializer.Serialize(Secret).Trim('"') },
        { "JSON of Python", "pa\\\"ss/wo+rd<\\u00e4>&'7\\\\x" },
        { "JSON of PHP", "pa\\\"ss\\/wo+rd<\\u00e4>&'7\\\\x" },
        { "JSON in JSON", JsonSerializer.Serialize(JsonSerializer.Serialize(Secret))[7..^7] },
        { "XML", WebUtility.HtmlEncode(Secret) },
        { "HTML of Python", "pa&quot;ss/wo+rd&lt;ä&gt;&amp;&#x27;7\\x" },
        { "XML, twice", WebUtility.HtmlEncode(WebUtility.HtmlEncode(Secret)) },
        { "shell", "pa\"ss/wo+rd<ä>&'\\''7\\x" },
        { "shell of Python", "pa\"ss/wo+rd<ä>&'\"'\"'7\\x" },
        { "printf %q", "pa\\\"ss/wo+rd\\<ä\\>\\&\\'7\\\\x" },
        { "repr of bytes", "pa\"ss/wo+rd<\\xc3\\xa4>&\\'7\\\\x" },
        { "octal", "pa\"ss/wo+rd<\\303\\244>&'7\\x" },
        { "colours", "pa\"ss/\u001b[01;31m\u001b[Kwo+r\u001b[m\u001b[Kd<ä>&'7\\x" },
        { "hexadecimal", Convert.ToHexString(Encoding.UTF8.GetBytes(Secret)) },
        { "base64", Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)) },
        { "base64 without padding", Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)).TrimEnd('=') },
        { "base64 in a URL", Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))) },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Finds_a_secret_spelt_as(string how, string spelling)
    {
        var shown = new Secrets([Secret]).Mask($"[{spelling}] {how}");

        Assert.Equal($"[***] {how}", shown);
    }

    [Theory]
    [InlineData("100%", "ab12cd34")]
    [InlineData("%2", "5ab12cd34")]
    [InlineData("\\", "u12cd34")]
    [InlineData("\\u1", "234567")]
    [InlineData("\\", "tab12cd34")]
    [InlineData("&#3", "4;ab12cd")]
    [InlineData("&am", "p;ab12cd")]
    [InlineData("\u001b[3", "4mab12cd")]
    public void Finds_a_secret_that_makes_an_escape_together_with_what_stands_before_it(string before, string secret) =>
        Assert.Equal($"{before}*** ", new Secrets([secret]).Mask($"{before}{secret} "));

    [Fact]
    public void Finds_a_secret_in_another_encoding() =>
        Assert.Equal("<***>"u8.ToArray(), Pass(new SecretPatterns(["pässword"]), [[(byte)'<', .. Encoding.Latin1.GetBytes("pässword"), (byte)'>']]));

    [Theory]
    [InlineData("some words before it, ", " and after")]
    [InlineData("u:", "")]
    [InlineData("us:", "")]
    [InlineData("use:", "")]
    [InlineData("", "!")]
    [InlineData("", "!!")]
    public void Finds_a_secret_in_a_longer_text_in_base64(string before, string after)
    {
        const string password = "correct horse battery";
        foreach (var alphabet in (Func<string, string>[])[text => text, text => text.Replace('+', '-').Replace('/', '_'), text => text.TrimEnd('=')])
        {
            var encoded = alphabet(Convert.ToBase64String(Encoding.UTF8.GetBytes(before + password + after)));

            var shown = new Secrets([password]).Mask(encoded);

            // What is left on both sides are characters that the neighbours decide too.
            Assert.Contains("***", shown, StringComparison.Ordinal);
            var left = shown.Split("***");
            Assert.InRange(left[0].Length * 6, 0, (before.Length * 8) + 5);
            Assert.InRange(left[^1].TrimEnd('=').Length * 6, 0, (after.Length * 8) + 5);
        }
    }

    [Fact]
    public void Finds_a_secret_that_base64_or_a_narrow_column_wrapped()
    {
        var token = string.Concat(Enumerable.Range(0, 40).Select(i => $"token{i}"));
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes("u:" + token), Base64FormattingOptions.InsertLineBreaks);

        Assert.InRange(new Secrets([token]).Mask(encoded).Replace("***", "", StringComparison.Ordinal).Length, 0, 10);
        Assert.DoesNotContain("token", new Secrets([token]).Mask(string.Join('\n', token.Chunk(30).Select(line => new string(line)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_each_line_of_a_key_however_its_lines_end()
    {
        var lines = Enumerable.Range(0, 20).Select(i => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{i:00} is a line of a private key, not of ours."))).ToArray();
        var key = $"-----BEGIN PRIVATE KEY-----\n{string.Join('\n', lines)}\n-----END PRIVATE KEY-----\n";

        foreach (var given in (string[])[key, key.Replace("\n", "\\n", StringComparison.Ordinal), key.Replace("\n", "\r\n", StringComparison.Ordinal)])
        {
            var secrets = new Secrets([given]);
            Assert.Equal("a *** b", secrets.Mask($"a {lines[7]} b"));
            Assert.DoesNotContain(lines, line => secrets.Mask(key).Contains(line[8..16], StringComparison.Ordinal));
            Assert.DoesNotContain(lines, line => secrets.Mask(JsonSerializer.Serialize(key)).Contains(line[8..16], StringComparison.Ordinal));
            Assert.Equal("-----BEGIN PRIVATE KEY----- is nothing secret", secrets.Mask("-----BEGIN PRIVATE KEY----- is nothing secret"));
        }
    }

    [Theory]
    [InlineData("one", "abcdef", "defghi", "_abcdefghi_", "_***_")]
    [InlineData("two that touch", "abcdef", "ghijkl", "_abcdefghijkl_", "_***_")]
    [InlineData("two apart", "abcdef", "ghijkl", "_abcdef ghijkl_", "_*** ***_")]
    [InlineData("the longer", "cdefgh", "abcdefghij", "_abcdefghij_", "_***_")]
    [InlineData("the shorter where the longer is not whole", "cdefgh", "abcdefghij", "_abcdefghi_", "_ab***i_")]
    public void Of_secrets_that_overlap_leaves(string what, string one, string other, string text, string shown)
    {
        Assert.Equal(shown, new Secrets([one, other]).Mask(text));
        Assert.NotEmpty(what);
    }

    [Fact]
    public void Holds_back_only_what_may_be_the_beginning_of_a_secret()
    {
        var masker = new Masker(new SecretPatterns(["secret-word"]));

        Assert.Equal("Your name? ", Text(masker.Pass("Your name? "u8, isLast: false)));
        Assert.Equal("A ", Text(masker.Pass("A secr"u8, isLast: false)));
        Assert.Equal("secrecy it i", Text(masker.Pass("ecy it is"u8, isLast: false)));
        Assert.Equal("s ", Text(masker.Pass(" secret"u8, isLast: false)));
        Assert.Equal("***", Text(masker.Pass("-word"u8, isLast: false)));
        Assert.Equal("", Text(masker.Pass("sec"u8, isLast: false)));
        Assert.Equal("sec", Text(masker.Pass([], isLast: true)));
    }

    [Fact]
    public void Needs_no_more_memory_for_an_endless_stream()
    {
        var masker = new Masker(new SecretPatterns(["aaaaaaaa", "\\n\n\\n-word"]));
        foreach (var part in (byte[][])[[.. Enumerable.Repeat((byte)'a', 50_000)], [.. Enumerable.Repeat((byte)'\n', 50_000)], [.. Enumerable.Repeat((byte)'\\', 50_000)], [.. Enumerable.Repeat((byte)'%', 50_000)]])
        {
            for (var i = 0; i < 20; i++)
            {
                masker.Pass(part, isLast: false);
                Assert.InRange(masker.Held, 0, 4096);
            }
        }
    }

    [Fact]
    public void Leaves_what_is_too_short_to_be_a_secret()
    {
        Assert.Equal("1 is true", new Secrets(["1", "true", "", "     1     "]).Mask("1 is true"));
        Assert.Same(Secrets.None.Mask("any"), "any");
    }

    /// <summary>Two letters, so that everything overlaps with everything, and nothing is an escape.</summary>
    private static readonly Gen<(string[] Secrets, string Text, int[] Cuts)> _twoLetters =
        from secrets in Gen.String[Gen.Char["ab"], 6, 12].Array[1, 4]
        from text in Gen.String[Gen.Char["ab"], 0, 200]
        from cuts in Gen.Int[0, 200].Array[0, 12]
        select (secrets, text, cuts);

    [Fact]
    public void Replaces_just_the_secrets_wherever_the_stream_is_cut() => _twoLetters.Sample(
        @case => Assert.Equal(Replaced(@case.Secrets, @case.Text), Text(Pass(new SecretPatterns(@case.Secrets), Cut(Encoding.UTF8.GetBytes(@case.Text), @case.Cuts)))),
        iter: 5000);

    private static readonly Gen<(string Secret, byte[] Text, int How, int[] Cuts)> _anything =
        from secret in Gen.String[Gen.Char[' ', '\u00ff'], 6, 150]
        from before in Gen.Byte.Array[0, 40]
        from after in Gen.Byte.Array[0, 40]
        from how in Gen.Int[0, 4]
        from cuts in Gen.Int[0, 500].Array[0, 12]
        where secret.Trim().Length >= 6 && secret.Count(c => !IsOverlooked(c)) >= 4
        select (secret, Spell(secret, before, after, how), how, cuts);

    [Fact]
    public void Is_the_same_wherever_the_stream_is_cut_and_leaves_nothing_of_the_secret() => _anything.Sample(
        @case =>
        {
            var patterns = new SecretPatterns([@case.Secret]);
            var whole = Pass(patterns, [@case.Text]);

            Assert.Equal(whole, Pass(patterns, Cut(@case.Text, @case.Cuts)));
            Assert.True(whole.AsSpan().IndexOf("***"u8) >= 0, "Nothing was masked.");
            Assert.True(whole.AsSpan().IndexOf(Encoding.UTF8.GetBytes(@case.Secret.Trim())) < 0, "The secret is still there.");
            if (@case.How >= 2 && !@case.Secret.AsSpan().ContainsAny("%\\&"))
            {
                // Quotes, backslashes and white space may be left over, each in some escape, and the two brackets and quotes around all.
                var overlooked = @case.Secret.Count(IsOverlooked);
                Assert.InRange(Encoding.UTF8.GetString(whole).Replace("***", "", StringComparison.Ordinal).Length, 2, 4 + (6 * overlooked));
            }
        },
        iter: 5000);

    private static readonly Gen<(string Secret, byte[] Text, int[] Cuts)> _foreign =
        from secret in Gen.String[Gen.Char["abcdef0123456789"], 6, 40]
        from text in Gen.Byte[0x80, 0xff].Array[0, 300]
        from special in Gen.Char["%\\&\n\r\"'\u001b\t;#xuz "].Array[0, 50]
        from cuts in Gen.Int[0, 350].Array[0, 12]
        select (secret, (byte[])[.. text, .. special.Select(c => (byte)c), .. text], cuts);

    [Fact]
    public void Leaves_every_other_byte_as_it_is() =>
        _foreign.Sample(@case => Assert.Equal(@case.Text, Pass(new SecretPatterns([@case.Secret]), Cut(@case.Text, @case.Cuts))), iter: 2000);

    private static bool IsOverlooked(char c) => char.IsWhiteSpace(c) || c is '\\' or '\'' or '"' or '\u007f';

    private static byte[] Spell(string secret, byte[] before, byte[] after, int how)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return how switch
        {
            0 => [.. before, .. bytes, .. after],
            1 => Encoding.ASCII.GetBytes(Convert.ToBase64String([.. before, .. bytes, .. after])),
            2 => Encoding.UTF8.GetBytes($"<{Uri.EscapeDataString(secret)}>"),
            3 => Encoding.UTF8.GetBytes($"<{JsonSerializer.Serialize(secret)}>"),
            _ => Encoding.UTF8.GetBytes($"<{WebUtility.HtmlEncode(secret)}>"),
        };
    }

    /// <summary>What masking has to give for texts that have no other spelling: slow, and plain to see.</summary>
    private static string Replaced(string[] secrets, string text)
    {
        var masked = new bool[text.Length];
        var begins = new bool[text.Length + 1];
        foreach (var secret in secrets)
        {
            for (var at = text.IndexOf(secret, StringComparison.Ordinal); at >= 0; at = text.IndexOf(secret, at + 1, StringComparison.Ordinal))
            {
                masked.AsSpan(at, secret.Length).Fill(true);
            }
        }

        var shown = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            begins[i] = masked[i] && (i == 0 || !masked[i - 1]);
            _ = begins[i] ? shown.Append("***") : masked[i] ? shown : shown.Append(text[i]);
        }

        return shown.ToString();
    }

    private static IEnumerable<byte[]> Cut(byte[] text, int[] cuts)
    {
        var from = 0;
        foreach (var cut in cuts.Where(cut => cut <= text.Length).Order())
        {
            yield return text[from..cut];
            from = cut;
        }

        yield return text[from..];
    }

    private static byte[] Pass(SecretPatterns patterns, IEnumerable<byte[]> parts)
    {
        var masker = new Masker(patterns);
        var passed = new List<byte>();
        foreach (var part in parts)
        {
            passed.AddRange(masker.Pass(part, isLast: false));
        }

        passed.AddRange(masker.Pass([], isLast: true));
        return [.. passed];
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
