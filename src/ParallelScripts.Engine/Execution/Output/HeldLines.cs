namespace ParallelScripts;

/// <summary>
/// Holds lines back until the script has ended. What it holds is the last ones; the first are read back from the log file.
/// </summary>
/// <param name="start">Where they begin in the log.</param>
internal sealed class HeldLines(string logFile, long start = 0) : ShownLines(logFile)
{
    private long _lines;
    private long _bytes;

    public bool AreNone => _lines == 0;

    /// <summary>All lines, or the first and the last of them.</summary>
    public IReadOnlyList<string> Read()
    {
        var before = _lines - Last.Count;
        if (before == 0)
        {
            return [.. Last.Texts];
        }

        var first = new FirstLines(LogFile, start, before);
        first.Read();
        var missing = before - first.Texts.Count;
        return missing == 0
            ? [.. first.Texts, .. Last.Texts]
            : [.. first.Texts, LeftOut(missing, _bytes - first.Bytes - Last.Bytes), .. Last.Texts];
    }

    protected override void AddLine(string text, long bytes)
    {
        _lines++;
        _bytes += bytes;
        Last.Add(text, bytes);
    }

    /// <summary>The first lines of a log file, as many as are to be shown.</summary>
    private sealed class FirstLines(string logFile, long start, long most) : ShownLines(logFile)
    {
        private int _cost;

        public List<string> Texts { get; } = [];

        public long Bytes { get; private set; }

        private bool IsFull { get; set; }

        public void Read()
        {
            var lines = new OutputLines(Add);
            try
            {
                using var log = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                log.Seek(start, SeekOrigin.Begin);
                var buffer = new byte[OutputLines.LongestLine];
                while (!IsFull && log.Read(buffer) is var count and > 0)
                {
                    lines.Write(buffer.AsSpan(0, count));
                }
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                // Then these lines are among those that are left out.
            }
        }

        protected override void AddLine(string text, long bytes)
        {
            _cost += CostOf(text);
            IsFull |= _cost > Most || Texts.Count == most;
            if (!IsFull)
            {
                Texts.Add(text);
                Bytes += bytes;
            }
        }
    }
}
