using System.Text;

namespace ParallelScripts;

/// <summary>
/// Reads text as what it stands for, whichever of the usual ways of escaping it went through: URL (<c>%C3%A4</c>), JSON and
/// programming languages (<c>\"</c>, <c>\/</c>, <c>\u00e4</c>, <c>\xe4</c>, <c>\303</c>), XML (<c>&amp;quot;</c>, <c>&amp;#39;</c>), and a
/// shell's quotes. What only holds text together is read as nothing: quotes, backslashes, line ends, colours of a terminal.
/// </summary>
/// <remarks>
/// A secret and the text that may show it are both read so and then compared, so it does not matter which of two readings of
/// <c>\n</c> is right, only that it is the same in both.
/// </remarks>
internal static class Escapes
{
    /// <summary>No escape is longer; one that seems to be is none.</summary>
    public const int Longest = 32;

    private static readonly (byte[] Name, byte Value)[] _entities =
        [("amp;"u8.ToArray(), (byte)'&'), ("lt;"u8.ToArray(), (byte)'<'), ("gt;"u8.ToArray(), (byte)'>'), ("quot;"u8.ToArray(), (byte)'"'), ("apos;"u8.ToArray(), (byte)'\'')];

    /// <summary>Whether this byte may begin something that is not itself.</summary>
    public static bool IsSpecial(byte b) => b is (byte)'%' or (byte)'\\' or (byte)'&' || IsNothing(b);

    /// <summary>What terminals and readers pass over, and quotes.</summary>
    public static bool IsNothing(byte b) => b is (byte)'\'' or (byte)'"' or (byte)'\\' or 0x7f or (< 0x20 and not (byte)'\t');

    /// <summary>
    /// Reads what begins with a special byte. Gives how many bytes it is, at least 1, and what they stand for, at most 4 bytes; or 0
    /// if that depends on bytes that have not come yet.
    /// </summary>
    public static int Read(ReadOnlySpan<byte> text, bool isLast, Span<byte> meaning, out int count)
    {
        count = 0;
        var reader = new Reader(text.Length > Longest ? text[..Longest] : text, isLast || text.Length > Longest);
        var length = text[0] switch
        {
            (byte)'%' => Percent(ref reader, meaning, ref count),
            (byte)'\\' => Backslash(ref reader, meaning, ref count),
            (byte)'&' => Entity(ref reader, meaning, ref count),
            0x1b => Terminal(ref reader),
            _ => 1,
        };
        if (reader.NeedsMore)
        {
            return 0;
        }

        if (length == 0)
        {
            // Not an escape after all.
            (length, count) = (1, 0);
            if (!IsNothing(text[0]))
            {
                (meaning[0], count) = (text[0], 1);
            }
        }

        return length;
    }

    private static int Percent(ref Reader reader, Span<byte> meaning, ref int count)
    {
        if (!reader.TryHex(1, 2, out var value))
        {
            return 0;
        }

        // %2541 is %41 escaped once more.
        var length = 3;
        while (value == '%' && reader.TryHex(length, 2, out var inner))
        {
            value = inner;
            length += 2;
        }

        return Byte((byte)value, length, meaning, ref count);
    }

    private static int Backslash(ref Reader reader, Span<byte> meaning, ref int count)
    {
        // \\\" is \" escaped once more.
        var at = 1;
        while (reader.Is(at, (byte)'\\'))
        {
            at++;
        }

        if (reader.At(at) is not { } kind)
        {
            return at;
        }

        switch (kind)
        {
            case (byte)'u' when reader.TryHex(at + 1, 4, out var unit):
                if (char.IsHighSurrogate((char)unit))
                {
                    var low = at + 5;
                    while (reader.Is(low, (byte)'\\'))
                    {
                        low++;
                    }

                    return low > at + 5 && reader.Is(low, (byte)'u') && reader.TryHex(low + 1, 4, out var second) && char.IsLowSurrogate((char)second)
                        ? Character(char.ConvertToUtf32((char)unit, (char)second), low + 5, meaning, ref count)
                        : at;
                }

                return Character(unit, at + 5, meaning, ref count) is var length and > 0 ? length : at;
            case (byte)'U' when reader.TryHex(at + 1, 8, out var character):
                return Character(character, at + 9, meaning, ref count) is var longLength and > 0 ? longLength : at;
            case (byte)'x' when reader.TryHex(at + 1, 2, out var value):
                return Byte((byte)value, at + 3, meaning, ref count);
            case (byte)'t':
                return Byte((byte)'\t', at + 1, meaning, ref count);
            case (byte)'n' or (byte)'r':
                return at + 1;
            case >= (byte)'0' and <= (byte)'3' when reader.TryOctal(at, out var octal):
                return Byte((byte)octal, at + 3, meaning, ref count);
            default:
                return at;
        }
    }

    private static int Entity(ref Reader reader, Span<byte> meaning, ref int count)
    {
        // &amp;quot; is &quot; escaped once more.
        var start = 1;
        while (reader.Is(start, "amp;"u8))
        {
            start += 4;
        }

        if (reader.Is(start, (byte)'#'))
        {
            var isHex = reader.Is(start + 1, (byte)'x') || reader.Is(start + 1, (byte)'X');
            var at = start + (isHex ? 2 : 1);
            var (value, digits) = (0, 0);
            while (digits < 7 && reader.At(at) is { } digit && Digit(digit) is var one && one < (isHex ? 16 : 10))
            {
                value = (value * (isHex ? 16 : 10)) + one;
                (digits, at) = (digits + 1, at + 1);
            }

            if (digits > 0 && reader.Is(at, (byte)';') && Character(value, at + 1, meaning, ref count) is var length and > 0)
            {
                return length;
            }
        }

        foreach (var (name, value) in _entities)
        {
            if (reader.Is(start, name))
            {
                return Byte(value, start + name.Length, meaning, ref count);
            }
        }

        return start == 1 ? 0 : Byte((byte)'&', start, meaning, ref count);
    }

    /// <summary>A control sequence of ECMA-48.</summary>
    private static int Terminal(ref Reader reader)
    {
        if (!reader.Is(1, (byte)'['))
        {
            return 0;
        }

        var at = 2;
        while (reader.At(at) is >= 0x20 and <= 0x3f)
        {
            at++;
        }

        return reader.At(at) is >= 0x40 and <= 0x7e ? at + 1 : 0;
    }

    private static int Byte(byte value, int length, Span<byte> meaning, ref int count)
    {
        if (!IsNothing(value))
        {
            (meaning[0], count) = (value, 1);
        }

        return length;
    }

    private static int Character(int value, int length, Span<byte> meaning, ref int count)
    {
        if (!Rune.IsValid(value))
        {
            return 0;
        }

        if (value > 0x7f || !IsNothing((byte)value))
        {
            count = new Rune(value).EncodeToUtf8(meaning);
        }

        return length;
    }

    private static int Digit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => int.MaxValue,
    };

    /// <summary>A text whose end may not have come yet; remembers whether anybody asked beyond it.</summary>
    private ref struct Reader(ReadOnlySpan<byte> text, bool isLast)
    {
        private readonly ReadOnlySpan<byte> _text = text;

        public bool NeedsMore { get; private set; }

        public byte? At(int index)
        {
            if (index < _text.Length)
            {
                return _text[index];
            }

            NeedsMore |= !isLast;
            return null;
        }

        public bool Is(int index, byte expected) => At(index) == expected;

        public bool Is(int index, ReadOnlySpan<byte> expected)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                if (At(index + i) != expected[i])
                {
                    return false;
                }
            }

            return true;
        }

        public bool TryHex(int index, int digits, out int value)
        {
            value = 0;
            for (var i = 0; i < digits; i++)
            {
                if (At(index + i) is not { } digit || Digit(digit) > 15)
                {
                    return false;
                }

                value = (value << 4) | Digit(digit);
            }

            return true;
        }

        public bool TryOctal(int index, out int value)
        {
            value = 0;
            for (var i = 0; i < 3; i++)
            {
                if (At(index + i) is not { } digit || Digit(digit) > 7)
                {
                    return false;
                }

                value = (value << 3) | Digit(digit);
            }

            return true;
        }
    }
}
