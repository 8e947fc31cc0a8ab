namespace ParallelScripts;

/// <summary>
/// Hears what happens in a run. <see cref="Started"/>, <see cref="Ended"/> and <see cref="Skipped"/> come one after the
/// other from the loop that owns the plan, and it waits for them: be quick.
/// </summary>
public interface IRunListener
{
    /// <summary>A script has a slot and is about to start.</summary>
    void Started(int script, int slot);

    /// <summary>A started script has to run, and why. Comes from the thread that found out, before the script's first line.</summary>
    void Runs(int script, string reason);

    /// <summary>
    /// A line that a script printed is to be shown, or one that stands for some that are not. Comes from the thread that reads the script, at any time between its
    /// <see cref="Started"/> and <see cref="Ended"/>; the lines of one script come in order, those of several at once.
    /// </summary>
    void Output(int script, string line);

    /// <summary>
    /// Lines of a script that were held back are to be shown, with nothing in between. Comes from any thread, between its <see cref="Started"/>
    /// and <see cref="Ended"/>.
    /// </summary>
    void OutputTogether(int script, IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            Output(script, line);
        }
    }

    /// <summary>A script has failed, and is tried again. Comes from the loop that owns the plan.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="attempt">Which attempt that was, counted from 1.</param>
    /// <param name="wait">How long until the next.</param>
    void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait);

    /// <summary>A script has ended, or need not start. What its end means for the others has been decided by now.</summary>
    /// <param name="left">How many scripts have not ended.</param>
    void Ended(int script, ScriptEnd end, int left);

    /// <summary>A script will not be started.</summary>
    void Skipped(SkippedScript skipped);

    /// <summary>The run has got further, or has not for a while. What ends is told of here first. Comes from any thread.</summary>
    void Progressed(ProgressNews news)
    {
    }

    /// <summary>The run is over, and this is what happened. It is being written meanwhile, on other cores.</summary>
    void Finished(RunRecord record)
    {
    }

    /// <summary>A file that tells of the run has been written. Comes from any thread, after <see cref="Finished"/> was begun.</summary>
    void Written(string file)
    {
    }

    /// <summary>Something about the run as a whole that a person wants to know. Comes from any thread.</summary>
    void Noted(string line);

    /// <summary>Something is wrong with the run as a whole. If it is a warning, the run goes on all the same. Comes from any thread.</summary>
    void Warned(Problem problem);
}
