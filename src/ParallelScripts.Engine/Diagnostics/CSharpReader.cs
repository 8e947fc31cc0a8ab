using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// .NET: exceptions that nobody caught, and those that a program printed, with what is inside them. What the compiler says is in
/// the form that build tools share, see <see cref="CanonicalReader"/>.
/// </summary>
internal sealed partial class CSharpReader(Printed printed) : OutputReader(printed)
{
    private const string Unhandled = "Unhandled exception. ";
    private const string Inner = " ---> ";

    /// <summary>The outer exceptions whose frames come behind those of what is inside them.</summary>
    private readonly List<PrintedError> _open = [];
    private PrintedError? _candidate;
    private bool _inStack;

    public override void Read(string line)
    {
        if (line.StartsWith(Unhandled, StringComparison.Ordinal))
        {
            Begin(new PrintedError(line[Unhandled.Length..], Certainty.Fatal));
            Printed.Add(_open[0]);
            return;
        }

        if (_open.Count > 0 && ReadFurther(line))
        {
            return;
        }

        _open.Clear();
        if (_candidate is not null && (line.StartsWith("   at ", StringComparison.Ordinal) || line.StartsWith(Inner, StringComparison.Ordinal)))
        {
            // A program that prints an exception prints where it came from.
            Printed.Add(_candidate);
            Begin(_candidate);
            ReadFurther(line);
            return;
        }

        if ((line.Contains("Exception", StringComparison.Ordinal) || line.Contains("Error", StringComparison.Ordinal)) && ExceptionLine().IsMatch(line))
        {
            _candidate = new PrintedError(line, Certainty.Likely);
        }
        else if (_candidate?.Continue(line) == false)
        {
            _candidate = null;
        }
    }

    private void Begin(PrintedError error)
    {
        _open.Clear();
        _open.Add(error);
        _candidate = null;
        _inStack = false;
    }

    private bool ReadFurther(string line)
    {
        if (line.StartsWith("   at ", StringComparison.Ordinal))
        {
            _inStack = true;
            if (StackFrame().Match(line) is { Success: true } frame)
            {
                _open[^1].AddFrame(new Frame(frame.Groups[2].Value, Number(frame.Groups[3].ValueSpan), 0, Function(frame.Groups[1].Value)));
            }

            return true;
        }

        if (line.StartsWith(Inner, StringComparison.Ordinal))
        {
            var inner = new PrintedError(line[Inner.Length..], Certainty.Fatal);
            if (_open[0].Cause is null || _open.Count > 1)
            {
                _open[^1].SetCause(inner);
            }

            _open.Add(inner);
            _inStack = false;
            return _open.Count < 16;
        }

        if (line.StartsWith("   --- End of inner exception stack trace ---", StringComparison.Ordinal))
        {
            if (_open.Count > 1)
            {
                _open.RemoveAt(_open.Count - 1);
            }

            return true;
        }

        if (line.StartsWith("--- End of stack trace from previous location", StringComparison.Ordinal))
        {
            return true;
        }

        return !_inStack && _open[^1].Continue(line);
    }

    /// <summary><c>Fit</c> of <c>Program.&lt;&lt;Main&gt;$&gt;g__Fit|0_1(Int32[] rows)</c>; nothing of the program's top level.</summary>
    private static string Function(string method)
    {
        var name = method.IndexOf('(', StringComparison.Ordinal) is var end and > 0 ? method[..end] : method;
        if (name.IndexOf("g__", StringComparison.Ordinal) is var local and > 0 && name.IndexOf('|', local) is var bar and > 0)
        {
            return name[(local + 3)..bar];
        }

        return name.Contains("<Main>", StringComparison.Ordinal) ? "" : name;
    }

    [GeneratedRegex(@"^   at (.{1,500}) in (.+):line (\d+)$")]
    private static partial Regex StackFrame();

    [GeneratedRegex(@"^(?:[A-Za-z_]\w{0,60}\.){1,12}[A-Za-z_]\w{0,100}(?:Exception|Error)(?: \(0x[0-9A-F]+\))?(?::|$)")]
    private static partial Regex ExceptionLine();
}
