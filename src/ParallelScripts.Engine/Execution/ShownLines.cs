using System.Globalization;

namespace ParallelScripts;

/// <summary>
/// What a person sees of a script's lines in the build log: the first, the last, and between them how many were left out. There are
/// two kinds: as they are printed (<see cref="LiveLines"/>), and when the script has ended (<see cref="HeldLines"/>).
/// </summary>
internal abstract class ShownLines(string logFile)
{
    /// <summary>How much is shown before anything is left out: this many lines, where every 256 characters of a long one count as one more.</summary>
    public const int Most = 2000;

    private long _cut;

    /// <summary>Whether the log holds all that was printed so far.</summary>
    public bool LogIsWhole { get; set; } = true;

    /// <summary>The last lines.</summary>
    protected LastLines Last { get; } = new();

    protected string LogFile { get; } = logFile;

    /// <summary>The lines that these options ask for; null if none are ever shown.</summary>
    public static ShownLines? For(RunOptions options, string logFile, Action<string> show) => options switch
    {
        { Output: ShownOutput.None } => null,
        { HoldsOutput: true } => new HeldLines(logFile),
        _ => new LiveLines(logFile, show, TimeProvider.System),
    };

    /// <summary>Of a line in parts the first is shown, and how much follows.</summary>
    public void Add(OutputLine line)
    {
        if (line.Continues)
        {
            _cut += line.Bytes;
            return;
        }

        AddRestOfLine();
        AddLine(line.Text, line.Bytes);
    }

    /// <summary>Something was read; between two of these, no time passes.</summary>
    public virtual void Tick()
    {
    }

    /// <summary>The script has ended.</summary>
    public virtual void End() => AddRestOfLine();

    protected abstract void AddLine(string text, long bytes);

    /// <summary>The line that stands for lines that are not shown.</summary>
    protected string LeftOut(long lines, long bytes) => string.Create(
        CultureInfo.InvariantCulture,
        $"… {lines:N0} {(lines == 1 ? "line" : "lines")} ({Sizes.Show(bytes)}) left out; {Whereabouts}");

    protected string Whereabouts => LogIsWhole ? $"the whole output is in {LogFile}" : "not all of it could be logged";

    protected static int CostOf(string line) => 1 + (line.Length / 256);

    private void AddRestOfLine()
    {
        if (_cut > 0)
        {
            var bytes = _cut;
            _cut = 0;
            AddLine($"… {Sizes.Show(bytes)} more of this line left out; {Whereabouts}", bytes);
        }
    }

    /// <summary>Remembers the last lines of many, in little room.</summary>
    protected sealed class LastLines
    {
        private const int MostLines = 200;
        private const int MostCharacters = 32 * 1024;

        private readonly Queue<(string Text, long Bytes)> _lines = new();
        private int _characters;

        public int Count => _lines.Count;

        public long Bytes { get; private set; }

        public IEnumerable<string> Texts => _lines.Select(line => line.Text);

        public void Add(string text, long bytes)
        {
            _lines.Enqueue((text, bytes));
            _characters += text.Length;
            Bytes += bytes;
            while (_lines.Count > MostLines || (_characters > MostCharacters && _lines.Count > 1))
            {
                var first = _lines.Dequeue();
                _characters -= first.Text.Length;
                Bytes -= first.Bytes;
            }
        }

        public void Clear()
        {
            _lines.Clear();
            _characters = 0;
            Bytes = 0;
        }
    }
}

/// <summary>
/// Shows lines as they are printed, as long as that is not too much: a bucket takes <see cref="ShownLines.Most"/> lines and empties at
/// <see cref="PerSecond"/>. A script that prints slower than that is seen whole, however long it runs; one that floods
/// costs no more than its log file.
/// </summary>
internal sealed class LiveLines(string logFile, Action<string> show, TimeProvider clock) : ShownLines(logFile)
{
    /// <summary>What a person could just about read.</summary>
    public const int PerSecond = 20;

    /// <summary>After so long a silence, say that the script is not silent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _now;
    private double _level;
    private Gap? _gap;

    public override void Tick()
    {
        var now = clock.GetElapsedTime(_start);
        _level = Math.Max(0, _level - ((now - _now).TotalSeconds * PerSecond));
        _now = now;
    }

    public override void End()
    {
        base.End();
        if (_gap is { } gap)
        {
            if (gap.Lines > Last.Count)
            {
                show(LeftOut(gap.Lines - Last.Count, gap.Bytes - Last.Bytes));
            }

            foreach (var line in Last.Texts)
            {
                show(line);
            }
        }
    }

    protected override void AddLine(string text, long bytes)
    {
        var level = _level + CostOf(text);
        if (_gap is { } ending && level <= Most / 2)
        {
            show(LeftOut(ending.Lines, ending.Bytes));
            Last.Clear();
            _gap = null;
        }

        if (_gap is null && level <= Most)
        {
            _level = level;
            show(text);
            return;
        }

        // Not above the brim: how long it takes until lines are shown again is the same after a short flood and a long one.
        _level = Math.Min(level, Most);
        _gap ??= new Gap(_now);
        _gap.Lines++;
        _gap.Bytes += bytes;
        Last.Add(text, bytes);
        if (!_gap.IsTold && _now - _gap.Start >= Patience)
        {
            _gap.IsTold = true;
            show($"… prints more than is shown here; {Whereabouts}");
        }
    }

    /// <summary>Lines that are not shown.</summary>
    private sealed class Gap(TimeSpan start)
    {
        public TimeSpan Start { get; } = start;

        public long Lines { get; set; }

        public long Bytes { get; set; }

        public bool IsTold { get; set; }
    }
}

/// <summary>
/// Holds lines back until the script has ended. What it holds is the last ones; the first are read back from the log file.
/// </summary>
internal sealed class HeldLines(string logFile) : ShownLines(logFile)
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

        var first = new FirstLines(LogFile, before);
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
    private sealed class FirstLines(string logFile, long most) : ShownLines(logFile)
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
