namespace ParallelScripts;

/// <summary>
/// Reads a stream in one way, as plain text or with its escapes understood, and finds where the secrets are. Only as much is
/// remembered as the longest pattern is long.
/// </summary>
internal sealed class SecretTrack(SecretPatterns patterns, bool withEscapes)
{
    /// <summary>So many bytes that mean nothing may stand within a secret: line ends and what indents them, backslashes, quotes.</summary>
    private const int MostNothing = 16;

    private const int Ring = 2 * PatternTrie.LongestPattern;

    private readonly PairSet _beginnings = withEscapes ? patterns.EscapedBeginnings : patterns.PlainBeginnings;

    /// <summary>Where in the stream each of the last bytes that count began.</summary>
    private readonly long[] _starts = new long[Ring];
    private int _count;
    private int _state;
    private int _nothing;
    private long _at;

    /// <summary>What comes before this will be part of nothing that is found later.</summary>
    public long OpenFrom => patterns.Trie.Open(_state) is var open and > 0 ? _starts[(_count - open) & (Ring - 1)] : _at;

    /// <summary>Begins another stream.</summary>
    public void Reset() => (_count, _state, _nothing, _at) = (0, 0, 0, 0);

    /// <summary>Reads on, from where it has come to, to the end.</summary>
    /// <param name="bytes">Everything from <paramref name="offset"/> on that has come.</param>
    /// <param name="isLast">Nothing more will come.</param>
    /// <param name="found">Gets the places of secrets, by where they end.</param>
    public void Read(ReadOnlySpan<byte> bytes, long offset, bool isLast, List<(long Start, long End)> found)
    {
        var i = (int)(_at - offset);
        Span<byte> meaning = stackalloc byte[4];
        while (i < bytes.Length)
        {
            if (_state == 0)
            {
                i += _beginnings.IndexIn(bytes[i..]);
            }

            var b = bytes[i];
            if (withEscapes && Escapes.IsSpecial(b))
            {
                var length = Escapes.Read(bytes[i..], isLast, meaning, out var count);
                if (length == 0)
                {
                    break;
                }

                for (var m = 0; m < count; m++)
                {
                    Take(meaning[m], offset + i, offset + i + length, found);
                }

                if (count == 0)
                {
                    TakeNothing();
                }

                i += length;
            }
            else if (b is (byte)'\n' or (byte)'\r')
            {
                TakeNothing();
                i++;
            }
            else
            {
                Take(b, offset + i, offset + i + 1, found);
                i++;
            }
        }

        _at = offset + i;
    }

    private void Take(byte b, long start, long end, List<(long Start, long End)> found)
    {
        _nothing = 0;
        _starts[_count++ & (Ring - 1)] = start;
        _state = patterns.Trie.Next(_state, SecretPatterns.Folded(b));
        if (patterns.Trie.Match(_state) is var match and > 0)
        {
            found.Add((_starts[(_count - match) & (Ring - 1)], end));
        }
    }

    private void TakeNothing()
    {
        if (++_nothing > MostNothing)
        {
            _state = 0;
        }
    }
}
