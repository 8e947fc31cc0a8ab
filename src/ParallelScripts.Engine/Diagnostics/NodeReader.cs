using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// Node: what ends a program (the place, the source line with a mark, the error and its stack, with causes), an error that was
/// printed with its stack, and process warnings.
/// </summary>
/// <remarks>Tried with Node 20, 22 and 24.</remarks>
internal sealed partial class NodeReader(Printed printed) : OutputReader(printed)
{
    /// <summary>Lines between the place that begins a report and its error; a longer gap is something else.</summary>
    private const int LongestHead = 4;

    private State _state;
    private Frame _head;
    private int _lines;
    private PrintedError? _error;

    /// <summary>Whose frames come: the error's own, its cause's, or those of one that it holds.</summary>
    private PrintedError? _current;
    private PrintedError? _candidate;

    private enum State
    {
        Outside,

        /// <summary>Behind the place that begins a report.</summary>
        Head,

        /// <summary>In the error's message, which may have several lines.</summary>
        Message,

        /// <summary>In the stack, or what is printed behind it.</summary>
        Stack,
    }

    public override void Read(string line)
    {
        switch (_state)
        {
            case State.Head:
                ReadHead(line);
                return;
            case State.Message when ReadFrame(line) || line.StartsWith("Node.js v", StringComparison.Ordinal) || line.StartsWith("(Use `node ", StringComparison.Ordinal):
                _state = State.Stack;
                return;
            case State.Message:
                _error!.Continue(line);
                if (++_lines <= 10)
                {
                    return;
                }

                _state = State.Outside;
                break;
            case State.Stack when ReadFrame(line) || ReadNested(line):
                return;
            case State.Stack when line.StartsWith(' ') || line is "}" or "":
                return;
            case State.Stack:
                _state = State.Outside;
                break;
        }

        ReadOutside(line);
    }

    private void ReadOutside(string line)
    {
        if (_candidate is not null)
        {
            // An error that the script printed by itself is one if a stack follows.
            (_current, _error) = (_candidate, _candidate);
            if (ReadFrame(line))
            {
                Printed.Add(_candidate);
                _candidate = null;
                _state = State.Stack;
                return;
            }

            if (!_candidate.Continue(line))
            {
                _candidate = null;
            }
        }

        if (line.Length == 0)
        {
            return;
        }

        if (char.IsAsciiDigit(line[^1]) && ReadPlace(line))
        {
            _state = State.Head;
            _lines = 0;
            _candidate = null;
        }
        else if (line.StartsWith("(node:", StringComparison.Ordinal) && line.IndexOf(") ", StringComparison.Ordinal) is var end and > 0)
        {
            if (line.Contains("Warning: ", StringComparison.Ordinal))
            {
                Printed.Add(new PrintedWarning(line[(end + 2)..]));
            }
        }
        else if (line[0] is not (' ' or '[') && line.Contains("Error", StringComparison.Ordinal) && ErrorLine().IsMatch(line))
        {
            _candidate = new PrintedError(line, Certainty.Likely);
        }
    }

    /// <summary><c>/projects/fit.js:3</c>, which begins the report of an error that nobody caught.</summary>
    private bool ReadPlace(string line)
    {
        var colon = line.LastIndexOf(':');
        if (colon < 0 || !(line[0] == '/' || line.StartsWith("file://", StringComparison.Ordinal) || line.StartsWith("node:", StringComparison.Ordinal) || (char.IsAsciiLetter(line[0]) && line.AsSpan(1).StartsWith(":\\"))))
        {
            return false;
        }

        _head = new Frame(line[..colon], Number(line.AsSpan(colon + 1)));
        return _head.Line > 0;
    }

    private void ReadHead(string line)
    {
        _lines++;
        if (_lines == 1)
        {
            _head = _head with { Shown = line };
            return;
        }

        if (_head.Mark < 0)
        {
            if (line.AsSpan().IndexOf('^') is var mark and >= 0 && !line.AsSpan().ContainsAnyExcept(" ^\t"))
            {
                // Node shows the line with its indentation.
                _head = _head with { Mark = mark, Column = mark + 1 };
            }
            else if (_lines > LongestHead)
            {
                _state = State.Outside;
            }

            return;
        }

        if (line == "")
        {
            return;
        }

        _error = new PrintedError(WithoutBrackets(line), Certainty.Fatal);
        if (line.StartsWith("SyntaxError", StringComparison.Ordinal))
        {
            // Its stack tells who wanted to load the file; the place above is the file.
            _error.AddFrame(_head);
        }

        _current = _error;
        _lines = 0;
        Printed.Add(_error);
        _state = line.StartsWith('[') && line.EndsWith('{') ? State.Stack : State.Message;
        if (!line.Contains("Error", StringComparison.Ordinal))
        {
            // What was thrown is no Error and has no stack.
            _error.AddFrame(_head);
        }
    }

    private bool ReadFrame(string line)
    {
        var text = line.AsSpan().TrimStart();
        if (!text.StartsWith("at ") || line.Length - text.Length < 4 || StackFrame().Match(line) is not { Success: true } frame)
        {
            return false;
        }

        var function = frame.Groups[1].Value;
        _current?.AddFrame(new Frame(frame.Groups[2].Value, Number(frame.Groups[3].ValueSpan), Number(frame.Groups[4].ValueSpan), function is "Object.<anonymous>" or "<anonymous>" ? "" : function));
        return true;
    }

    /// <summary>An error within the error that is being printed: <c>[cause]: TypeError: …</c>, or one of several.</summary>
    private bool ReadNested(string line)
    {
        if (!line.StartsWith("  ", StringComparison.Ordinal) || !line.Contains("Error", StringComparison.Ordinal))
        {
            return false;
        }

        var text = line.AsSpan().TrimStart().ToString();
        if (text.StartsWith("[cause]: ", StringComparison.Ordinal))
        {
            var cause = new PrintedError(WithoutBrackets(text[9..]), Certainty.Fatal);
            _current!.SetCause(cause);
            _current = cause;
            return true;
        }

        if (ErrorLine().IsMatch(text) && _error!.FirstLine.StartsWith("AggregateError", StringComparison.Ordinal))
        {
            _current = new PrintedError(WithoutBrackets(text), Certainty.Fatal);
            _error.AddPart(_current);
            return true;
        }

        return false;
    }

    private static string WithoutBrackets(string text)
    {
        var plain = text.EndsWith(" {", StringComparison.Ordinal) ? text[..^2] : text;
        plain = plain.StartsWith("Uncaught ", StringComparison.Ordinal) ? plain[9..] : plain;
        return plain is ['[', .. var inner, ']'] ? inner : plain;
    }

    [GeneratedRegex(@"^\s{4,}at (?:async )?(?:(.{1,300}?) \()?((?:file://|node:|/|[A-Za-z]:\\|\.)[^()]*?):(\d+):(\d+)\)?[ {,]*$")]
    private static partial Regex StackFrame();

    [GeneratedRegex(@"^(?:Uncaught )?[A-Za-z_$][\w$.]*Error\b(?: \[\w+\])?(?::|$)|^Error(?::|$)")]
    private static partial Regex ErrorLine();
}
