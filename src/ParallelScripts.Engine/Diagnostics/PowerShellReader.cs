using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// PowerShell: errors in the views that it has, the concise one of 7 (a place, the line with a mark, the message) and the normal
/// one of 5.1 (the message, then <c>At file:3 char:5</c>); and what Write-Error and Write-Warning print.
/// </summary>
internal sealed partial class PowerShellReader(Printed printed, string? script) : OutputReader(printed)
{
    private readonly bool _isPowerShell = script is not null && Path.GetExtension(script).Equals(".ps1", StringComparison.OrdinalIgnoreCase);
    private string _before = "";
    private string _kind = "";
    private Frame _frame;
    private State _state;
    private PrintedError? _error;

    private enum State
    {
        Outside,

        /// <summary>Behind <c>Exception: file:3</c>.</summary>
        Place,

        /// <summary>In the lines with a bar.</summary>
        Lines,
    }

    public override void Read(string line)
    {
        switch (_state)
        {
            case State.Place when line.TrimEnd() == "Line |":
                _state = State.Lines;
                _error = null;
                return;
            case State.Lines when line.IndexOf('|', StringComparison.Ordinal) is var bar and > 0 && line.AsSpan(0, bar).IndexOfAnyExcept(' ') is var first:
                // With a number it is the source, without one the mark, and then the message.
                if (first < 0)
                {
                    ReadBehindBar(line, bar);
                }

                return;
        }

        _state = State.Outside;
        if (line.Contains(".ps", StringComparison.OrdinalIgnoreCase) && PlaceLine().Match(line) is { Success: true } place)
        {
            _kind = place.Groups[1].Value;
            _frame = new Frame(place.Groups[2].Value, Number(place.Groups[3].ValueSpan));
            _state = State.Place;
        }
        else if (_before != "" && line.StartsWith("At ", StringComparison.Ordinal) && AtLine().Match(line) is { Success: true } at)
        {
            var error = new PrintedError(_before, Certainty.Likely);
            error.AddFrame(new Frame(at.Groups[1].Value, Number(at.Groups[2].ValueSpan), Number(at.Groups[3].ValueSpan)));
            Printed.Add(error);
        }
        else if (_isPowerShell && line.StartsWith("WARNING: ", StringComparison.Ordinal))
        {
            Printed.Add(new PrintedWarning(line[9..]));
        }
        else if (_isPowerShell && WithoutPlace().IsMatch(line))
        {
            Printed.Add(new PrintedError(line, Certainty.Likely));
        }

        _before = line.Trim();
    }

    private void ReadBehindBar(string line, int bar)
    {
        var text = line.AsSpan(bar + 1).Trim();
        if (_error is null && text.Length > 0 && !text.ContainsAnyExcept('~'))
        {
            // Behind the bar, a space and one more stand before the source.
            _frame = _frame with { Column = Math.Max(0, line.IndexOf('~', StringComparison.Ordinal) - bar - 2) };
        }
        else if (_error is not null)
        {
            _error.Continue(text.ToString(), " ");
        }
        else if (text.Length > 0)
        {
            _error = new PrintedError($"{_kind}: {text}", Certainty.Likely);
            _error.AddFrame(_frame);
            Printed.Add(_error);
        }
    }

    [GeneratedRegex(@"^([\w.-]{1,100}): (\S.*\.ps[md]?1):(\d+)$", RegexOptions.IgnoreCase)]
    private static partial Regex PlaceLine();

    [GeneratedRegex(@"^At (\S.*):(\d+) char:(\d+)$")]
    private static partial Regex AtLine();

    [GeneratedRegex(@"^(?:Write-Error|OperationStopped|ParserError|[\w.]{0,100}Exception): \S")]
    private static partial Regex WithoutPlace();
}
