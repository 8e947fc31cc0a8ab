using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// R: the error that is followed by <c>Execution halted</c>, and warnings, at once or all at the end. R tells the call in which
/// something happened and no line; so it gives what the source can be searched for.
/// </summary>
internal sealed partial class RReader(Printed printed, string? script) : OutputReader(printed)
{
    private readonly bool _isR = script is not null && Path.GetExtension(script).Equals(".R", StringComparison.OrdinalIgnoreCase);
    private PrintedError? _error;
    private string _call = "";
    private string _message = "";
    private readonly List<string> _source = [];
    private bool _inError;
    private Warnings _warnings;
    private string _warningCall = "";
    private string _warning = "";
    private bool _many;

    private enum Warnings
    {
        None,

        /// <summary>Behind <c>Warning message:</c>.</summary>
        One,

        /// <summary>Behind <c>Warning messages:</c>.</summary>
        Many,

        /// <summary>Behind a warning whose text is on the next line.</summary>
        Text,
    }

    public override void Read(string line)
    {
        if (_warnings != Warnings.None && ReadWarnings(line))
        {
            return;
        }

        if (line.Contains("Error", StringComparison.Ordinal) && ErrorLine().Match(line) is { Success: true } error)
        {
            _call = error.Groups[1].Value;
            _message = error.Groups[2].Value.Trim();
            _source.Clear();
            if (_call == "" && ShownSource().Match(_message) is { Success: true } shown)
            {
                _message = shown.Groups[1].Value;
                _source.Add(shown.Groups[2].Value);
            }

            _error = new PrintedError(_call == "" ? $"Error: {_message}" : $"Error in {_call}: {_message}", Certainty.Fatal);
            _inError = true;
        }
        else if (line == "Execution halted")
        {
            // Only this tells that nobody caught it.
            End();
        }
        else if (line is "Warning message:" or "In addition: Warning message:")
        {
            (_warnings, _inError) = (Warnings.One, false);
        }
        else if (line is "Warning messages:" or "In addition: Warning messages:")
        {
            (_warnings, _inError) = (Warnings.Many, false);
        }
        else if (line.StartsWith("Warning in ", StringComparison.Ordinal) && WarningIn().Match(line) is { Success: true } warning)
        {
            Begin(warning.Groups[1].Value, warning.Groups[2].Value);
        }
        else if (_isR && line.StartsWith("Warning: ", StringComparison.Ordinal))
        {
            Printed.Add(new PrintedWarning(line[9..], null, new SourceClue("", line[9..], [])));
        }
        else if (line.StartsWith("There were ", StringComparison.Ordinal) && line.EndsWith("warnings (use warnings() to see them)", StringComparison.Ordinal))
        {
            Printed.Add(new PrintedWarning(line));
        }
        else if (line.StartsWith("Calls: ", StringComparison.Ordinal) || line == "Backtrace:")
        {
            _inError = false;
        }
        else if (_error is not null && _inError)
        {
            ReadMessage(line);
        }
    }

    public override void End(bool failed) => FlushWarning();

    private void ReadMessage(string line)
    {
        if (_message.EndsWith(" in:", StringComparison.Ordinal))
        {
            _message = _message[..^4];
            _error = new PrintedError($"Error: {_message}", Certainty.Fatal);
            _source.Add(PrintedError.Cut(line.Trim('"')));
        }
        else if (_source.Count > 0 || SourceLine().IsMatch(line))
        {
            _source.Add(PrintedError.Cut(SourceLine().Replace(line, "").Trim('"')));
            _inError = _source.Count < 3;
        }
        else if (_message == "")
        {
            // R begins a new line where the call is long.
            _message = line.Trim();
            _error = new PrintedError($"Error in {_call}: {_message}", Certainty.Fatal);
        }
        else
        {
            _inError = line.Trim() != "^" && _error!.Continue(line);
        }
    }

    private void End()
    {
        if (_error is null)
        {
            return;
        }

        if (ParsePlace().Match(_message) is { Success: true } place)
        {
            _error = new PrintedError($"Error: {place.Groups[4].Value}", Certainty.Fatal);
            _error.AddFrame(new Frame(place.Groups[1].Value, Number(place.Groups[2].ValueSpan), Number(place.Groups[3].ValueSpan)));
        }
        else
        {
            _error.Clue = new SourceClue(_call, _message, [.. _source]);
        }

        Printed.Add(_error);
        _error = null;
        _inError = false;
    }

    private bool ReadWarnings(string line)
    {
        if (_warnings == Warnings.Text)
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                _warning = _warning == "" ? line.Trim() : $"{_warning} {line.Trim()}";
                return _warning.Length < PrintedError.LongestText;
            }

            FlushWarning();
            if (_warnings == Warnings.None)
            {
                return false;
            }
        }

        var text = line;
        if (NumberedWarning().Match(line) is { Success: true } numbered)
        {
            text = numbered.Groups[1].Value;
        }
        else if (_warnings == Warnings.Many || line == "Execution halted" || line == "")
        {
            _warnings = Warnings.None;
            return false;
        }

        var many = _warnings == Warnings.Many || text.Length < line.Length;
        if (CalledWarning().Match(text) is { Success: true } called)
        {
            Begin(called.Groups[1].Value, called.Groups[2].Value);
            _many = many;
            return true;
        }

        Printed.Add(new PrintedWarning(text, null, new SourceClue("", text, [])));
        _warnings = many ? Warnings.Many : Warnings.None;
        return true;
    }

    private void Begin(string call, string text)
    {
        (_warningCall, _warning, _warnings, _many) = (call, text.Trim(), Warnings.Text, false);
    }

    private void FlushWarning()
    {
        if (_warnings == Warnings.Text && _warning != "")
        {
            Printed.Add(new PrintedWarning($"In {_warningCall}: {_warning}", null, new SourceClue(_warningCall, _warning, [])));
        }

        _warnings = _many ? Warnings.Many : Warnings.None;
    }

    // A progress bar does not end its line.
    [GeneratedRegex(@"^(?:.{0,300}[%|\]] ?)?Error(?: in (.+?) ?)?: ?(.*)$")]
    private static partial Regex ErrorLine();

    [GeneratedRegex("""^(unexpected .*) in "(.*)"$""")]
    private static partial Regex ShownSource();

    [GeneratedRegex(@"^Warning in (.+?) : ?(.*)$")]
    private static partial Regex WarningIn();

    [GeneratedRegex(@"^\d{1,3}: (.*)$")]
    private static partial Regex NumberedWarning();

    [GeneratedRegex(@"^In (.+?) : ?(.*)$")]
    private static partial Regex CalledWarning();

    /// <summary>A line of the source that a parser shows: <c>3: }</c>.</summary>
    [GeneratedRegex(@"^\d{1,6}: ")]
    private static partial Regex SourceLine();

    [GeneratedRegex(@"^(\S.*?):(\d+):(\d+): (.*)$")]
    private static partial Regex ParsePlace();
}
