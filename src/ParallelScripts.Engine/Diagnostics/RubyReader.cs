using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>Ruby: exceptions that nobody caught, with their causes; syntax errors; warnings.</summary>
/// <remarks>Recorded with 3.1; 3.4 writes <c>in 'Object#fit'</c> where older ones write <c>in `fit'</c>.</remarks>
internal sealed partial class RubyReader(Printed printed) : OutputReader(printed)
{
    private PrintedError? _error;
    private PrintedError? _whole;
    private bool _inFrames;

    public override void Read(string line)
    {
        if (line.Contains(":in ", StringComparison.Ordinal) && line.StartsWith("\tfrom ", StringComparison.Ordinal))
        {
            _inFrames = true;
            if (_error is not null && FrameLine().Match(line) is { Success: true } frame)
            {
                var next = FrameOf(frame);
                if (_error.Frames.Count == 1 && _error.Frames[0] is var inner && inner.File == next.File && inner.Line == next.Line)
                {
                    // What is written in C has no lines and shows those of its caller.
                    _error.NameOutermost(next.Function);
                }
                else
                {
                    _error.AddFrame(next);
                }
            }

            return;
        }

        if (line.Contains(":in ", StringComparison.Ordinal) && ErrorLine().Match(line) is { Success: true } error)
        {
            ReadError(error);
            return;
        }

        if (_error is not null && !_inFrames && line.AsSpan().IndexOf('^') is var mark and >= 0 && !line.AsSpan().ContainsAnyExcept(" ^\t"))
        {
            _error.TakeLineForSource(mark + 1);
            return;
        }

        if (_error is not null && !_inFrames && _error.Continue(line))
        {
            return;
        }

        if (_error is { Frames.Count: 1 } && !_inFrames)
        {
            _error.ForgetFurtherLines();
        }

        (_error, _whole, _inFrames) = (null, null, false);
        if (line.Contains(": warning: ", StringComparison.Ordinal) && WarningLine().Match(line) is { Success: true } warning)
        {
            Printed.Add(new PrintedWarning(warning.Groups[3].Value, new Frame(warning.Groups[1].Value, Number(warning.Groups[2].ValueSpan))));
        }
        else if (line.Contains(": syntax error", StringComparison.Ordinal) && SyntaxLine().Match(line) is { Success: true } syntax)
        {
            _error = _whole = new PrintedError(syntax.Groups[3].Value, Certainty.Fatal);
            _error.AddFrame(new Frame(syntax.Groups[1].Value, Number(syntax.Groups[2].ValueSpan)));
            Printed.Add(_error);
        }
    }

    private void ReadError(Match match)
    {
        var (message, kind) = (match.Groups[4].Value, match.Groups[5].Value);
        var next = new PrintedError(kind == "" ? message : $"{kind}: {message}", Certainty.Fatal);
        next.AddFrame(FrameOf(match));
        if (_whole is not null && next.Text == _error!.Text && next.Frames[0] == _error.Frames[0])
        {
            // A thread says it, and then the script that waits for the thread.
            return;
        }

        if (_whole is not null && _inFrames)
        {
            _error!.SetCause(next);
        }
        else
        {
            _whole = next;
            Printed.Add(next);
        }

        _error = next;
        _inFrames = false;
    }

    private static Frame FrameOf(Match match)
    {
        var function = match.Groups[3].Value;
        return new Frame(match.Groups[1].Value, Number(match.Groups[2].ValueSpan), 0, function.StartsWith('<') ? "" : function);
    }

    [GeneratedRegex(@"^\tfrom (\S.*?):(\d+):in [`'](.+)'$")]
    private static partial Regex FrameLine();

    [GeneratedRegex(@"^(\S.{0,400}?):(\d+):in [`']([^']+)': (.*?)(?: \(([A-Z][\w:]*)\))?$")]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"^(\S.*?\.(?:rb|rake|ru)|\S*Rakefile):(\d+): warning: (.*)$")]
    private static partial Regex WarningLine();

    [GeneratedRegex(@"^(?:\S.*?\.(?:rb|rake|ru): )?(\S.*?\.(?:rb|rake|ru)):(\d+): (syntax errors? ?.*)$")]
    private static partial Regex SyntaxLine();
}
