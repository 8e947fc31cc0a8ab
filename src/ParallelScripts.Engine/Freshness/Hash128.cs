using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;

namespace ParallelScripts;

/// <summary>The XXH128 hash of some bytes.</summary>
/// <remarks>
/// Not a UInt128: methods that touch one are left out when assemblies are compiled ahead of time, and would be compiled anew, and
/// badly, in every build.
/// </remarks>
internal readonly record struct Hash128(ulong High, ulong Low)
{
    public const int Size = 16;

    public static Hash128 Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Size];
        XxHash128.Hash(bytes, hash);
        return Read(hash);
    }

    public static Hash128 Of(XxHash128 hasher)
    {
        Span<byte> hash = stackalloc byte[Size];
        hasher.GetCurrentHash(hash);
        return Read(hash);
    }

    /// <summary>From 16 bytes, the highest first.</summary>
    public static Hash128 Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }

    /// <summary>From what <see cref="ToString"/> gave.</summary>
    /// <exception cref="FormatException">It is not 32 hexadecimal digits.</exception>
    public static Hash128 Parse(ReadOnlySpan<char> digits) => digits.Length == 2 * Size
        ? new(ulong.Parse(digits[..Size], NumberStyles.HexNumber, CultureInfo.InvariantCulture), ulong.Parse(digits[Size..], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{digits}' is no hash.");

    public override string ToString() => High.ToString("x16", CultureInfo.InvariantCulture) + Low.ToString("x16", CultureInfo.InvariantCulture);
}
