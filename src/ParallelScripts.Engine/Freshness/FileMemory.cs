using System.Text;

namespace ParallelScripts;

/// <summary>
/// What runs remember of the files they read, in <c>hashes.bin</c>. A file of its own, not part of the history: losing it costs
/// reading the files again, and nothing else.
/// </summary>
internal static class FileMemory
{
    public const string FileName = "hashes.bin";

    /// <summary>"PSFH" and the version of the format.</summary>
    private const long Magic = 0x5053_4648_0000_0002;

    /// <summary>Below what .NET takes for a large object.</summary>
    private const int BufferSize = 1 << 16;

    /// <summary>Recalls what earlier runs read. What cannot be recalled is read again.</summary>
    public static Dictionary<string, FileEntry> Read(string stateDirectory)
    {
        try
        {
            // Not all at once: see docs/decisions/0104-nothing-large-at-once.md.
            var file = new FileStream(Path.Combine(stateDirectory, FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, FileOptions.SequentialScan);
            using var reader = new BinaryReader(file, Encoding.UTF8);
            if (reader.ReadInt64() == Magic && reader.ReadInt32() is var count and >= 0 && count < file.Length)
            {
                var entries = new Dictionary<string, FileEntry>(count, StringComparer.Ordinal);
                for (; count > 0; count--)
                {
                    entries[reader.ReadString()] = FileEntry.Read(reader);
                }

                return entries;
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            // Then there is nothing to recall.
        }

        return [];
    }

    /// <summary>Keeps them for the next run, in one step.</summary>
    public static void Write(string stateDirectory, IReadOnlyCollection<KeyValuePair<string, FileEntry>> entries)
    {
        WholeFile.Write(Path.Combine(stateDirectory, FileName), stream =>
        {
            using var writer = new BinaryWriter(stream, Encoding.UTF8);
            writer.Write(Magic);
            writer.Write(entries.Count);
            foreach (var (name, entry) in entries)
            {
                writer.Write(name);
                entry.Write(writer);
            }
        });
    }
}

/// <summary>What is known of one file. Whoever looks at the file holds this as a lock.</summary>
internal sealed class FileEntry
{
    /// <summary>The coarsest clock among file systems in use, in nanoseconds: FAT's.</summary>
    private const long ClockGrain = 2_000_000_000;

    /// <summary>When <see cref="Stamp"/> was taken, by <see cref="FileStamp.Now"/>.</summary>
    private long _hashedAt;

    private volatile int _epoch;

    public FileStamp Stamp { get; private set; }

    public Hash128 Hash { get; private set; }

    public bool Exists { get; private set; }

    public string[]? Imports { get; set; }

    /// <summary>What follows <c>#!</c> at its beginning, empty if it begins otherwise; null if nobody asked.</summary>
    public string? Shebang { get; set; }

    /// <summary>The epoch in which this is known to be so; 0 if it was known in another run, or the file was written since.</summary>
    public int Epoch
    {
        get => _epoch;
        set => _epoch = value;
    }

    /// <summary>Whether a file with this very stamp has this very content: not if it could have been changed in the same grain of the clock as it was read.</summary>
    public bool IsTrusted => _hashedAt - Math.Max(Stamp.Modified, Stamp.Changed) > ClockGrain;

    public Hash128? HashOrNone => Exists ? Hash : null;

    public void Set(FileStamp stamp, Hash128 hash, long hashedAt)
    {
        if (!Exists || hash != Hash)
        {
            ForgetContent();
        }

        (Stamp, Hash, _hashedAt, Exists) = (stamp, hash, hashedAt, true);
    }

    /// <summary>There is no such file.</summary>
    public void SetMissing()
    {
        Exists = false;
        ForgetContent();
    }

    public static FileEntry Read(BinaryReader reader)
    {
        var entry = new FileEntry();
        var stamp = new FileStamp(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64());
        entry.Set(stamp, new Hash128(reader.ReadUInt64(), reader.ReadUInt64()), reader.ReadInt64());
        if (reader.ReadInt32() is var count and >= 0)
        {
            entry.Imports = new string[count];
            for (var i = 0; i < count; i++)
            {
                entry.Imports[i] = reader.ReadString();
            }
        }

        entry.Shebang = reader.ReadBoolean() ? reader.ReadString() : null;
        return entry;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Stamp.Length);
        writer.Write(Stamp.Modified);
        writer.Write(Stamp.Changed);
        writer.Write(Stamp.Inode);
        writer.Write(Hash.High);
        writer.Write(Hash.Low);
        writer.Write(_hashedAt);
        writer.Write(Imports?.Length ?? -1);
        foreach (var import in Imports ?? [])
        {
            writer.Write(import);
        }

        writer.Write(Shebang is not null);
        if (Shebang is not null)
        {
            writer.Write(Shebang);
        }
    }

    private void ForgetContent() => (Imports, Shebang) = (null, null);
}
