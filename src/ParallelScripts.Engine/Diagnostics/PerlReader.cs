using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// Perl says <c>message at file line 3.</c> of what ended a script and of what it only warned of. So the last such line of a
/// script that failed is its error, and all others are warnings.
/// </summary>
internal sealed partial class PerlReader(Printed printed, string? script) : OutputReader(printed)
{
    /// <summary>Of the errors that the compiler finds in one go, the first ones are kept.</summary>
    private const int MostInOneGo = 20;

    private static readonly string[] _extensions = [".pl", ".pm", ".t", ".cgi", ".psgi"];

    private readonly List<PrintedError> _pending = [];

    public override void Read(string line)
    {
        if (_pending.Count > 0 && line.StartsWith('\t') && CalledAt().Match(line) is { Success: true } call)
        {
            _pending[^1].NameOutermost(call.Groups[1].Value);
            _pending[^1].AddFrame(new Frame(call.Groups[2].Value, Number(call.Groups[3].ValueSpan)));
            return;
        }

        if (_pending.Count > 0 && EndsCompilation(line))
        {
            // All of them are errors, and the first is the one to repair.
            var first = new PrintedError(_pending[0].Text, Certainty.Fatal);
            first.AddFrame(_pending[0].Frames[0]);
            Printed.Add(first);
            _pending.Clear();
            return;
        }

        if (!line.Contains(" line ", StringComparison.Ordinal) || Place(line) is not var (message, frame) || EndsCompilation(line))
        {
            Warn(keep: 1);
            return;
        }

        if (_pending.Count == MostInOneGo)
        {
            Warn(keep: MostInOneGo - 1);
        }

        var error = new PrintedError(message, Certainty.Likely);
        error.AddFrame(frame);
        _pending.Add(error);
        Printed.Add(error);
    }

    public override void End(bool failed) => Warn(keep: failed && _pending.Count > 0 && ReferenceEquals(Printed.Error, _pending[^1]) ? 1 : 0);

    /// <summary>All but the last ones have been only warnings.</summary>
    private void Warn(int keep)
    {
        while (_pending.Count > keep)
        {
            Printed.Add(new PrintedWarning(_pending[0].Text, _pending[0].Frames[0]));
            _pending.RemoveAt(0);
        }
    }

    private static bool EndsCompilation(string line) =>
        line.StartsWith("BEGIN failed--compilation aborted", StringComparison.Ordinal)
        || line.StartsWith("Compilation failed in require", StringComparison.Ordinal)
        || line.EndsWith("aborted due to compilation errors.", StringComparison.Ordinal)
        || line.EndsWith("had compilation errors.", StringComparison.Ordinal);

    /// <summary>Splits <c>message at file line 3, &lt;$in&gt; line 1.</c>; from the end, for a message may hold anything.</summary>
    private (string Message, Frame Frame)? Place(string line)
    {
        for (var end = line.Length; end > 0;)
        {
            var word = line.LastIndexOf(" line ", end - 1, StringComparison.Ordinal);
            var at = word < 1 ? -1 : line.LastIndexOf(" at ", word - 1, StringComparison.Ordinal);
            if (at <= 0)
            {
                return null;
            }

            var digits = line.AsSpan(word + 6);
            var count = digits.IndexOfAnyExceptInRange('0', '9') is var other and >= 0 ? other : digits.Length;
            var rest = digits[count..];
            var file = line[(at + 4)..word];
            if (count > 0 && (rest is "." || rest.StartsWith(", <") || rest.StartsWith(", near ") || rest.StartsWith(", at EOF")) && IsPerl(file))
            {
                // Where perl looked for a module is longer than all there is to say.
                var message = line.IndexOf(" (@INC ", StringComparison.Ordinal) is var searched and > 0 && searched < at ? line[..searched] : line[..at];
                return (rest.StartsWith(", near ") || rest.StartsWith(", at EOF") ? string.Concat(message, rest) : message, new Frame(file, Number(digits[..count])));
            }

            end = word;
        }

        return null;
    }

    private bool IsPerl(string file) =>
        _extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
        || (script is not null && Path.GetFileName(script) == Path.GetFileName(file) && Path.GetExtension(file) == "");

    [GeneratedRegex(@"^\t(\S.*?)(?:\(.*\))? called at (\S.*?) line (\d+)$")]
    private static partial Regex CalledAt();
}
