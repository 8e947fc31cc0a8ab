namespace ParallelScripts;

/// <summary>
/// Knows how one language says that something is wrong. It gets the output line by line, remembers no more than one message,
/// and never fails: output may be cut anywhere, and lines of several processes may be mixed.
/// </summary>
internal abstract class OutputReader(Printed printed)
{
    protected Printed Printed { get; } = printed;

    /// <param name="line">The next line, without what would colour it or move a cursor, and not longer than <see cref="Diagnosis.LongestLine"/>.</param>
    public abstract void Read(string line);

    /// <summary>There are no more lines.</summary>
    /// <param name="failed">Whether the script did not succeed.</param>
    public virtual void End(bool failed)
    {
    }

    /// <summary>The number in these characters; 0 if it is none, or larger than any line.</summary>
    protected static int Number(ReadOnlySpan<char> digits) =>
        digits.Length is > 0 and < 10 && int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0;
}
