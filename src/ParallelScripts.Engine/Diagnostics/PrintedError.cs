namespace ParallelScripts;

/// <summary>
/// An error as a script's language told it: what, where, and because of what. It grows while lines come in, and is bounded
/// whatever comes.
/// </summary>
internal sealed class PrintedError(string text, Certainty certainty)
{
    /// <summary>A longer text is cut: an error list is no place for more, and the log has it all.</summary>
    public const int LongestText = 600;

    private const int MostLines = 10;
    private const int MostFrames = 64;
    private const int MostParts = 5;
    private const int MostCauses = 3;

    private readonly string _text = Cut(text);
    private readonly List<string> _more = [];
    private readonly List<Frame> _frames = [];
    private readonly List<PrintedError> _parts = [];

    public Certainty Certainty { get; } = certainty;

    /// <summary>The innermost first.</summary>
    public IReadOnlyList<Frame> Frames => _frames;

    /// <summary>What it is about, in one line.</summary>
    public string Text => Cut(_more.Count == 0 ? _text : string.Concat([_text, .. _more]));

    /// <summary>The first line of <see cref="Text"/>.</summary>
    public string FirstLine => _text;

    /// <summary>The error behind this one, if it has one.</summary>
    public PrintedError? Cause { get; private set; }

    /// <summary>Whether this one happened while <see cref="Cause"/> was being handled, rather than because of it.</summary>
    public bool WhileHandling { get; private set; }

    /// <summary>The errors that this one holds together.</summary>
    public IReadOnlyList<PrintedError> Parts => _parts;

    /// <summary>What the source of a language without line numbers is searched for; null where the frames say all.</summary>
    public SourceClue? Clue { get; set; }

    /// <summary>Takes a further line of the message; false if there have been too many for one.</summary>
    public bool Continue(string line, string separator = " | ")
    {
        if (_more.Count == MostLines)
        {
            return false;
        }

        if (line.Trim() is var trimmed and not "")
        {
            _more.Add(separator + Cut(trimmed));
        }

        return true;
    }

    /// <summary>What was taken for further lines was something else.</summary>
    public void ForgetFurtherLines() => _more.Clear();

    /// <summary>The last further line was the source, and the mark below it tells the column.</summary>
    public void TakeLineForSource(int column)
    {
        if (_more.Count > 0 && _frames.Count > 0)
        {
            _more.RemoveAt(_more.Count - 1);
            _frames[0] = _frames[0] with { Column = column };
        }
    }

    /// <summary>The next frame outwards.</summary>
    public void AddFrame(Frame frame)
    {
        if (_frames.Count < MostFrames)
        {
            _frames.Add(frame);
        }
    }

    /// <summary>Says of the outermost frame that is known which function it is in.</summary>
    public void NameOutermost(string function)
    {
        if (_frames.Count is > 0 and < MostFrames)
        {
            _frames[^1] = _frames[^1] with { Function = function };
        }
    }

    public void AddPart(PrintedError part)
    {
        if (_parts.Count < MostParts)
        {
            _parts.Add(part);
        }
    }

    public void SetCause(PrintedError cause, bool whileHandling = false)
    {
        // A cause has no more causes than leave the chain bounded.
        (Cause, WhileHandling) = (cause, whileHandling);
        var last = this;
        for (var depth = 0; last.Cause is not null; depth++)
        {
            if (depth == MostCauses || ReferenceEquals(last.Cause, this))
            {
                last.Cause = null;
                break;
            }

            last = last.Cause;
        }
    }

    internal static string Cut(string text) => text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText - 1), "…");
}

/// <summary>A place as a language's own message names it, before anybody has looked whether it is there.</summary>
/// <param name="File">As printed: absolute, relative to where the script runs, a <c>file://</c> address, or no file at all.</param>
/// <param name="Line">Counts from 1; 0 if not told.</param>
/// <param name="Column">Counts from 1; 0 if not told.</param>
/// <param name="Function">As the language shows it; empty for the top level of a file.</param>
internal readonly record struct Frame(string File, int Line, int Column = 0, string Function = "")
{
    /// <summary>The source line as printed, without its indentation, where only a mark below it tells the column.</summary>
    public string Shown { get; init; } = "";

    /// <summary>Where in <see cref="Shown"/> the mark is, counted from 0; -1 if there is none.</summary>
    public int Mark { get; init; } = -1;
}

/// <summary>How sure it is that an error that was printed is the one a script failed of.</summary>
internal enum Certainty
{
    /// <summary>The language itself says that it went on all the same.</summary>
    Passing,

    /// <summary>Often, but the script may also have gone on.</summary>
    Likely,

    /// <summary>In the form in which the language ends a program.</summary>
    Fatal,
}

/// <summary>What may be found in the source of a script whose language does not tell lines.</summary>
/// <param name="Call">The call in which it happened, as the language shows it; may be empty.</param>
/// <param name="Message">What was said.</param>
/// <param name="Source">Lines of the source that were printed with it; may be empty.</param>
internal sealed record SourceClue(string Call, string Message, IReadOnlyList<string> Source);

/// <summary>A warning as a script's language printed it.</summary>
internal sealed record PrintedWarning(string Text, Frame? Frame = null, SourceClue? Clue = null);

/// <summary>A line in the form that build tools share: a place, <c>error</c> or <c>warning</c>, perhaps a code, and a text.</summary>
internal sealed record CanonicalLine(Frame? Frame, bool IsError, string Code, string Text)
{
    /// <summary>Whether the form alone is no proof, and the file must be there for it to count.</summary>
    public bool OnlyIfThere { get; init; }
}
