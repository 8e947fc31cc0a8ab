namespace ParallelScripts;

/// <summary>Lends slots that no script needs to what runs inside scripts: a lent slot is as taken as one with a script in it.</summary>
public interface ISlotLender
{
    /// <summary>Told from any thread when fewer slots are lent than the last <see cref="Lend"/> has said.</summary>
    Action Returned { set; }

    /// <summary>
    /// Lets up to so many slots be lent from now on, and takes back what is over that and not in use.
    /// </summary>
    /// <returns>How many are lent: more than <paramref name="most"/> while they are in use. What they become by themselves is only less.</returns>
    int Lend(int most);
}
