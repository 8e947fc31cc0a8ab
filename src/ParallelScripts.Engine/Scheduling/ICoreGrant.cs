namespace ParallelScripts;

/// <summary>Whoever decides how many cores of this machine a run may use, because others use it too.</summary>
public interface ICoreGrant
{
    /// <summary>
    /// Gives back what was granted before, asks for as many as would be of use now, and says how many may be used: at least 1. The loop that
    /// owns the plan calls it, and waits: it must not wait for others in turn.
    /// </summary>
    int Resize(int wanted);
}
