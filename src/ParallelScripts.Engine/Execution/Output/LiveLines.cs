namespace ParallelScripts;

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
