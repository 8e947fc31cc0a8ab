using System.Text;

namespace ParallelScripts;

/// <summary>The <c>#!</c> line of a file, read as the kernel reads it, and <c>env</c> seen through.</summary>
internal static class Shebang
{
    /// <summary>As much of the first line as Linux looks at (BINPRM_BUF_SIZE in include/uapi/linux/binfmts.h).</summary>
    private const int MostBytes = 256;

    /// <summary>The interpreter and its arguments, or null if the file does not begin with <c>#!</c> or cannot be read.</summary>
    public static IReadOnlyList<string>? Read(string file)
    {
        Span<byte> start = stackalloc byte[MostBytes];
        int length;
        try
        {
            // Without asking for a lock: that would be two calls more.
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            length = RandomAccess.Read(handle, start, 0);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return start[..length].StartsWith("#!"u8) ? Parse(Encoding.UTF8.GetString(start[2..length])) : null;
    }

    /// <summary>Reads what follows <c>#!</c>.</summary>
    internal static IReadOnlyList<string>? Parse(string text)
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
