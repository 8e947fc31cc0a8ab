using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Text;

namespace ParallelScripts;

/// <summary>
/// The content hash of each file, taken once a run however many scripts read it, and remembered across runs by the file's stamp.
/// Content decides and a stamp only saves reading: one that was taken within two seconds of the file's last change is not
/// trusted the next time, because a later change could have left it the same.
/// </summary>
/// <remarks>The memory is a file of its own, not part of the history: losing it costs reading the files again, and nothing else.</remarks>
internal sealed class FileHashes(ProjectFiles files, string stateDirectory, Secrets secrets)
{
    /// <summary>The coarsest clock among file systems in use: FAT's.</summary>
    private const long ClockGrain = 2_000_000_000;

    /// <summary>"PSFH" and the version of the format.</summary>
    private const long Magic = 0x5053_4648_0000_0001;

    private readonly string _memory = Path.Combine(stateDirectory, "hashes.bin");
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Raised when a script that declares no outputs has run: any file may be another then.</summary>
    private int _epoch = 1;

    private bool _changed;

    /// <summary>Changes whenever what is known of the files is no longer sure.</summary>
    public int Epoch => _epoch;

    /// <summary>The hash of a file's content; null if there is no such file.</summary>
    public UInt128? Of(string name)
    {
        var entry = _entries.GetOrAdd(name, static _ => new Entry());
        return entry.Epoch == _epoch ? entry.HashOrNone : Look(name, entry, mostBytes: long.MaxValue).Hash;
    }

    /// <summary>The same if it can be told at once: without reading more than <paramref name="mostBytes"/>.</summary>
    public bool TryQuickly(string name, long mostBytes, out UInt128? hash)
    {
        var entry = _entries.GetOrAdd(name, static _ => new Entry());
        if (entry.Epoch == _epoch)
        {
            hash = entry.HashOrNone;
            return true;
        }

        (var told, hash) = Look(name, entry, mostBytes);
        return told;
    }

    /// <summary>Looks at files beforehand, on a core that is free; who wants to know one of them later finds it known.</summary>
    public void LookAhead(IEnumerable<string> names, long mostBytes)
    {
        foreach (var name in names)
        {
            TryQuickly(name, mostBytes, out _);
        }
    }

    /// <summary>What a file imports, as <paramref name="scan"/> finds it; remembered as long as its content stays the same.</summary>
    public IReadOnlyList<string> ImportsOf(string name, Func<string, IReadOnlyList<string>> scan)
    {
        if (Of(name) is null)
        {
            return [];
        }

        var entry = _entries[name];
        if (entry.Imports is null)
        {
            entry.Imports = [.. scan(File.ReadAllText(files.AbsoluteOf(name)))];
            _changed = true;
        }

        return entry.Imports;
    }

    /// <summary>A script has written these files.</summary>
    public void Forget(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (_entries.TryGetValue(name, out var entry))
            {
                // Not while somebody is looking at the file: what they saw may be from before.
                lock (entry)
                {
                    entry.Epoch = 0;
                }
            }
        }
    }

    /// <summary>A script that does not say what it writes has run.</summary>
    public void ForgetAll() => Interlocked.Increment(ref _epoch);

    /// <summary>Recalls what earlier runs read. What cannot be recalled is read again.</summary>
    public void Load()
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(File.ReadAllBytes(_memory)), Encoding.UTF8);
            if (reader.ReadInt64() != Magic)
            {
                return;
            }

            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                _entries[reader.ReadString()] = Entry.Read(reader);
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            _entries.Clear();
        }
    }

    /// <summary>Keeps what this run read for the next one, if anything is new.</summary>
    public void Save()
    {
        if (!_changed)
        {
            return;
        }

        var temporary = _memory + ".new";
        using (var writer = new BinaryWriter(new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16), Encoding.UTF8))
        {
            // Only what this run asked for: what left the project leaves the memory. A name with a secret in it is not written down.
            var current = _entries.Where(entry => entry.Value is { Epoch: > 0, Exists: true } && (object)secrets.Mask(entry.Key) == entry.Key).ToArray();
            writer.Write(Magic);
            writer.Write(current.Length);
            foreach (var (name, entry) in current)
            {
                writer.Write(name);
                entry.Write(writer);
            }
        }

        File.Move(temporary, _memory, overwrite: true);
    }

    private (bool Told, UInt128? Hash) Look(string name, Entry entry, long mostBytes)
    {
        // One reads, all others who want to know wait for it.
        lock (entry)
        {
            var epoch = _epoch;
            if (entry.Epoch == epoch)
            {
                return (true, entry.HashOrNone);
            }

            var path = files.AbsoluteOf(name);
            while (true)
            {
                var now = FileStamp.Now();
                var stamp = FileStamp.Of(path);
                if (stamp is { } present && entry.Exists && present == entry.Stamp && entry.IsTrusted)
                {
                    entry.Epoch = epoch;
                    return (true, entry.Hash);
                }

                if (stamp?.Length > mostBytes)
                {
                    return (false, null);
                }

                _changed = true;
                if (stamp is null)
                {
                    entry.Exists = false;
                    entry.Imports = null;
                    entry.Epoch = epoch;
                    return (true, null);
                }

                // Read again if it was changed meanwhile: a hash must not belong to two states at once.
                if (TryHash(path, out var hash) && FileStamp.Of(path) == stamp)
                {
                    entry.Set(stamp.Value, hash, now);
                    entry.Epoch = epoch;
                    return (true, hash);
                }
            }
        }
    }

    private static bool TryHash(string path, out UInt128 hash)
    {
        hash = default;
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var length = RandomAccess.GetLength(file);
            if (length <= 64 * 1024)
            {
                Span<byte> small = stackalloc byte[(int)length];
                var count = RandomAccess.Read(file, small, 0);
                hash = XxHash128.HashToUInt128(small[..count]);
                return true;
            }

            var hasher = new XxHash128();
            var buffer = new byte[1 << 18];
            for (long at = 0; RandomAccess.Read(file, buffer, at) is var count and > 0; at += count)
            {
                hasher.Append(buffer.AsSpan(0, count));
            }

            hash = hasher.GetCurrentHashAsUInt128();
            return true;
        }
        catch (FileNotFoundException)
        {
            // Removed since its stamp was taken.
            return false;
        }
    }

    /// <summary>What is known of one file.</summary>
    private sealed class Entry
    {
        public FileStamp Stamp { get; private set; }

        public UInt128 Hash { get; private set; }

        /// <summary>When <see cref="Stamp"/> was taken, by <see cref="FileStamp.Now"/>.</summary>
        public long HashedAt { get; private set; }

        public bool Exists { get; set; }

        public string[]? Imports { get; set; }

        /// <summary>The epoch in which this is known to be so; 0 if it was known in another run, or the file was written since.</summary>
        public int Epoch { get; set; }

        public bool IsTrusted => HashedAt - Math.Max(Stamp.Modified, Stamp.Changed) > ClockGrain;

        public UInt128? HashOrNone => Exists ? Hash : null;

        public void Set(FileStamp stamp, UInt128 hash, long hashedAt)
        {
            Imports = Exists && hash == Hash ? Imports : null;
            (Stamp, Hash, HashedAt, Exists) = (stamp, hash, hashedAt, true);
        }

        public static Entry Read(BinaryReader reader)
        {
            var entry = new Entry();
            var stamp = new FileStamp(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64());
            entry.Set(stamp, new UInt128(reader.ReadUInt64(), reader.ReadUInt64()), reader.ReadInt64());
            if (reader.ReadInt32() is var count and >= 0)
            {
                entry.Imports = new string[count];
                for (var i = 0; i < count; i++)
                {
                    entry.Imports[i] = reader.ReadString();
                }
            }

            return entry;
        }

        public void Write(BinaryWriter writer)
        {
            writer.Write(Stamp.Length);
            writer.Write(Stamp.Modified);
            writer.Write(Stamp.Changed);
            writer.Write(Stamp.Inode);
            writer.Write((ulong)(Hash >> 64));
            writer.Write((ulong)Hash);
            writer.Write(HashedAt);
            writer.Write(Imports?.Length ?? -1);
            foreach (var import in Imports ?? [])
            {
                writer.Write(import);
            }
        }
    }
}
