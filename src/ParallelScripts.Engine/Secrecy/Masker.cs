using System.Buffers;

namespace ParallelScripts;

/// <summary>
/// Replaces the secrets in a stream by <c>***</c> while it passes. What may be the beginning of a secret waits for what comes
/// next, and nothing else waits; where secrets overlap or touch, all of it is one <c>***</c>. How the stream is cut makes no difference.
/// </summary>
internal sealed class Masker(SecretPatterns patterns)
{
    private readonly SecretTrack _plain = new(patterns, withEscapes: false);
    private readonly SecretTrack _escaped = new(patterns, withEscapes: true);
    private readonly List<(long Start, long End)> _found = [];
    private readonly ArrayBufferWriter<byte> _held = new();
    private readonly ArrayBufferWriter<byte> _passed = new();

    /// <summary>Where in the stream that begins which has not passed yet.</summary>
    private long _offset;

    /// <summary>The end of the last secret, which has been replaced already.</summary>
    private long _maskedTo = -1;

    /// <summary>How many bytes wait.</summary>
    internal int Held => _held.WrittenCount;

    /// <summary>Takes more of the stream and gives what may pass, good until the next call.</summary>
    /// <param name="bytes">What came.</param>
    /// <param name="isLast">Nothing more will come, so nothing waits for it.</param>
    public ReadOnlySpan<byte> Pass(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var held = _held.WrittenCount > 0;
        if (held)
        {
            _held.Write(bytes);
        }

        var all = held ? _held.WrittenSpan : bytes;
        _plain.Read(all, _offset, isLast, _found);
        _escaped.Read(all, _offset, isLast, _found);
        var end = _offset + all.Length;
        var to = isLast ? end : Math.Min(_plain.OpenFrom, _escaped.OpenFrom);
        if (!held && to == end && _found.Count == 0 && _maskedTo <= _offset)
        {
            _offset = end;
            return bytes;
        }

        _passed.ResetWrittenCount();
        PassTo(all, to);
        Hold(all[(int)(to - _offset)..], held);
        _offset = to;
        return _passed.WrittenSpan;
    }

    /// <summary>Begins another stream.</summary>
    public void Reset()
    {
        _plain.Reset();
        _escaped.Reset();
        _found.Clear();
        _held.ResetWrittenCount();
        (_offset, _maskedTo) = (0, -1);
    }

    private void PassTo(ReadOnlySpan<byte> all, long to)
    {
        var at = Math.Max(_offset, _maskedTo);
        _found.Sort();
        var taken = 0;
        for (; taken < _found.Count && _found[taken].Start < to; taken++)
        {
            var (start, end) = _found[taken];
            if (start > at)
            {
                _passed.Write(all[(int)(at - _offset)..(int)(start - _offset)]);
            }

            if (start > _maskedTo)
            {
                _passed.Write("***"u8);
            }

            _maskedTo = Math.Max(_maskedTo, end);
            at = Math.Max(at, _maskedTo);
        }

        _found.RemoveRange(0, taken);
        if (to > at)
        {
            _passed.Write(all[(int)(at - _offset)..(int)(to - _offset)]);
        }
    }

    /// <summary>Keeps what waits. It lies in the same buffer, behind what has passed, or in the caller's.</summary>
    private void Hold(ReadOnlySpan<byte> rest, bool held)
    {
        if (!held)
        {
            _held.Write(rest);
            return;
        }

        var copy = ArrayPool<byte>.Shared.Rent(rest.Length);
        rest.CopyTo(copy);
        _held.ResetWrittenCount();
        _held.Write(copy.AsSpan(0, rest.Length));
        ArrayPool<byte>.Shared.Return(copy, clearArray: true);
    }
}
