using System.Numerics;

namespace ParallelScripts;

/// <summary>
/// A set of numbers that gives its smallest one: a bit for each number, and above 64 of them a bit that says whether any of these is set,
/// and so on. A hundred thousand numbers are three steps and some kilobytes, so that it costs the same however many there are.
/// </summary>
/// <param name="bound">Larger than every number.</param>
internal sealed class NumberSet(int bound)
{
    private readonly ulong[][] _levels = Levels(bound);

    public int Count { get; private set; }

    public void Add(int number)
    {
        foreach (var bits in _levels)
        {
            ref var word = ref bits[number >> 6];
            var before = word;
            word |= 1UL << (number & 63);
            if (bits == _levels[0] && word != before)
            {
                Count++;
            }

            if (before != 0)
            {
                return;
            }

            number >>= 6;
        }
    }

    /// <summary>The smallest number, which stays.</summary>
    public bool TryPeek(out int number)
    {
        number = 0;
        if (Count == 0)
        {
            return false;
        }

        for (var level = _levels.Length - 1; level >= 0; level--)
        {
            number = (number << 6) + BitOperations.TrailingZeroCount(_levels[level][number]);
        }

        return true;
    }

    /// <summary>Takes the smallest number out.</summary>
    public bool TryTake(out int number)
    {
        if (!TryPeek(out number))
        {
            return false;
        }

        Count--;
        var at = number;
        foreach (var bits in _levels)
        {
            ref var word = ref bits[at >> 6];
            word &= ~(1UL << (at & 63));
            if (word != 0)
            {
                break;
            }

            at >>= 6;
        }

        return true;
    }

    private static ulong[][] Levels(int bound)
    {
        var levels = new List<ulong[]>();
        do
        {
            bound = Math.Max(1, (bound + 63) >> 6);
            levels.Add(new ulong[bound]);
        }
        while (bound > 1);

        return [.. levels];
    }
}
