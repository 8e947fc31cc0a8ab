using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ParallelScripts;

/// <summary>
/// The processes of this machine, as Linux shows them in /proc. Reads into buffers of its own, so that looking at hundreds of
/// processes allocates next to nothing; for one thread at a time.
/// </summary>
internal sealed unsafe class ProcessTable : IDisposable
{
    private const int LargestEnvironment = 16 << 20;

    // As proc(5) counts them.
    private const int Parent = 4;
    private const int Group = 5;
    private const int Session = 6;
    private const int Flags = 9;
    private const int Threads = 20;
    private const int StartTime = 22;
    private const int Fields = StartTime;

    private readonly int _folder;
    private byte[] _buffer = new byte[32 * 1024];

    public ProcessTable()
    {
        fixed (byte* path = "/proc\0"u8)
        {
            _folder = LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC);
        }
    }

    /// <summary>The numbers of all processes, ascending. What begins while we read is in it too, or in the next one.</summary>
    public void List(List<int> numbers)
    {
        numbers.Clear();
        _ = LibC.lseek(_folder, 0, 0);
        fixed (byte* buffer = _buffer)
        {
            int read;
            while ((read = (int)LibC.syscall(LibC.SYS_getdents64, _folder, (nint)buffer, _buffer.Length, 0)) > 0)
            {
                // struct linux_dirent64: the length of an entry is at 16, its name at 19.
                for (var at = 0; at < read; at += *(ushort*)(buffer + at + 16))
                {
                    if (char.IsAsciiDigit((char)buffer[at + 19])
                        && Utf8Parser.TryParse(new ReadOnlySpan<byte>(buffer + at + 19, 11), out int number, out _))
                    {
                        numbers.Add(number);
                    }
                }
            }
        }
    }

    /// <summary>False if there is no such process.</summary>
    public bool TryGet(int number, [NotNullWhen(true)] out ProcessEntry? entry)
    {
        entry = null;
        var text = Read(number, "stat"u8);

        // The name stands in brackets and may hold anything, brackets too.
        var end = text.LastIndexOf((byte)')');
        if (end < 0)
        {
            return false;
        }

        // From its state on, fields with a space between: proc(5) counts the state as the third.
        Span<long> fields = stackalloc long[Fields + 1];
        var rest = text[(end + 2)..];
        var state = (char)rest[0];
        for (var field = 4; field <= Fields; field++)
        {
            rest = rest[(rest.IndexOf((byte)' ') + 1)..];
            fields[field] = Number(rest);
        }

        // The first thread of a process may be over and the process go on.
        const int KernelThread = 0x200000;
        entry = new ProcessEntry(
            new ProcessKey(number, fields[StartTime]),
            (int)fields[Parent],
            (int)fields[Group],
            (int)fields[Session],
            state is not ('Z' or 'X') || fields[Threads] > 1,
            (fields[Flags] & KernelThread) != 0);
        return true;
    }

    /// <summary>Whether this very process is there and does something.</summary>
    public bool IsAlive(ProcessKey process) => TryGet(process.Number, out var entry) && entry.Key == process && entry.IsAlive;

    /// <summary>
    /// Its environment, settings with a NUL between two of them; valid until the next call. Empty if it is somebody else's, the kernel's
    /// own, has ended, or is just becoming another program.
    /// </summary>
    public ReadOnlySpan<byte> EnvironmentOf(int number) => Read(number, "environ"u8);

    /// <summary>The most memory it has held as the program it is, and what it holds now, in bytes; 0 if that is not to be known.</summary>
    public (long Most, long Now) MemoryOf(int number)
    {
        var text = Read(number, "status"u8);
        return (KibibytesAfter(text, "VmHWM:"u8), KibibytesAfter(text, "VmRSS:"u8));
    }

    /// <summary>What it holds now, of what it shares with others its part, in bytes; 0 if that is not to be known. Dear where it holds much: the kernel looks at every page.</summary>
    public long ShareOf(int number) => KibibytesAfter(Read(number, "smaps_rollup"u8), "\nPss:"u8);

    private static long KibibytesAfter(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = text.IndexOf(name);
        return at < 0 ? 0 : Number(text[(at + name.Length)..].TrimStart("\t "u8)) * 1024;
    }

    /// <summary>Its command line, for people; its name if it shows none.</summary>
    public string CommandOf(int number)
    {
        const int Enough = 120;
        var text = Encoding.UTF8.GetString(Read(number, "cmdline"u8).TrimEnd((byte)0));
        text = TerminalText.Clean(text == "" ? Encoding.UTF8.GetString(Read(number, "comm"u8)).Trim() : text.Replace('\0', ' '));
        return text.Length > Enough ? text[..Enough] + " …" : text;
    }

    /// <summary>How many processes the system has killed for want of memory since it began; null if it does not say.</summary>
    public long? OutOfMemoryKills()
    {
        var text = Read(0, "vmstat"u8);
        var at = text.IndexOf("\noom_kill "u8);
        return at < 0 ? null : Number(text[(at + "\noom_kill "u8.Length)..]);
    }

    /// <summary>Sends a signal to this very process; false if it has ended, or is not ours to end.</summary>
    public bool Signal(ProcessKey process, int signal)
    {
        var descriptor = (int)LibC.syscall(LibC.SYS_pidfd_open, process.Number, 0);
        if (descriptor < 0)
        {
            return false;
        }

        // Looked at again after the descriptor is held: from here on the number cannot become anybody else's.
        var sent = TryGet(process.Number, out var entry) && entry.Key == process
            && LibC.syscall(LibC.SYS_pidfd_send_signal, descriptor, signal, 0, 0) == 0;
        _ = LibC.close(descriptor);
        return sent;
    }

    /// <summary>Whether it belongs to who we are, and lives in the same file system and sees the same processes as we do.</summary>
    public static bool IsAtHome(int number)
    {
        LibC.FileStatus theirs, ours;
        return LibC.statx(LibC.AT_FDCWD, $"/proc/{number}", 0, LibC.STATX_BASIC_STATS, &theirs) == 0
            && LibC.statx(LibC.AT_FDCWD, "/proc/self", 0, LibC.STATX_BASIC_STATS, &ours) == 0
            && theirs.User == ours.User
            && LinkOf($"/proc/{number}/ns/mnt") == LinkOf("/proc/self/ns/mnt")
            && LinkOf($"/proc/{number}/ns/pid") == LinkOf("/proc/self/ns/pid");
    }

    /// <summary>Whether one of its open files is this one, such as <c>pipe:[4711]</c>.</summary>
    public static bool HasOpen(int number, string file)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{number}/fd").Any(descriptor => LinkOf(descriptor) == file);
        }
        catch (Exception notOurs) when (notOurs is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Where a link of /proc points, which need not be a path; null if it cannot be read.</summary>
    public static string? LinkOf(string link)
    {
        var path = Encoding.UTF8.GetBytes(link + '\0');
        var target = stackalloc byte[256];
        fixed (byte* start = path)
        {
            var length = LibC.readlink(start, target, 256);
            return length < 0 ? null : Encoding.UTF8.GetString(target, (int)length);
        }
    }

    public void Dispose() => _ = LibC.close(_folder);

    /// <summary>A file of a process, or of /proc itself for 0; empty if it cannot be read.</summary>
    private ReadOnlySpan<byte> Read(int number, ReadOnlySpan<byte> file)
    {
        Span<byte> path = stackalloc byte[64];
        "/proc/"u8.CopyTo(path);
        var length = "/proc/"u8.Length;
        if (number > 0)
        {
            Utf8Formatter.TryFormat(number, path[length..], out var digits);
            length += digits;
            path[length++] = (byte)'/';
        }

        file.CopyTo(path[length..]);
        path[length + file.Length] = 0;

        int descriptor;
        fixed (byte* start = path)
        {
            descriptor = LibC.open(start, LibC.O_RDONLY | LibC.O_CLOEXEC);
        }

        if (descriptor < 0)
        {
            return [];
        }

        var filled = 0;
        while (true)
        {
            fixed (byte* start = _buffer)
            {
                var read = (int)LibC.read(descriptor, start + filled, _buffer.Length - filled);
                if (read <= 0)
                {
                    break;
                }

                filled += read;
            }

            if (filled == _buffer.Length)
            {
                if (filled >= LargestEnvironment)
                {
                    break;
                }

                Array.Resize(ref _buffer, filled * 2);
            }
        }

        _ = LibC.close(descriptor);
        return _buffer.AsSpan(0, filled);
    }

    private static long Number(ReadOnlySpan<byte> digits) => Utf8Parser.TryParse(digits, out long number, out _) ? number : 0;
}

/// <summary>A process, and not only its number, which is somebody else's as soon as the process has ended.</summary>
/// <param name="Number">Its process id.</param>
/// <param name="Start">When it began, in the kernel's own ticks since the machine did.</param>
internal readonly record struct ProcessKey(int Number, long Start);

/// <summary>What the kernel says of a process in one line.</summary>
internal sealed record ProcessEntry(ProcessKey Key, int Parent, int Group, int Session, bool IsAlive, bool IsKernels);
