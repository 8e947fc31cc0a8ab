using System.Collections.Concurrent;
using System.IO.Hashing;

namespace ParallelScripts;

/// <summary>
/// The content hash of each file, taken once a run however many scripts read it, and remembered across runs by the file's stamp.
/// Content decides and a stamp only saves reading: one that was taken within two seconds of the file's last change is not
/// trusted the next time, because a later change could have left it the same.
/// </summary>
/// <param name="files">Where the files are.</param>
/// <param name="stateDirectory">Where they are remembered.</param>
/// <param name="memory">What earlier runs read.</param>
internal sealed class FileHashes(ProjectFiles files, string stateDirectory, Dictionary<string, FileEntry> memory)
{
    /// <summary>How often a file is read that is not the same before and after.</summary>
    private const int MostTimes = 5;

    /// <summary>Files that no earlier run read. Those in the memory stay there: its table does not change, so that anybody may look into it.</summary>
    private readonly ConcurrentDictionary<string, FileEntry> _new = new(StringComparer.Ordinal);

    /// <summary>Raised when a script that declares no outputs has run: any file may be another then.</summary>
    private int _epoch = 1;

    private bool _changed;

    /// <summary>Changes whenever what is known of the files is no longer sure.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>The hash of a file's content; null if there is no such file.</summary>
    public Hash128? Of(string name)
    {
        var entry = EntryOf(name);
        return entry.Epoch == Epoch ? entry.HashOrNone : Look(name, entry, mostBytes: long.MaxValue).Hash;
    }

    /// <summary>The same if it can be told at once: without reading more than <paramref name="mostBytes"/>.</summary>
    public bool TryQuickly(string name, long mostBytes, out Hash128? hash)
    {
        var entry = EntryOf(name);
        if (entry.Epoch == Epoch)
        {
            hash = entry.HashOrNone;
            return true;
        }

        (var told, hash) = Look(name, entry, mostBytes);
        return told;
    }

    /// <summary>What a file imports, as <paramref name="scan"/> finds it; remembered as long as its content stays the same.</summary>
    public IReadOnlyList<string> ImportsOf(string name, Func<string, IReadOnlyList<string>> scan)
    {
        if (Of(name) is null)
        {
            return [];
        }

        var entry = EntryOf(name);
        if (entry.Imports is null)
        {
            entry.Imports = [.. scan(File.ReadAllText(files.AbsoluteOf(name)))];
            _changed = true;
        }

        return entry.Imports;
    }

    /// <summary>What follows <c>#!</c> at the beginning of a file, empty if it begins otherwise; null if there is no such file.</summary>
    public string? ShebangOf(string name)
    {
        if (Of(name) is null)
        {
            return null;
        }

        var entry = EntryOf(name);
        if (entry.Shebang is null)
        {
            entry.Shebang = Shebang.Read(files.AbsoluteOf(name));
            _changed = true;
        }

        return entry.Shebang;
    }

    /// <summary>A script has written these files.</summary>
    public void Forget(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var entry = EntryOf(name);

            // Not while somebody is looking at the file: what they saw may be from before.
            lock (entry)
            {
                entry.Epoch = 0;
            }
        }
    }

    /// <summary>A script that does not say what it writes has run.</summary>
    public void ForgetAll() => Interlocked.Increment(ref _epoch);

    /// <summary>Keeps what this run read for the next one, if anything is new.</summary>
    /// <param name="secrets">A name with one of these in it is not written down.</param>
    /// <param name="isOfAll">Whether all scripts took part. Only then what nobody asked for has left the project, and leaves the memory.</param>
    public void Save(Secrets secrets, bool isOfAll)
    {
        if (_changed)
        {
            FileMemory.Write(stateDirectory, [.. memory.Concat(_new).Where(entry => entry.Value.Exists && (entry.Value.Epoch > 0 || !isOfAll) && !secrets.IsIn(entry.Key))]);
        }
    }

    private FileEntry EntryOf(string name) => memory.TryGetValue(name, out var known) ? known : _new.GetOrAdd(name, static _ => new FileEntry());

    private (bool Told, Hash128? Hash) Look(string name, FileEntry entry, long mostBytes)
    {
        // One reads, all others who want to know wait for it.
        lock (entry)
        {
            var epoch = Epoch;
            if (entry.Epoch == epoch)
            {
                return (true, entry.HashOrNone);
            }

            var path = files.AbsoluteOf(name);
            if (entry is { Exists: true, IsTrusted: true } && FileStamp.Of(path) == entry.Stamp)
            {
                entry.Epoch = epoch;
                return (true, entry.Hash);
            }

            for (var time = 1; ; time++)
            {
                var now = FileStamp.Now();
                var stamp = FileStamp.Of(path);
                if (stamp?.Length > mostBytes)
                {
                    return (false, null);
                }

                _changed = true;
                if (stamp is null)
                {
                    entry.SetMissing();
                    entry.Epoch = epoch;
                    return (true, null);
                }

                // Read again if it was changed meanwhile: a hash must not belong to two states at once. A file that somebody writes to all
                // the time has no state; what was changed just now is not trusted the next time anyway.
                if (TryHash(path, out var hash) && (FileStamp.Of(path) == stamp || time == MostTimes))
                {
                    entry.Set(stamp.Value, hash, now);
                    entry.Epoch = epoch;
                    return (true, hash);
                }
            }
        }
    }

    private static bool TryHash(string path, out Hash128 hash)
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
                hash = Hash128.Of(small[..count]);
                return true;
            }

            var hasher = new XxHash128();
            var buffer = new byte[1 << 18];
            for (long at = 0; RandomAccess.Read(file, buffer, at) is var count and > 0; at += count)
            {
                hasher.Append(buffer.AsSpan(0, count));
            }

            hash = Hash128.Of(hasher);
            return true;
        }
        catch (FileNotFoundException)
        {
            // Removed since its stamp was taken.
            return false;
        }
    }
}
