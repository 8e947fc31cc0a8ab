using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>Julia: <c>ERROR:</c> with its stack and what caused it, and warnings that were logged.</summary>
/// <remarks>Written from what Julia 1.0 to 1.11 printed in its own issues; untried, for want of a Julia to run.</remarks>
internal sealed partial class JuliaReader(Printed printed) : OutputReader(printed)
{
    private const string Error = "ERROR: ";
    private const string CausedBy = "caused by: ";

    private PrintedError? _whole;
    private PrintedError? _current;
    private bool _inStack;
    private string _function = "";
    private string _warning = "";

    public override void Read(string line)
    {
        if (line.StartsWith(Error, StringComparison.Ordinal) && line.Length > Error.Length)
        {
            // An error of a file that was loaded says so first; the expression that loaded it comes last.
            var text = line[Error.Length..];
            while (text.StartsWith("LoadError: ", StringComparison.Ordinal))
            {
                text = text[11..];
            }

            // Not every line that begins so is Julia's: it is registered when a stack follows.
            _whole = _current = new PrintedError(text, Certainty.Fatal);
            _inStack = false;
            return;
        }

        if (_current is not null)
        {
            if (ReadFurther(line))
            {
                return;
            }

            _whole = _current = null;
        }

        ReadWarning(line);
    }

    private bool ReadFurther(string line)
    {
        if (line == "Stacktrace:")
        {
            _inStack = true;
            Printed.Add(_whole!);
            return true;
        }

        if (line.StartsWith("in expression starting at ", StringComparison.Ordinal))
        {
            if (ExpressionPlace().Match(line) is { Success: true } place)
            {
                _whole!.AddFrame(new Frame(place.Groups[1].Value, Number(place.Groups[2].ValueSpan)));
                Printed.Add(_whole);
            }

            return true;
        }

        if (line.StartsWith(CausedBy, StringComparison.Ordinal))
        {
            var cause = new PrintedError(line[CausedBy.Length..], Certainty.Fatal);
            _current!.SetCause(cause);
            (_current, _inStack) = (cause, false);
            return true;
        }

        if (!_inStack)
        {
            return ReadMessage(line);
        }

        if (FrameLine().Match(line) is { Success: true } frame)
        {
            _function = Function(frame.Groups[1].Value);
            if (frame.Groups[2].Success)
            {
                _current!.AddFrame(new Frame(frame.Groups[2].Value, Number(frame.Groups[3].ValueSpan), 0, _function));
            }

            return true;
        }

        if (FramePlace().Match(line) is { Success: true } at)
        {
            _current!.AddFrame(new Frame(at.Groups[1].Value, Number(at.Groups[2].ValueSpan), 0, _function));
            return true;
        }

        return line.StartsWith(' ') || line == "";
    }

    private bool ReadMessage(string line)
    {
        if (!line.StartsWith('#'))
        {
            // What a parser shows of the source is no text.
            return _current!.Frames.Count > 0 || _current.Continue(line);
        }

        if (ParsePlace().Match(line) is { Success: true } place)
        {
            _current!.AddFrame(new Frame(place.Groups[1].Value, Number(place.Groups[2].ValueSpan), Number(place.Groups[3].ValueSpan)));
        }
        else if (line.IndexOf("── ", StringComparison.Ordinal) is var text and > 0)
        {
            _current!.Continue(line[(text + 3)..], " ");
        }

        return true;
    }

    private void ReadWarning(string line)
    {
        if (line.StartsWith("┌ Warning: ", StringComparison.Ordinal))
        {
            _warning = line[11..];
        }
        else if (_warning != "" && line.StartsWith('└'))
        {
            Printed.Add(new PrintedWarning(_warning, WarningPlace().Match(line) is { Success: true } place ? new Frame(place.Groups[1].Value, Number(place.Groups[2].ValueSpan)) : null));
            _warning = "";
        }
        else if (_warning != "" && !line.StartsWith('│'))
        {
            _warning = "";
        }
    }

    private static string Function(string signature)
    {
        var name = signature.IndexOf('(', StringComparison.Ordinal) is var end and > 0 ? signature[..end] : signature;
        return name is "top-level scope" ? "" : name;
    }

    // Up to 1.5 the place is on the same line.
    [GeneratedRegex(@"^\s{0,4}\[\d+\] (.*?)(?: at (\S.*?):(\d+))?$")]
    private static partial Regex FrameLine();

    [GeneratedRegex(@"^\s+@ (?:[\w.]+ )?(\S.*?):(\d+)(?: \[inlined\])?$")]
    private static partial Regex FramePlace();

    [GeneratedRegex(@"^└ @ (?:[\w.]+ )?(\S.*?):(\d+)$")]
    private static partial Regex WarningPlace();

    [GeneratedRegex(@"^# Error @ (\S.*?):(\d+):(\d+)$")]
    private static partial Regex ParsePlace();

    [GeneratedRegex(@"^in expression starting at (\S.*?):(\d+)$")]
    private static partial Regex ExpressionPlace();
}
