using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace ParallelScripts;

/// <summary>
/// Everything that decides whether a script must run again, one readable line each. The same lines are hashed to compare
/// and compared to explain, so the explanation cannot disagree with the decision.
/// </summary>
internal sealed class Manifest
{
    /// <summary>A longer list is not searched from the front.</summary>
    private const int LongList = 16;

    /// <summary>One thread hashes many manifests, each of a few hundred bytes.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    private readonly List<ManifestLine> _lines = [];
    private Dictionary<(string What, LineKind Kind), ManifestLine>? _byName;
    private Hash128 _hash;
    private volatile bool _isHashed;

    public IReadOnlyList<ManifestLine> Lines => _lines;

    /// <summary>The hash of all lines, without their notes and whatever their order.</summary>
    public Hash128 Hash
    {
        get
        {
            // Two threads may find the same at once, and neither sees half of it.
            if (!_isHashed)
            {
                _hash = HashOf(_lines);
                _isHashed = true;
            }

            return _hash;
        }
    }

    public void AddContent(string what, Hash128 hash, string note = "") => Add(new ManifestLine(what, LineKind.Content, "", hash, note));

    public void AddText(string what, string text) => Add(new ManifestLine(what, LineKind.Text, text, default, ""));

    public void AddRun(string what, string run) => Add(new ManifestLine(what, LineKind.Run, run, default, "it declares no Outputs"));

    public void AddSecret(string what, Hash128 fingerprint) => Add(new ManifestLine(what, LineKind.Secret, "", fingerprint, ""));

    public void AddGroup(string what, Manifest group) => Add(new ManifestLine(what, LineKind.Group, "", group.Hash, ""));

    /// <summary>Adds a line. The same file may decide in several ways, and is one line; another thing of the same name gets a number.</summary>
    public void Add(ManifestLine line)
    {
        for (var (what, number) = (line.What, 2); Find(line.What, line.Kind) is { } same; number++)
        {
            if (line.Kind == LineKind.Content || same.SameValue(line))
            {
                return;
            }

            line = line with { What = $"{what} ({number})" };
        }

        _byName?.Add((line.What, line.Kind), line);
        _lines.Add(line);
        _isHashed = false;
    }

    /// <summary>The lines, each made into another.</summary>
    public Manifest Select(Func<ManifestLine, ManifestLine> selector)
    {
        var selected = new Manifest();
        foreach (var line in _lines)
        {
            selected.Add(selector(line));
        }

        return selected;
    }

    /// <summary>Whether a file decides.</summary>
    public bool Has(string file) => Find(file, LineKind.Content) is not null;

    private ManifestLine? Find(string what, LineKind kind)
    {
        if (_lines.Count <= LongList)
        {
            foreach (var line in _lines)
            {
                if (line.Kind == kind && line.What == what)
                {
                    return line;
                }
            }

            return null;
        }

        _byName ??= _lines.ToDictionary(line => (line.What, line.Kind));
        return _byName.TryGetValue((what, kind), out var found) ? found : null;
    }

    /// <summary>As it is stored: a line each, its parts between tabs.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var line in _lines)
        {
            var value = line.Kind is LineKind.Content or LineKind.Group or LineKind.Secret ? line.Hash.ToString() : Escape(line.Text);
            text.Append(Escape(line.What)).Append('\t').Append((char)line.Kind).Append(value).Append('\t').Append(Escape(line.Note)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It was not written by it.</exception>
    public static Manifest Parse(string text)
    {
        var manifest = new Manifest();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split('\t') is not [var what, [var kind, .. var value], var note])
            {
                throw new FormatException($"'{line}' is not a line of a manifest.");
            }

            manifest.Add((LineKind)kind is LineKind.Content or LineKind.Group or LineKind.Secret
                ? new ManifestLine(Unescape(what), (LineKind)kind, "", Hash128.Parse(value), Unescape(note))
                : new ManifestLine(Unescape(what), (LineKind)kind, Unescape(value), default, Unescape(note)));
        }

        return manifest;
    }

    private static Hash128 HashOf(List<ManifestLine> lines)
    {
        var bytes = _buffer ??= new ArrayBufferWriter<byte>(4096);
        bytes.ResetWrittenCount();
        var sorted = ArrayPool<ManifestLine>.Shared.Rent(lines.Count);
        lines.CopyTo(sorted);
        sorted.AsSpan(0, lines.Count).Sort(static (a, b) => string.CompareOrdinal(a.What, b.What) is var order and not 0 ? order : (int)a.Kind - (int)b.Kind);
        foreach (var line in sorted.AsSpan(0, lines.Count))
        {
            // UTF-16 as it is in memory, with its length, so that no two lists of lines read the same.
            WriteText(bytes, line.What);
            bytes.GetSpan(1)[0] = (byte)line.Kind;
            bytes.Advance(1);
            line.Hash.Write(bytes.GetSpan(Hash128.Size));
            bytes.Advance(Hash128.Size);
            WriteText(bytes, line.Text);
        }

        ArrayPool<ManifestLine>.Shared.Return(sorted, clearArray: true);
        return Hash128.Of(bytes.WrittenSpan);
    }

    private static void WriteText(ArrayBufferWriter<byte> bytes, string text)
    {
        MemoryMarshal.Write(bytes.GetSpan(4), text.Length);
        bytes.Advance(4);
        bytes.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private static string Escape(string text) =>
        text.AsSpan().ContainsAny("\\\t\n") ? text.Replace("\\", "\\\\").Replace("\t", "\\t").Replace("\n", "\\n") : text;

    private static string Unescape(string text)
    {
        if (!text.Contains('\\'))
        {
            return text;
        }

        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] != '\\' || i + 1 == text.Length ? text[i] : text[++i] switch { 't' => '\t', 'n' => '\n', var other => other });
        }

        return plain.ToString();
    }
}

/// <summary>What the value of a line is.</summary>
internal enum LineKind
{
    /// <summary>The hash of a file's content.</summary>
    Content = '#',

    /// <summary>A text a person wrote or can read.</summary>
    Text = '=',

    /// <summary>The run in which a script that declares no outputs last ran.</summary>
    Run = '@',

    /// <summary>The salted hash of a secret.</summary>
    Secret = '*',

    /// <summary>The hash of another manifest, whose lines decide too: many scripts share it.</summary>
    Group = '&',
}

/// <summary>One thing that decides.</summary>
/// <param name="What">What it is called; unique in its manifest among lines of its kind.</param>
/// <param name="Text">The value, for <see cref="LineKind.Text"/> and <see cref="LineKind.Run"/>.</param>
/// <param name="Hash">The value, for the others.</param>
/// <param name="Note">More for a person who reads that it changed, such as who wrote it; decides nothing.</param>
internal sealed record ManifestLine(string What, LineKind Kind, string Text, Hash128 Hash, string Note)
{
    public bool SameValue(ManifestLine other) => Kind == other.Kind && Text == other.Text && Hash == other.Hash;
}

/// <summary>A manifest of files, and when they were as it says: see <see cref="FileHashes.Epoch"/>.</summary>
internal sealed record DatedManifest(int Epoch, Manifest Manifest);
