using System.Globalization;

namespace ParallelScripts;

/// <summary>
/// Where goes what one attempt at a script prints: without its secrets to the log, to those who look for errors in it, and to those
/// who watch.
/// </summary>
internal sealed class AttemptOutput : IDisposable
{
    private readonly ScriptOutput _output;
    private readonly MaskingSink? _masked;
    private readonly ShownLines? _shown;
    private readonly Diagnosis _diagnosis;
    private readonly Func<string, bool> _countsAsError;

    /// <param name="run">The run.</param>
    /// <param name="script">The script's number.</param>
    /// <param name="attempt">Which attempt this is, counted from 1. All attempts share a log.</param>
    /// <param name="logFile">The log, absolute.</param>
    /// <param name="listener">Hears each line that is shown.</param>
    public AttemptOutput(PreparedRun run, int script, int attempt, string logFile, IRunListener listener)
    {
        var isFirst = attempt == 1;
        _shown = ShownLines.For(run.Options, logFile, isFirst ? 0 : LengthOf(logFile), line => listener.Output(script, line));
        _diagnosis = new Diagnosis(run.Graph[script], run.Launches[script].WorkingDirectory, run.Place);
        _countsAsError = run.Options.CountsAsError;
        _output = new ScriptOutput(logFile, _diagnosis.Read, _shown, append: !isFirst);
        _masked = run.Secrets.InFrontOf(_output);
        if (!isFirst)
        {
            _output.Separate(string.Create(CultureInfo.InvariantCulture, $"--- attempt {attempt} of {run.FailureRules[script].Retries + 1} ---"));
        }
    }

    /// <summary>Takes every byte that is printed.</summary>
    public IOutputSink Sink => _masked is null ? _output : _masked;

    /// <summary>Nothing more is printed. Tells where it all is.</summary>
    public LogReference Close()
    {
        Dispose();
        return new LogReference(_output.LogFile, _output.Trouble);
    }

    /// <summary>How the attempt ended, with what it printed about that; asked when the output is closed.</summary>
    public ScriptEnd Conclude(ScriptEnd end) =>
        _diagnosis.Conclude(end with { LogFile = _output.LogFile, Held = _shown is HeldLines { AreNone: false } held ? held : null }, _countsAsError);

    public void Dispose()
    {
        _masked?.Dispose();
        _output.Dispose();
    }

    private static long LengthOf(string logFile) => new FileInfo(logFile) is { Exists: true } log ? log.Length : 0;
}
