namespace ParallelScripts;

/// <summary>One listener that is several, told in this order.</summary>
internal sealed class Listeners(IRunListener first, IRunListener second) : IRunListener
{
    public void Started(int script, int slot)
    {
        first.Started(script, slot);
        second.Started(script, slot);
    }

    public void Runs(int script, string reason)
    {
        first.Runs(script, reason);
        second.Runs(script, reason);
    }

    public void Output(int script, string line)
    {
        first.Output(script, line);
        second.Output(script, line);
    }

    public void OutputTogether(int script, IReadOnlyList<string> lines)
    {
        first.OutputTogether(script, lines);
        second.OutputTogether(script, lines);
    }

    public void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait)
    {
        first.Retrying(script, end, attempt, wait);
        second.Retrying(script, end, attempt, wait);
    }

    public void Ended(int script, ScriptEnd end, int left)
    {
        first.Ended(script, end, left);
        second.Ended(script, end, left);
    }

    public void Skipped(SkippedScript skipped)
    {
        first.Skipped(skipped);
        second.Skipped(skipped);
    }

    public void Progressed(ProgressNews news)
    {
        first.Progressed(news);
        second.Progressed(news);
    }

    public void Finished(RunRecord record)
    {
        first.Finished(record);
        second.Finished(record);
    }

    public void Written(string file)
    {
        first.Written(file);
        second.Written(file);
    }

    public void Noted(string line)
    {
        first.Noted(line);
        second.Noted(line);
    }

    public void Warned(Problem problem)
    {
        first.Warned(problem);
        second.Warned(problem);
    }
}
