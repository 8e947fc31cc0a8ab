namespace ParallelScripts;

/// <summary>One listener that is several, told in this order.</summary>
internal sealed class Listeners(params IRunListener[] listeners) : IRunListener
{
    public void Started(int script, int slot)
    {
        foreach (var listener in listeners)
        {
            listener.Started(script, slot);
        }
    }

    public void Runs(int script, string reason)
    {
        foreach (var listener in listeners)
        {
            listener.Runs(script, reason);
        }
    }

    public void Output(int script, string line)
    {
        foreach (var listener in listeners)
        {
            listener.Output(script, line);
        }
    }

    public void OutputTogether(int script, IReadOnlyList<string> lines)
    {
        foreach (var listener in listeners)
        {
            listener.OutputTogether(script, lines);
        }
    }

    public void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait)
    {
        foreach (var listener in listeners)
        {
            listener.Retrying(script, end, attempt, wait);
        }
    }

    public void Ended(int script, ScriptEnd end, int left)
    {
        foreach (var listener in listeners)
        {
            listener.Ended(script, end, left);
        }
    }

    public void Skipped(SkippedScript skipped)
    {
        foreach (var listener in listeners)
        {
            listener.Skipped(skipped);
        }
    }

    public void Progressed(ProgressNews news)
    {
        foreach (var listener in listeners)
        {
            listener.Progressed(news);
        }
    }

    public void Finished(RunRecord record)
    {
        foreach (var listener in listeners)
        {
            listener.Finished(record);
        }
    }

    public void Written(string file)
    {
        foreach (var listener in listeners)
        {
            listener.Written(file);
        }
    }

    public void Noted(string line)
    {
        foreach (var listener in listeners)
        {
            listener.Noted(line);
        }
    }

    public void Warned(Problem problem)
    {
        foreach (var listener in listeners)
        {
            listener.Warned(problem);
        }
    }
}
