using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace ParallelScripts;

/// <summary>
/// Cuts what a script prints into lines. What it holds is one state of one line, and never more than <see cref="LongestLine"/>: of a line
/// that redraws itself for an hour only the last state is a line, and one that does not end comes in parts. Where a line
/// is cut depends on its bytes alone, not on how they came.
/// </summary>
internal sealed class OutputLines(Action<OutputLine> line)
{
    /// <summary>A longer line comes in parts of this many bytes, or a few less: no character and no escape sequence is cut.</summary>
    public const int LongestLine = 16 * 1024;

    /// <summary>No escape sequence that matters is longer; what is, is cut.</summary>
    private const int LongestEscape = 64;

    /// <summary>Longer lines are seldom the same as the one before.</summary>
    private const int LongestRemembered = 256;

    private const byte Escape = 0x1b;

    /// <summary>What needs no second look: printable ASCII, and the tab.</summary>
    private static readonly SearchValues<byte> _plain = SearchValues.Create([(byte)'\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (byte)c)]);

    /// <summary>Escape sequences that put the cursor at the beginning of its line, as a carriage return does.</summary>
    private static readonly byte[][] _returns = ["\u001b[G"u8.ToArray(), "\u001b[0G"u8.ToArray(), "\u001b[1G"u8.ToArray()];

    private readonly List<byte> _start = [];
    private bool _hasStarted;
    private Decoder? _utf16;
    private byte[] _held = [];
    private int _length;
    private long _bytes;
    private bool _continues;
    private byte[] _lastBytes = [];
    private string _lastText = "";

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (!_hasStarted && !TryStart(ref bytes))
        {
            return;
        }

        if (_utf16 is null)
        {
            Cut(bytes);
        }
        else
        {
            Transcode(bytes, flush: false);
        }
    }

    /// <summary>Gives a last line that nothing ended. What is written after this begins anew.</summary>
    public void End()
    {
        if (!_hasStarted && _start.Count > 0)
        {
            Cut(CollectionsMarshal.AsSpan(_start));
        }
        else if (_utf16 is not null)
        {
            Transcode([], flush: true);
        }

        if (_bytes > 0)
        {
            EndLine();
        }

        _start.Clear();
        _hasStarted = false;
        _utf16 = null;
    }

    /// <summary>
    /// Looks at the first bytes for a mark that says what the rest is: Windows PowerShell writes UTF-16. False as long as there are too few.
    /// </summary>
    private bool TryStart(ref ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            _start.Add(bytes[0]);
            bytes = bytes[1..];
            switch (CollectionsMarshal.AsSpan(_start))
            {
                case [0xef] or [0xef, 0xbb] or [0xff] or [0xfe]:
                    continue;
                case [0xef, 0xbb, 0xbf]:
                    break;
                case [0xff, 0xfe]:
                    _utf16 = Encoding.Unicode.GetDecoder();
                    break;
                case [0xfe, 0xff]:
                    _utf16 = Encoding.BigEndianUnicode.GetDecoder();
                    break;
                case var none:
                    Cut(none);
                    break;
            }

            _hasStarted = true;
            return true;
        }

        return false;
    }

    private void Transcode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var chars = ArrayPool<char>.Shared.Rent(_utf16!.GetCharCount(bytes, flush));
        var utf8 = ArrayPool<byte>.Shared.Rent(chars.Length * 3);
        var count = _utf16.GetChars(bytes, chars, flush);
        Cut(utf8.AsSpan(0, Encoding.UTF8.GetBytes(chars.AsSpan(0, count), utf8)));
        ArrayPool<char>.Shared.Return(chars);
        ArrayPool<byte>.Shared.Return(utf8);
    }

    private void Cut(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            if (_bytes == 0 && end <= LongestLine)
            {
                line(new OutputLine(Readable(bytes[..end]), end + 1, Continues: false));
            }
            else
            {
                Hold(bytes[..end]);
                _bytes++;
                EndLine();
            }

            bytes = bytes[(end + 1)..];
        }

        Hold(bytes);
    }

    private void EndLine()
    {
        // A line that is as long as some parts has no empty part behind them.
        if (!_continues || Held.ContainsAnyExcept((byte)'\r'))
        {
            line(new OutputLine(Readable(Held), _bytes, _continues));
        }

        _length = 0;
        _bytes = 0;
        _continues = false;
    }

    private void Hold(ReadOnlySpan<byte> part)
    {
        while (_length + part.Length > LongestLine)
        {
            var fits = LongestLine - _length;
            Append(part[..fits]);
            MakeRoom();
            part = part[fits..];
        }

        Append(part);
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        if (_length + part.Length > _held.Length)
        {
            Array.Resize(ref _held, Math.Clamp(2 * (_length + part.Length), 256, LongestLine));
        }

        part.CopyTo(_held.AsSpan(_length));
        _length += part.Length;
        _bytes += part.Length;
    }

    /// <summary>Forgets what has been drawn over, and if nothing has, gives what is held as a part.</summary>
    private void MakeRoom()
    {
        var overdrawn = StartOfLastState(Held);
        var returns = _length - WithoutReturnsAtEnd(Held).Length;
        if (overdrawn > 0)
        {
            Keep(overdrawn);
        }
        else if (returns > 1)
        {
            _length -= returns;
            _held[_length++] = (byte)'\r';
        }
        else
        {
            var end = _length - returns;
            end = Math.Min(StartOfUnfinishedCharacter(Held[..end]), StartOfUnfinishedEscape(Held[..end]));
            var kept = _length - end;
            line(new OutputLine(Readable(Held[..end]), _bytes - kept, _continues));
            Keep(end);
            _bytes = kept;
            _continues = true;
        }
    }

    private Span<byte> Held => _held.AsSpan(0, _length);

    private void Keep(int from)
    {
        Held[from..].CopyTo(_held);
        _length -= from;
    }

    /// <summary>The line's text: UTF-8 where it is, and no character that moves a cursor.</summary>
    private string Readable(ReadOnlySpan<byte> bytes)
    {
        // A flood is often one line, over and over.
        if (bytes.SequenceEqual(_lastBytes))
        {
            return _lastText;
        }

        var state = bytes[StartOfLastState(bytes)..].TrimEnd((byte)'\r');
        var text = state.ContainsAnyExcept(_plain) ? TerminalText.Clean(Encoding.UTF8.GetString(state)) : Encoding.Latin1.GetString(state);
        if (bytes.Length <= LongestRemembered)
        {
            _lastBytes = bytes.Length == _lastBytes.Length ? _lastBytes : new byte[bytes.Length];
            bytes.CopyTo(_lastBytes);
            _lastText = text;
        }

        return text;
    }

    /// <summary>Where the text begins that is drawn over all before it. A return at the very end draws over nothing yet.</summary>
    private static int StartOfLastState(ReadOnlySpan<byte> line)
    {
        line = WithoutReturnsAtEnd(line);
        var start = line.LastIndexOf((byte)'\r') + 1;
        if (line.Contains(Escape))
        {
            foreach (var sequence in _returns)
            {
                var at = line.LastIndexOf(sequence);
                start = Math.Max(start, at < 0 ? 0 : at + sequence.Length);
            }
        }

        return start;
    }

    private static ReadOnlySpan<byte> WithoutReturnsAtEnd(ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var length = line.Length;
            line = line.TrimEnd((byte)'\r');
            if (line is [.., (byte)'G'])
            {
                foreach (var sequence in _returns)
                {
                    line = line.EndsWith(sequence) ? line[..^sequence.Length] : line;
                }
            }

            if (line.Length == length)
            {
                return line;
            }
        }
    }

    private static int StartOfUnfinishedCharacter(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= 3 && back < text.Length; back++)
        {
            var lead = text[^back];
            var length = lead switch { >= 0xf0 => 4, >= 0xe0 => 3, >= 0xc0 => 2, _ => 1 };
            if (length > 1)
            {
                return length > back ? text.Length - back : text.Length;
            }

            if (lead < 0x80)
            {
                break;
            }
        }

        return text.Length;
    }

    private static int StartOfUnfinishedEscape(ReadOnlySpan<byte> text)
    {
        var from = Math.Max(1, text.Length - LongestEscape);
        var escape = text[from..].LastIndexOf(Escape);
        return escape >= 0 && !TerminalText.IsFinished(text[(from + escape)..]) ? from + escape : text.Length;
    }
}

/// <summary>A line as a person should see it, or a part of one that is longer than we hold.</summary>
/// <param name="Text">Without the characters that end it, and without control characters.</param>
/// <param name="Bytes">What was printed for it, its end included.</param>
/// <param name="Continues">Whether it goes on where the part before it was cut.</param>
internal readonly record struct OutputLine(string Text, long Bytes, bool Continues);
