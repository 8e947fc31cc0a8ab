using System.Text;

namespace ParallelScripts;

/// <summary>The last lines of a log file, fit to be shown: a gigabyte costs no more than a page.</summary>
/// <param name="Text">Whole lines, without what was meant for a terminal.</param>
/// <param name="IsCut">Whether there is more before them.</param>
internal sealed record LogEnd(string Text, bool IsCut)
{
    /// <summary>What is kept of a script that failed.</summary>
    public const int LinesOfFailed = 100, BytesOfFailed = 16 * 1024;

    /// <summary>What is kept of any other.</summary>
    public const int LinesOfOthers = 10, BytesOfOthers = 1024;

    /// <summary>Reads the end of a file; null if it is empty, or cannot be read.</summary>
    public static LogEnd? Of(string file, int mostLines, int mostBytes)
    {
        try
        {
            using var log = File.OpenHandle(file, share: FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(log);
            var bytes = new byte[(int)Math.Min(length, mostBytes)];
            var read = RandomAccess.Read(log, bytes, length - bytes.Length);
            return read == 0 ? null : Of(bytes.AsSpan(0, read), length > bytes.Length, mostLines);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="isCut">Whether there was more before these bytes.</param>
    internal static LogEnd Of(ReadOnlySpan<byte> bytes, bool isCut, int mostLines)
    {
        // The first line of a part is a part of a line, or of a character; but if it is all there is, it is better than nothing.
        if (isCut && bytes.IndexOf((byte)'\n') is var first and >= 0 && first < bytes.Length - 1)
        {
            bytes = bytes[(first + 1)..];
        }

        var lines = Encoding.UTF8.GetString(bytes).TrimEnd('\n').Split('\n');
        return new LogEnd(string.Join('\n', lines.TakeLast(mostLines).Select(LastShown)), isCut || lines.Length > mostLines);
    }

    /// <summary>A progress bar writes over its line again and again; a terminal would show what it wrote last.</summary>
    private static string LastShown(string line)
    {
        var shown = line.TrimEnd('\r');
        return TerminalText.Clean(shown[(shown.LastIndexOf('\r') + 1)..]);
    }
}
