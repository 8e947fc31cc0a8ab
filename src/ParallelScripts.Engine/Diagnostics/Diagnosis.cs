using System.Text;

namespace ParallelScripts;

/// <summary>
/// Reads what one script prints, and when it has ended decides what of it belongs in the error list: the error that it failed of,
/// if it failed, and the warnings and errors that it printed as such.
/// </summary>
/// <remarks>
/// Every language's reader hears every line, for a shell script starts Python, and Python starts R. A line that none knows costs
/// each of them a look at a character or two.
/// </remarks>
internal sealed class Diagnosis
{
    /// <summary>What is behind this in a line is not read; so no line costs more than a moment.</summary>
    internal const int LongestLine = 2_000;

    private const int MostCauses = 3;

    private readonly Printed _printed = new();
    private readonly OutputReader[] _readers;
    private readonly ScriptSources _sources;
    private readonly Script _script;

    public Diagnosis(Script script, string workingDirectory, RunPlace place)
    {
        var file = script.Command == "" ? Path.GetFullPath(script.Include, place.ProjectDirectory) : null;
        _script = script;
        _sources = new ScriptSources(place.ProjectDirectory, workingDirectory, file);
        _readers = bool.TryParse(script.IgnoreStandardErrorWarningFormat, out var ignore) && ignore
            ? []
            :
        [
            new PythonReader(_printed),
            new NodeReader(_printed),
            new CSharpReader(_printed),
            new RReader(_printed, file),
            new RubyReader(_printed),
            new PerlReader(_printed, file),
            new ShellReader(_printed, file),
            new PowerShellReader(_printed, file),
            new JuliaReader(_printed),
            new CanonicalReader(_printed),
        ];
    }

    /// <summary>Takes the next line that the script printed.</summary>
    public void Read(string line)
    {
        var text = line.Length > LongestLine ? line[..LongestLine] : line;
        foreach (var reader in _readers)
        {
            reader.Read(text);
        }
    }

    /// <summary>The end of the script, with what it said of it.</summary>
    /// <param name="end">How it ended, as far as its process tells.</param>
    /// <param name="countsAsError">Whether a warning of this code counts as an error.</param>
    public ScriptEnd Conclude(ScriptEnd end, Func<string, bool> countsAsError)
    {
        foreach (var reader in _readers)
        {
            reader.End(end.Outcome == Outcome.Failed);
        }

        var told = Told().Select(one => one.IsWarning && countsAsError(one.Code) ? one with { IsWarning = false } : one).ToArray();
        if (end.Outcome == Outcome.Failed && end.Problem is { } problem && _printed.Error is { } error && Explains(problem, error))
        {
            return end with { Told = told, Problem = Problems.OwnError(PlaceOf(error, out var context), TextOf(error, context), problem) };
        }

        var errors = told.Count(one => !one.IsWarning);
        return end.Outcome == Outcome.Succeeded && errors > 0
            ? end with { Told = told, Outcome = Outcome.Failed, Problem = Problems.SucceededWithErrors(_script, errors) }
            : end with { Told = told };
    }

    /// <summary>
    /// Whether what was printed is why it ended so. A signal from outside has nothing to do with it; but a program that gives up sends
    /// one to itself.
    /// </summary>
    private static bool Explains(Problem problem, PrintedError error) =>
        problem.Code == "PSCR2001" || (problem.Code == "PSCR2002" && error.Certainty == Certainty.Fatal && problem.What.AsSpan().IndexOfAny(_ownSignals) >= 0);

    private static readonly System.Buffers.SearchValues<string> _ownSignals =
        System.Buffers.SearchValues.Create(["SIGABRT", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP"], StringComparison.Ordinal);

    private List<Problem> Told()
    {
        var told = new List<Problem>();
        foreach (var kept in _printed.Kept)
        {
            if (kept is PrintedWarning warning)
            {
                told.Add(WarningOf(warning));
            }
            else if (kept is CanonicalLine line && PlaceOf(line) is { } place)
            {
                told.Add(line.IsError ? Problems.PrintedError(place, line.Code, line.Text, _script) : Problems.PrintedWarning(place, line.Code, line.Text, _script));
            }
        }

        if (_printed.MoreErrors > 0)
        {
            told.Add(Problems.MoreErrors(_script, _printed.MoreErrors));
        }

        if (_printed.MoreWarnings > 0)
        {
            told.Add(Problems.MoreWarnings(_script, _printed.MoreWarnings));
        }

        return told;
    }

    private Problem WarningOf(PrintedWarning warning)
    {
        if (warning.Frame is { } frame)
        {
            if (_sources.Find(frame.File) is { } file && _sources.IsOwn(file))
            {
                return Problems.PrintedWarning(new Place(file, frame.Line, frame.Column), "", warning.Text, _script);
            }

            // Somebody else's file is no place to go to, but worth knowing.
            return Problems.PrintedWarning(ScriptPlace(), "", $"{warning.Text} (at {frame.File}({frame.Line}))", _script);
        }

        return Problems.PrintedWarning(PlaceBy(warning.Clue), "", warning.Text, _script);
    }

    /// <summary>Where the line points; null if it does not count.</summary>
    private Place? PlaceOf(CanonicalLine line)
    {
        if (line.Frame is not { } frame)
        {
            return ScriptPlace();
        }

        return line.OnlyIfThere && _sources.Find(frame.File) is null ? null : new Place(_sources.Absolute(frame.File), frame.Line, frame.Column);
    }

    /// <summary>The innermost place that is the project's own, and what is to be said of the way there.</summary>
    private Place PlaceOf(PrintedError error, out string context)
    {
        var own = OwnFrames(error).ToArray();
        if (own.Length == 0)
        {
            context = "";
            return PlaceBy(error.Clue);
        }

        var (frame, file) = own[0];
        var caller = own.Skip(1).Where(outer => outer.File != file || outer.Frame.Line != frame.Line).Select(outer => $"{_sources.Show(outer.File)}({outer.Frame.Line})").FirstOrDefault();
        string[] words = [.. frame.Function == "" ? Array.Empty<string>() : [$"in {frame.Function}"], .. caller is null ? Array.Empty<string>() : [$"called from {caller}"]];
        context = words.Length == 0 ? "" : $" ({string.Join(", ", words)})";
        return new Place(file, frame.Line, ColumnOf(frame, file));
    }

    private IEnumerable<(Frame Frame, string File)> OwnFrames(PrintedError error)
    {
        var frames = error.Parts.Count > 0 ? error.Parts[0].Frames : error.Frames;
        return frames
            .Select(frame => (frame, _sources.Find(frame.File)))
            .Where(found => found.Item2 is { } file && _sources.IsOwn(file))
            .Select(found => (found.frame, found.Item2!));
    }

    private string TextOf(PrintedError error, string context)
    {
        var text = new StringBuilder(error.Text);
        if (error.Parts.Count > 0)
        {
            text.Append(": ").AppendJoin("; ", error.Parts.Select(part => part.Text));
        }

        if (context != "" || error.Cause is not null)
        {
            text.Length = text.ToString().TrimEnd('.').Length;
        }

        text.Append(context);
        var (last, causes) = (error, 0);
        while (last.Cause is { } cause && causes++ < MostCauses)
        {
            text.Append(last.WhileHandling ? ", while handling " : ", caused by ").Append(cause.Text.TrimEnd('.'));
            if (OwnFrames(cause).Select(found => $" at {_sources.Show(found.File)}({found.Frame.Line})").FirstOrDefault() is { } where)
            {
                text.Append(where);
            }

            last = cause;
        }

        return text.ToString();
    }

    /// <summary>The column that a mark below the source line shows. The line is printed without its indentation; the file has it.</summary>
    private static int ColumnOf(Frame frame, string file)
    {
        if (frame.Column > 0 || frame.Mark < 0 || frame.Line <= 0)
        {
            return frame.Column;
        }

        var line = ReadLines(file).Skip(frame.Line - 1).FirstOrDefault();
        return line?.IndexOf(frame.Shown, StringComparison.Ordinal) is { } start and >= 0 ? start + frame.Mark + 1 : 0;
    }

    private Place PlaceBy(SourceClue? clue)
    {
        var place = ScriptPlace();
        if (clue is null || _sources.Script is null)
        {
            return place;
        }

        // A script that has no such line may have loaded a file that has.
        var source = ReadLines(place.File);
        foreach (var file in SourceSearch.Loaded(source).Select(_sources.Find).OfType<string>().Where(_sources.IsOwn).Prepend(place.File))
        {
            if (SourceSearch.LineOf(clue, file == place.File ? source : ReadLines(file)) is var line and > 0)
            {
                return new Place(file, line);
            }
        }

        return place;
    }

    /// <summary>The script's file; of a command line, the line that declares it.</summary>
    private Place ScriptPlace() => _sources.Script is { } file ? new Place(file) : _script.Place;

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Changed or removed since. The line is known all the same, only not more of it.
            return [];
        }
    }
}
