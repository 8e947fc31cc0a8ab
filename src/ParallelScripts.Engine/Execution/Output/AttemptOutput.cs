using System.Globalization;

namespace ParallelScripts;

/// <summary>
/// Where goes what one attempt at a script prints: without its secrets to the log, to those who look for errors in it, and to those
/// who watch. Nothing of that is there before the first byte: of a thousand silent scripts, none costs a file or a reader.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="script">The script's number.</param>
/// <param name="attempt">Which attempt this is, counted from 1. All attempts share a log.</param>
/// <param name="logs">Names the log.</param>
/// <param name="listener">Hears each line that is shown.</param>
internal sealed class AttemptOutput(PreparedRun run, int script, int attempt, LogFiles logs, IRunListener listener) : IOutputSink, IDisposable
{
    private Printing? _printing;

    /// <summary>Takes every byte that is printed.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            (_printing ??= new Printing(run, script, attempt, logs.Of(run.Graph[script].Name), listener)).Sink.Write(bytes);
        }
    }

    /// <summary>Nothing more is printed. Tells where it all is.</summary>
    public LogReference Close()
    {
        Dispose();
        return _printing?.Log ?? default;
    }

    /// <summary>How the attempt ended, with what it printed about that; asked when the output is closed.</summary>
    public ScriptEnd Conclude(ScriptEnd end) => _printing?.Conclude(end) ?? end;

    public void Dispose() => _printing?.Dispose();

    /// <summary>An attempt that has printed something.</summary>
    private sealed class Printing : IDisposable
    {
        private readonly ScriptOutput _output;
        private readonly MaskingSink? _masked;
        private readonly ShownLines? _shown;
        private readonly Diagnosis _diagnosis;
        private readonly Func<string, bool> _countsAsError;

        public Printing(PreparedRun run, int script, int attempt, string logFile, IRunListener listener)
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

        public IOutputSink Sink => _masked is null ? _output : _masked;

        public LogReference Log => new(_output.LogFile, _output.Trouble);

        public ScriptEnd Conclude(ScriptEnd end) =>
            _diagnosis.Conclude(end with { LogFile = _output.LogFile, Held = _shown is HeldLines { AreNone: false } held ? held : null }, _countsAsError);

        public void Dispose()
        {
            _masked?.Dispose();
            _output.Dispose();
        }

        private static long LengthOf(string logFile) => new FileInfo(logFile) is { Exists: true } log ? log.Length : 0;
    }
}
