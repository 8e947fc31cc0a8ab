using System.Text;

namespace ParallelScripts;

/// <summary>The <c>#!</c> line of a file, read as the kernel reads it, and <c>env</c> seen through.</summary>
internal static class Shebang
{
    /// <summary>As much of the first line as Linux looks at (BINPRM_BUF_SIZE in include/uapi/linux/binfmts.h).</summary>
    private const int MostBytes = 256;

    /// <summary>What follows <c>#!</c> on the first line of a file; empty if the file begins otherwise or cannot be read.</summary>
    public static string Read(string file)
    {
        Span<byte> start = stackalloc byte[MostBytes];
        var line = start[..ReadStart(file, start)];
        if (!line.StartsWith("#!"u8))
        {
            return "";
        }

        var end = line.IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(line[2..(end < 0 ? line.Length : end)]);
    }

    /// <summary>Reads the first bytes of a file; none if it cannot be read.</summary>
    private static unsafe int ReadStart(string file, Span<byte> start)
    {
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
        {
            // Three calls and nothing to collect: every shell script of a project is asked for its first line in every run.
            var descriptor = LibC.open(file, LibC.O_RDONLY | LibC.O_CLOEXEC);
            fixed (byte* bytes = start)
            {
                var count = descriptor < 0 ? 0 : (int)LibC.read(descriptor, bytes, start.Length);
                _ = descriptor < 0 ? 0 : LibC.close(descriptor);
                return Math.Max(0, count);
            }
        }

        try
        {
            using var handle = File.OpenHandle(file);
            return RandomAccess.Read(handle, start, 0);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The interpreter and its arguments, or null if none is named, from what follows <c>#!</c>.</summary>
    public static IReadOnlyList<string>? Parse(string text)
    {
        var line = text.Split('\n')[0].Trim(' ', '\t', '\r');
        if (line.Length == 0)
        {
            return null;
        }

        // The kernel splits once: what follows the interpreter is one argument, spaces and all.
        var split = line.IndexOfAny([' ', '\t']);
        string[] command = split < 0 ? [line] : [line[..split], line[split..].Trim()];

        // `env python3` and `env -S uv run` look the program up on the path; so do we, and can say when it is not there.
        if (command.Length == 2 && command[0].EndsWith("/env", StringComparison.Ordinal))
        {
            var words = command[1].StartsWith("-S", StringComparison.Ordinal) ? CommandLine.TrySplit(command[1][2..]) : [command[1]];
            if (words is { Count: > 0 } && !words[0].StartsWith('-') && !words[0].Contains('='))
            {
                return words;
            }
        }

        return command;
    }
}
