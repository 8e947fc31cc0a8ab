namespace ParallelScripts;

/// <summary>
/// What one script prints: every byte to its log file as it is, and every line, made readable, to whoever listens. A log that cannot be
/// written ends early; the script and its lines go on.
/// </summary>
/// <param name="logFile">Where the bytes go, absolute.</param>
/// <param name="line">Takes every line, in order; one that is too long comes in parts.</param>
/// <param name="shown">What a person sees of it.</param>
/// <param name="append">Whether an earlier attempt of the same run has written to it; else whatever is there is of an earlier run, and written over.</param>
internal sealed class ScriptOutput(string logFile, Action<string>? line = null, ShownLines? shown = null, bool append = false) : IOutputSink, IDisposable
{
    private readonly OutputLines? _lines = line is null && shown is null ? null : new OutputLines(one =>
    {
        line?.Invoke(one.Text);
        shown?.Add(one);
    });

    private FileStream? _log;
    private string? _separator;
    private bool _inLine = append && EndsWithinLine(logFile);
    private bool _disposed;

    /// <summary>The log file, or null if nothing was printed or nothing of it could be logged.</summary>
    public string? LogFile => _log?.Name;

    /// <summary>Why the log does not hold all that was printed; null if it does.</summary>
    public string? Trouble { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (_separator is { } separator)
        {
            _separator = null;
            if (_inLine)
            {
                Log("\n"u8);
            }

            Log([.. System.Text.Encoding.UTF8.GetBytes(separator), (byte)'\n']);
            shown?.Add(new OutputLine(separator, separator.Length + 1, Continues: false));
        }

        Log(bytes);
        _inLine = bytes[^1] != '\n';
        shown?.Tick();
        _lines?.Write(bytes);
    }

    /// <summary>
    /// Says that what is printed from now on is another attempt's. The line stands in the log and is shown, but only if that prints anything, and
    /// is not among the lines of the script.
    /// </summary>
    public void Separate(string line)
    {
        _lines?.End();
        _separator = line;
    }

    /// <summary>Gives a last line that no newline ended, and closes the log.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _lines?.End();
        _log?.Dispose();
        if (_log is not null && !File.Exists(_log.Name))
        {
            _log = null;
            LogIsCut($"'{logFile}' was deleted while the script ran");
        }

        shown?.End();
    }

    private void Log(ReadOnlySpan<byte> bytes)
    {
        if (Trouble is not null)
        {
            return;
        }

        try
        {
            // Opened by the first byte: of a thousand silent scripts, none costs a file.
            _log ??= Open();
            _log.Write(bytes);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogIsCut(refused.Message);
        }
    }

    private void LogIsCut(string why)
    {
        Trouble = why;
        shown?.LogIsWhole = false;
    }

    /// <summary>Whether what an earlier attempt printed did not end with a newline.</summary>
    private static bool EndsWithinLine(string logFile)
    {
        try
        {
            using var log = File.OpenHandle(logFile, share: FileShare.ReadWrite | FileShare.Delete);
            Span<byte> last = [0];
            return RandomAccess.GetLength(log) is var length and > 0 && RandomAccess.Read(log, last, length - 1) == 1 && last[0] != '\n';
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // It printed nothing, or this attempt's first byte will tell what is wrong.
            return false;
        }
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(logFile)!);

        // No buffer of its own: what arrives here is a buffer already, and a killed build loses nothing.
        return new FileStream(logFile, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
    }
}
