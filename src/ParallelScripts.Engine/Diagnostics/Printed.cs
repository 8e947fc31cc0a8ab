namespace ParallelScripts;

/// <summary>What a script has printed that a person should see in the error list; bounded, however much it prints.</summary>
internal sealed class Printed
{
    /// <summary>Different warnings and lines that are kept. More are counted.</summary>
    public const int Most = 50;

    private readonly HashSet<object> _seen = [];
    private readonly List<object> _kept = [];

    /// <summary>The error that it most likely failed of, if it failed: of the surest the last.</summary>
    public PrintedError? Error { get; private set; }

    /// <summary>Each <see cref="PrintedWarning"/> and <see cref="CanonicalLine"/> once, in the order they came.</summary>
    public IReadOnlyList<object> Kept => _kept;

    /// <summary>How many came after <see cref="Kept"/> was full.</summary>
    public int MoreWarnings { get; private set; }

    /// <summary>The same, of lines that say error.</summary>
    public int MoreErrors { get; private set; }

    public void Add(PrintedError error)
    {
        if (Error is null || error.Certainty >= Error.Certainty)
        {
            Error = error;
        }
    }

    public void Add(PrintedWarning warning) => Keep(warning with { Text = PrintedError.Cut(warning.Text), Clue = null }, warning with { Text = PrintedError.Cut(warning.Text) }, isError: false);

    public void Add(CanonicalLine line)
    {
        var cut = line with { Text = PrintedError.Cut(line.Text) };
        Keep(cut, cut, line.IsError);
    }

    private void Keep(object key, object kept, bool isError)
    {
        if (_seen.Contains(key))
        {
            return;
        }

        if (_kept.Count < Most)
        {
            _seen.Add(key);
            _kept.Add(kept);
        }
        else if (isError)
        {
            MoreErrors++;
        }
        else
        {
            MoreWarnings++;
        }
    }
}
