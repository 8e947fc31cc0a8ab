using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// Python: tracebacks, of chained exceptions, exception groups, threads and other processes too; syntax errors; warnings;
/// what argparse, faulthandler and pytest say.
/// </summary>
/// <remarks>https://docs.python.org/3/library/traceback.html; tried with CPython 3.6 to 3.13.</remarks>
internal sealed partial class PythonReader(Printed printed) : OutputReader(printed)
{
    private const string Header = "Traceback (most recent call last):";
    private const int MostFrames = 64;

    /// <summary>What lies between two lines of a traceback may come from another thread. After so many it is none any more.</summary>
    private const int MostStrays = 5;

    private readonly List<Frame> _frames = [];
    private State _state;
    private int _strays;
    private bool _ignored;
    private PrintedError? _last;
    private PrintedError? _cause;
    private bool _whileHandling;

    /// <summary>A traceback that came from another process, quoted in front of the one that raised it again.</summary>
    private bool _remote;
    private PrintedError? _group;
    private bool _inPart;
    private int _linesSinceUsage = int.MaxValue;
    private string _test = "";
    private string _testError = "";
    private readonly List<Frame> _testFrames = [];

    private enum State
    {
        Outside,

        /// <summary>In a traceback, before its last line.</summary>
        Frames,

        /// <summary>Behind a syntax error's place, which has no header.</summary>
        Syntax,

        /// <summary>Behind the line that names the exception; its message may go on.</summary>
        Message,

        /// <summary>Behind the message; what follows may chain another exception to it.</summary>
        Behind,

        /// <summary>In the list of a crash, innermost first.</summary>
        Crash,
    }

    public override void Read(string line)
    {
        var text = WithoutGutter(line);
        if (text.EndsWith(Header, StringComparison.Ordinal))
        {
            // Whatever stands before it: a progress bar does not end its line.
            Begin(State.Frames);
            return;
        }

        switch (_state)
        {
            case State.Frames or State.Syntax when text.StartsWith(' ') || text == "":
                ReadFrame(text);
                return;
            case State.Frames or State.Syntax when NamesException(text):
                Finish(text);
                return;
            case State.Frames or State.Syntax when ++_strays > MostStrays || _state == State.Syntax:
                _state = State.Outside;
                break;
            case State.Message when text == "":
                _state = State.Behind;
                return;
            case State.Message:
                if (ReadMessage(text))
                {
                    return;
                }

                break;
            case State.Behind when text is not ("" or "\"\"\""):
                _state = State.Outside;
                if (text == "The above exception was the direct cause of the following exception:")
                {
                    (_cause, _whileHandling) = (_last, false);
                    return;
                }

                if (text == "During handling of the above exception, another exception occurred:")
                {
                    (_cause, _whileHandling) = (_last, true);
                    return;
                }

                break;
            case State.Crash when CrashFrame().Match(text) is { Success: true } crash:
                _last!.AddFrame(new Frame(crash.Groups[1].Value, Number(crash.Groups[2].ValueSpan), 0, Function(crash.Groups[3].Value)));
                return;
            case State.Crash:
                _state = State.Outside;
                break;
        }

        ReadOutside(text);
    }

    private void Begin(State state)
    {
        _frames.Clear();
        _strays = 0;
        _state = state;
    }

    private void ReadFrame(string text)
    {
        if (FrameLine().Match(text) is { Success: true } frame)
        {
            if (_frames.Count == MostFrames)
            {
                // The innermost are those that count.
                _frames.RemoveAt(0);
            }

            _frames.Add(new Frame(frame.Groups[1].Value, Number(frame.Groups[2].ValueSpan), 0, Function(frame.Groups[3].Value)));
        }
        else if (_frames.Count > 0 && text.StartsWith("    ", StringComparison.Ordinal))
        {
            var shown = text[4..];
            if (_frames[^1].Shown == "")
            {
                _frames[^1] = _frames[^1] with { Shown = shown };
            }
            else if (_frames[^1].Mark < 0 && shown.AsSpan().IndexOfAny('^', '~') is var mark and >= 0 && !shown.AsSpan().ContainsAnyExcept(" ^~"))
            {
                _frames[^1] = _frames[^1] with { Mark = mark };
            }
        }
    }

    private void Finish(string text)
    {
        // Up to 3.10, exceptions of the script itself carry its module's name.
        text = text.StartsWith("__main__.", StringComparison.Ordinal) ? text[9..] : text;
        var error = new PrintedError(text, _ignored ? Certainty.Passing : Certainty.Fatal);
        for (var i = _frames.Count - 1; i >= 0; i--)
        {
            error.AddFrame(_frames[i]);
        }

        _ignored = false;
        _frames.Clear();
        if (_inPart)
        {
            // Groups within groups are told by what they hold.
            if (!text.EndsWith("sub-exception)", StringComparison.Ordinal) && !text.EndsWith("sub-exceptions)", StringComparison.Ordinal))
            {
                _group!.AddPart(error);
            }

            _state = State.Outside;
            return;
        }

        if (_cause is { } cause && _remote && cause.Text == text)
        {
            // The same exception, raised a second time for this process: its true place is in the other.
            var here = error.Frames;
            error = new PrintedError(text, Certainty.Fatal);
            foreach (var frame in cause.Frames.Concat(here))
            {
                error.AddFrame(frame);
            }
        }
        else if (_cause is not null)
        {
            error.SetCause(_cause, _whileHandling);
        }
        else if (text.StartsWith("subprocess.CalledProcessError: ", StringComparison.Ordinal) && Printed.Error is { Certainty: Certainty.Fatal } child)
        {
            // What the other program said of itself, it said into the same output.
            error.SetCause(child);
        }

        if (_cause is not null || !_remote)
        {
            _remote = false;
        }

        _cause = null;
        _last = error;
        _state = State.Message;
        Printed.Add(error);
    }

    /// <summary>Whether the line still belongs to the exception's message.</summary>
    private bool ReadMessage(string text)
    {
        if (text == "\"\"\"")
        {
            _state = State.Behind;
            return true;
        }

        if (text.StartsWith("Exception ignored in", StringComparison.Ordinal) || text.StartsWith("Exception in thread ", StringComparison.Ordinal) || text.StartsWith("  File \"", StringComparison.Ordinal))
        {
            _state = State.Outside;
            return false;
        }

        if (_last!.Continue(text))
        {
            return true;
        }

        // So much is not the message of an exception, but a script that went on.
        _last.ForgetFurtherLines();
        _state = State.Outside;
        return false;
    }

    private void ReadOutside(string text)
    {
        if (_linesSinceUsage < int.MaxValue)
        {
            _linesSinceUsage++;
        }

        if (text.Length == 0)
        {
            return;
        }

        switch (text[0])
        {
            case ' ' when text.StartsWith("  File \"", StringComparison.Ordinal) && SyntaxPlace().Match(text) is { Success: true } place:
                Begin(State.Syntax);
                _frames.Add(new Frame(place.Groups[1].Value, Number(place.Groups[2].ValueSpan)));
                return;
            case 'E' when text.StartsWith("Exception ignored in", StringComparison.Ordinal):
                _ignored = true;
                return;
            case 'E' when text.StartsWith("E   ", StringComparison.Ordinal):
                if (_testError == "")
                {
                    _testError = text[1..].Trim();
                }

                return;
            case '_' when TestHeader().Match(text) is { Success: true } test:
                (_test, _testError) = (test.Groups[1].Value, "");
                _testFrames.Clear();
                return;
            case 'u' when text.StartsWith("usage: ", StringComparison.Ordinal):
                _linesSinceUsage = 0;
                return;
            case 'F' when text.StartsWith("Fatal Python error: ", StringComparison.Ordinal):
                _last = new PrintedError(text, Certainty.Fatal);
                Printed.Add(_last);
                return;
            case 'C' or 'T' when text.EndsWith("(most recent call first):", StringComparison.Ordinal) && _last is { Frames.Count: 0 } crash && crash.FirstLine.StartsWith("Fatal Python", StringComparison.Ordinal):
                _state = State.Crash;
                return;
        }

        if (text.EndsWith("RemoteTraceback: ", StringComparison.Ordinal) || text.EndsWith("RemoteTraceback:", StringComparison.Ordinal))
        {
            _remote = true;
        }
        else if (_linesSinceUsage < 20 && text.IndexOf(": error: ", StringComparison.Ordinal) is var end and > 0)
        {
            _linesSinceUsage = int.MaxValue;
            Printed.Add(new PrintedError(text[(end + 9)..], Certainty.Likely));
        }
        else if (text.Contains("Warning: ", StringComparison.Ordinal) && WarningLine().Match(text) is { Success: true } warning)
        {
            Printed.Add(new PrintedWarning(warning.Groups[3].Value, new Frame(warning.Groups[1].Value, Number(warning.Groups[2].ValueSpan))));
        }
        else if (_test != "" && TestPlace().Match(text) is { Success: true } place)
        {
            ReadTest(place);
        }
    }

    /// <summary><c>file:9: </c> for each step from the test inwards, and at the last one the exception's name.</summary>
    private void ReadTest(Match place)
    {
        var name = place.Groups[3].Value;
        if (_testFrames.Count < MostFrames)
        {
            _testFrames.Add(new Frame(place.Groups[1].Value, Number(place.Groups[2].ValueSpan), 0, _testFrames.Count == 0 ? _test : ""));
        }

        if (name == "" || _testError == "")
        {
            return;
        }

        var error = new PrintedError(_testError.StartsWith(name, StringComparison.Ordinal) ? _testError : $"{name}: {_testError}", Certainty.Likely);
        foreach (var frame in Enumerable.Reverse(_testFrames))
        {
            error.AddFrame(frame);
        }

        (_test, _testError) = ("", "");
        Printed.Add(error);
    }

    /// <summary>A line of an exception group without what draws the tree, and where in the tree it is.</summary>
    private string WithoutGutter(string line)
    {
        var start = line.AsSpan().IndexOfAnyExcept(' ');
        if (start < 2 || line[start] is not ('|' or '+'))
        {
            if (_group is not null && _state is not State.Frames)
            {
                (_group, _inPart) = (null, false);
            }

            return line;
        }

        if (line[start] == '|')
        {
            return line.Length > start + 2 ? line[(start + 2)..] : "";
        }

        if (line.AsSpan(start).StartsWith("+ Exception Group "))
        {
            _inPart = false;
            return line[start..];
        }

        // +-+---------------- 1 ----------------, and the last line, which has no number.
        if (line.AsSpan(start).StartsWith("+-") && _last is not null)
        {
            _inPart = line.AsSpan(start).ContainsAnyInRange('1', '9');
            if (_group is null && _state == State.Message)
            {
                _group = _last;
            }

            _inPart &= _group is not null;
            _state = State.Outside;
        }

        return "";
    }

    /// <summary><c>KeyError: 'price'</c>, <c>package.Failed</c>: a dotted name, alone or before a colon.</summary>
    private static bool NamesException(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text.AsSpan().TrimEnd() : text.AsSpan(0, colon);
        if (name.Length is 0 or > 200 || char.IsAsciiDigit(name[0]) || (colon >= 0 && colon + 1 < text.Length && text[colon + 1] != ' '))
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('.' or '_' or '<' or '>'))
            {
                return false;
            }
        }

        return true;
    }

    private static string Function(string name) => name == "<module>" ? "" : name;

    [GeneratedRegex("""^\s+File "([^"]+)", line (\d+)(?:, in (.*))?$""")]
    private static partial Regex FrameLine();

    [GeneratedRegex("""^  File "([^"]+)", line (\d+)$""")]
    private static partial Regex SyntaxPlace();

    [GeneratedRegex("""^  File "([^"]+)", line (\d+) in (.*)$""")]
    private static partial Regex CrashFrame();

    [GeneratedRegex("""^(?:WARNING:py\.warnings:)?([^:]{0,2}[^:]+):(\d+): ((?:\w+\.)*\w*Warning: .*)$""")]
    private static partial Regex WarningLine();

    [GeneratedRegex("""^_{3,} (\S+) _{3,}$""")]
    private static partial Regex TestHeader();

    [GeneratedRegex("""^(\S[^:]*):(\d+): ([A-Za-z_][\w.]*|)$""")]
    private static partial Regex TestPlace();
}
