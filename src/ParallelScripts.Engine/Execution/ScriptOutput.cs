using System.Text;

namespace ParallelScripts;

/// <summary>
/// What one script prints: every byte to its log file as it is, and every line, made readable, to whoever listens.
/// Memory is bounded by the longest line shown, not by how much is printed.
/// </summary>
internal sealed class ScriptOutput(string logFile, Action<string> line) : IOutputSink, IDisposable
{
    /// <summary>A longer line is shown in parts.</summary>
    private const int LongestLine = 16 * 1024;

    private readonly List<byte> _unfinished = [];
    private FileStream? _log;

    /// <summary>The log file, or null if nothing was printed.</summary>
    public string? LogFile => _log?.Name;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        // Opened by the first byte: of a thousand silent scripts, none costs a file.
        _log ??= Open();
        _log.Write(bytes);

        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            Append(bytes[..end]);
            Flush();
            bytes = bytes[(end + 1)..];
        }

        Append(bytes);
    }

    /// <summary>Shows a last line that no newline ended, and closes the log.</summary>
    public void Dispose()
    {
        if (_unfinished.Count > 0)
        {
            Flush();
        }

        _log?.Dispose();
    }

    /// <summary>A line as a person should see it: UTF-8 where it is, and no character that moves a cursor.</summary>
    internal static string Readable(ReadOnlySpan<byte> line)
    {
        if (line is [.. var withoutReturn, (byte)'\r'])
        {
            line = withoutReturn;
        }

        var text = Encoding.UTF8.GetString(line);
        return text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Contains('\x7f') ? TerminalText.Clean(text) : text;
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(logFile)!);

        // No buffer of its own: what arrives here is a buffer already, and a killed build loses nothing.
        return new FileStream(logFile, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        while (_unfinished.Count + part.Length > LongestLine)
        {
            var fits = LongestLine - _unfinished.Count;
            _unfinished.AddRange(part[..fits]);
            Flush();
            part = part[fits..];
        }

        _unfinished.AddRange(part);
    }

    private void Flush()
    {
        line(Readable(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_unfinished)));
        _unfinished.Clear();
    }
}
