using System.Globalization;

namespace ParallelScripts.Tasks;

/// <summary>Puts what happens in a run into the build log.</summary>
/// <param name="terminal">The line of the terminal; null if no terminal shows this build.</param>
/// <param name="finished">What else is to be done with the record of the run.</param>
internal sealed class LogListener(BuildLog log, TerminalLine? terminal, PreparedRun run, Action<RunRecord> finished) : IRunListener
{
    private readonly ScriptFacts _facts = new(log, run);
    private readonly List<string> _files = [];

    /// <summary>After the run: the files that tell of it.</summary>
    public IReadOnlyList<string> Files => _files;

    public void Started(int script, int slot)
    {
        _facts.Started(script, slot);
        log.Normal($"[{run.Graph[script].Name}] {CommandLine.Show(run.Launches[script].CommandForPeople)}");
    }

    public void Runs(int script, string reason)
    {
        // That a script which declares no outputs runs is nothing to explain.
        if (run.Graph[script].Outputs.Count > 0)
        {
            log.High($"[{run.Graph[script].Name}] runs: {reason}");
        }
    }

    public void Output(int script, string line) => log.High($"[{run.Graph[script].Name}] {line}");

    public void OutputTogether(int script, IReadOnlyList<string> lines) =>
        log.Together(run.Graph[script].Name, [.. lines.Select(line => $"[{run.Graph[script].Name}] {line}")], folds: run.Options.GroupOutput);

    public void Ended(int script, ScriptEnd end, int left)
    {
        var name = run.Graph[script].Name;
        _facts.Ended(script, end);
        if (end.Outcome == Outcome.UpToDate)
        {
            return;
        }

        foreach (var told in end.Told)
        {
            log.Problem(told);
        }

        if (end.Problem is { } problem)
        {
            log.Problem(problem);
        }

        ShowPartialOutputs(script, end);
    }

    public void Progressed(ProgressNews news)
    {
        if (terminal?.TryShow(news) != true && news.Kind != ProgressKind.Changed)
        {
            log.High(news.Line);
        }
    }

    public void Finished(RunRecord record)
    {
        finished(record);
        string[] summary = [.. Summary.Of(record)];
        var report = Reports.AddressOf(record, run.Place.StateDirectory);
        foreach (var line in report is null ? summary : [.. summary, $"Report: {report}"])
        {
            Say(line);
        }

        terminal?.EndWith(report is null ? summary[0] : Reports.FileOf(run.Place.StateDirectory));
    }

    public void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait)
    {
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"[{run.Graph[script].Name}] {Summary.Words(end.Outcome)} in {Durations.Show(end.Duration.TotalSeconds)}, attempt {attempt} of {run.FailureRules[script].Retries + 1}; tries again in {Durations.Show(wait.TotalSeconds)}: {end.Problem?.What}"));
        ShowPartialOutputs(script, end);
    }

    public void Written(string file)
    {
        lock (_files)
        {
            _files.Add(file);
            _files.Sort(StringComparer.Ordinal);
        }
    }

    public void Noted(string line)
    {
        terminal?.TryOpen();
        Say(line);
    }

    public void Warned(Problem problem) => log.Problem(problem);

    public void Skipped(SkippedScript skipped) => _facts.Skipped(skipped);

    /// <summary>What a person is to see at once, also at a terminal.</summary>
    private void Say(string line)
    {
        if (terminal?.TryPrint(line) != true)
        {
            log.High(line);
        }
    }

    private void ShowPartialOutputs(int script, ScriptEnd end)
    {
        if (end.PartialOutputs is { } folder)
        {
            log.High($"[{run.Graph[script].Name}] what it had begun to write is in {folder}");
        }
    }
}
