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
    /// <param name="logStart">Where they begin in the log.</param>
    public static ShownLines? For(RunOptions options, string logFile, long logStart, Action<string> show) => options switch
    {
        { Output: ShownOutput.None } => null,
        { HoldsOutput: true } => new HeldLines(logFile, logStart),
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
