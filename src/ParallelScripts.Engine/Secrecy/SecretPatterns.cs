using System.Text;

namespace ParallelScripts;

/// <summary>What to look for so that a secret is found in plain, in base64 and in hexadecimal.</summary>
/// <remarks>
/// Base64 is looked for at its three alignments, as the middle of a longer text is encoded (<c>user:password</c>), without the
/// characters to which the neighbours of the secret contribute. Of the secret itself, that leaves at most four bits on either side.
/// </remarks>
internal sealed class SecretPatterns
{
    /// <summary>A longer pattern is cut into pieces of this length: a part of a key is as secret as the whole, and less has to be held back.</summary>
    private const int Piece = 48;

    /// <summary>A shorter rest belongs to the piece before it.</summary>
    private const int ShortestPiece = 16;

    private const int ShortestPattern = 4;

    /// <summary>Longer ones are not looked for in hexadecimal.</summary>
    private const int MostBytesInHex = 256;

    private static readonly byte[] _folded = Fold();

    /// <param name="values">Each at least <see cref="Secrets.ShortestMasked"/> characters long.</param>
    public SecretPatterns(IEnumerable<string> values)
    {
        Trie = new PatternTrie(values.SelectMany(Parts).SelectMany(PatternsOf).SelectMany(Pieces));
        byte[] beginnings = [.. Enumerable.Range(0, 256).Select(b => (byte)b).Where(b => Trie.Next(0, Folded(b)) != 0)];
        byte[] leads = [(byte)'%', (byte)'\\', (byte)'&', 0x1b];
        PlainBeginnings = new PairSet(beginnings, (first, second) => second is (byte)'\r' or (byte)'\n' || MayBegin(first, second));
        EscapedBeginnings = new PairSet(beginnings.Union(leads), (first, second) => leads.Contains(first) || Escapes.IsSpecial(second) || MayBegin(first, second));
    }

    public PatternTrie Trie { get; }

    /// <summary>What a pattern may begin with in plain text.</summary>
    public PairSet PlainBeginnings { get; }

    /// <summary>What a pattern may begin with in text with escapes.</summary>
    public PairSet EscapedBeginnings { get; }

    /// <summary>Characters that stand for each other in some spelling are one: the two alphabets of base64, and a blank in a URL.</summary>
    public static byte Folded(byte b) => _folded[b];

    /// <summary>The value without white space around it; and if it has several lines, each that is long enough and not a mere heading.</summary>
    private static IEnumerable<string> Parts(string value)
    {
        var whole = value.Trim();
        yield return whole;

        // Keys in variables often have \n where the file has a line end.
        var text = whole.StartsWith("-----BEGIN", StringComparison.Ordinal) ? whole.Replace("\\n", "\n") : whole;
        var lines = text.Split(['\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines.Length > 1 ? lines : [])
        {
            if (line.Length >= Secrets.ShortestMasked && !line.StartsWith("-----", StringComparison.Ordinal))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<byte[]> PatternsOf(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var patterns = FormsOf(bytes);
        if (text.Any(c => c > 0x7f) && text.All(c => c <= 0xff))
        {
            patterns = patterns.Concat(FormsOf(Encoding.Latin1.GetBytes(text)));
        }

        // With fewer bytes, because the rest are quotes, it would be found in many other things too.
        return patterns.Where(pattern => pattern.Length >= ShortestPattern);
    }

    private static IEnumerable<byte[]> FormsOf(byte[] bytes)
    {
        yield return AsPlain(bytes);
        foreach (var pattern in AsEscaped(bytes))
        {
            yield return pattern;
        }

        foreach (var pattern in InBase64(bytes))
        {
            yield return AsPlain(Encoding.ASCII.GetBytes(pattern));
        }

        if (bytes.Length <= MostBytesInHex)
        {
            yield return Encoding.ASCII.GetBytes(Convert.ToHexString(bytes));
            yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes));
        }
    }

    private static IEnumerable<string> InBase64(byte[] bytes)
    {
        for (var before = 0; before < 3; before++)
        {
            var all = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var from = before == 0 ? 0 : before + 1;
            yield return all[from..((before + bytes.Length) * 8 / 6)];

            // The same where the text ends with the secret, with padding and without.
            yield return all[from..];
            yield return all[from..].TrimEnd('=');
        }
    }

    private static IEnumerable<byte[]> Pieces(byte[] pattern)
    {
        var from = 0;
        for (; pattern.Length - from >= Piece + ShortestPiece; from += Piece)
        {
            yield return pattern[from..(from + Piece)];
        }

        yield return pattern[from..];
    }

    /// <summary>As <see cref="SecretTrack"/> reads plain text.</summary>
    private static byte[] AsPlain(byte[] bytes) => [.. bytes.Where(b => b is not ((byte)'\r' or (byte)'\n')).Select(Folded)];

    /// <summary>
    /// As <see cref="SecretTrack"/> reads text with escapes. What looks like an escape in the secret itself is read as one where the text has
    /// it as it is, and is not where a way of escaping has changed its first character: all that can be.
    /// </summary>
    private static IEnumerable<byte[]> AsEscaped(byte[] bytes)
    {
        byte[] leads = [.. "%\\&"u8.ToArray().Where(lead => bytes.Contains(lead))];
        for (var combination = 0; combination < 1 << leads.Length; combination++)
        {
            yield return AsEscaped(bytes, [.. leads.Where((_, i) => (combination & (1 << i)) != 0)]);
        }
    }

    private static byte[] AsEscaped(ReadOnlySpan<byte> bytes, byte[] notLeads)
    {
        var read = new List<byte>();
        Span<byte> meaning = stackalloc byte[4];
        while (bytes.Length > 0)
        {
            var (length, count) = (1, Escapes.IsNothing(bytes[0]) ? 0 : 1);
            meaning[0] = bytes[0];
            if (Escapes.IsSpecial(bytes[0]) && !notLeads.Contains(bytes[0]))
            {
                length = Escapes.Read(bytes, isLast: true, meaning, out count);
            }

            foreach (var b in meaning[..count])
            {
                read.Add(Folded(b));
            }

            bytes = bytes[length..];
        }

        return [.. read];
    }

    private bool MayBegin(byte first, byte second) => Trie.Open(Trie.Next(Trie.Next(0, Folded(first)), Folded(second))) > 1;

    private static byte[] Fold()
    {
        var folded = new byte[256];
        for (var b = 0; b < 256; b++)
        {
            folded[b] = (byte)b switch { (byte)'-' or (byte)' ' => (byte)'+', (byte)'_' => (byte)'/', var other => other };
        }

        return folded;
    }
}
