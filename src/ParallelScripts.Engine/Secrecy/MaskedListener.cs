namespace ParallelScripts;

/// <summary>Hears a run and tells it on without its secrets.</summary>
internal sealed class MaskedListener(IRunListener listener, Secrets secrets) : IRunListener
{
    public void Started(int script, int slot) => listener.Started(script, slot);

    public void Runs(int script, string reason) => listener.Runs(script, secrets.Mask(reason));

    // What a script prints was masked as bytes, before it was cut into lines.
    public void Output(int script, string line) => listener.Output(script, line);

    public void OutputTogether(int script, IReadOnlyList<string> lines) => listener.OutputTogether(script, lines);

    public void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait) => listener.Retrying(script, secrets.Mask(end), attempt, wait);

    public void Ended(int script, ScriptEnd end, int left) => listener.Ended(script, secrets.Mask(end), left);

    public void Skipped(SkippedScript skipped) => listener.Skipped(skipped);

    // The names in it are masked.
    public void Progressed(ProgressNews news) => listener.Progressed(news with { Line = secrets.Mask(news.Line), Problem = news.Problem is { } problem ? secrets.Mask(problem) : null });

    // Made of what was masked when it was told.
    public void Finished(RunRecord record) => listener.Finished(record);

    // A path that somebody has to find.
    public void Written(string file) => listener.Written(file);

    public void Noted(string line) => listener.Noted(secrets.Mask(line));

    public void Warned(Problem problem) => listener.Warned(secrets.Mask(problem));
}
