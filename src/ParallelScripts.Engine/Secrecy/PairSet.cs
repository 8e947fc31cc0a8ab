namespace ParallelScripts;

/// <summary>A set of pairs of bytes, in 8 KB that stay in a processor's nearest cache: a stream is searched for one at a nanosecond a byte.</summary>
internal sealed class PairSet
{
    private readonly uint[] _bits = new uint[65536 / 32];

    /// <param name="firsts">What pairs of the set begin with.</param>
    /// <param name="contains">Asked of every pair that begins with one of these.</param>
    public PairSet(IEnumerable<byte> firsts, Func<byte, byte, bool> contains)
    {
        foreach (var first in firsts)
        {
            for (var second = 0; second < 256; second++)
            {
                var pair = first | (second << 8);
                _bits[pair >> 5] |= contains(first, (byte)second) ? 1u << (pair & 31) : 0;
            }
        }
    }

    /// <summary>Where the first pair of the set begins; or the last byte, of whose pair nothing is known yet.</summary>
    public int IndexIn(ReadOnlySpan<byte> bytes)
    {
        var bits = _bits;
        int pair = bytes[0];
        for (var i = 1; i < bytes.Length; i++)
        {
            pair |= bytes[i] << 8;
            if ((bits[pair >> 5] >> pair & 1) != 0)
            {
                return i - 1;
            }

            pair >>= 8;
        }

        return bytes.Length - 1;
    }
}
