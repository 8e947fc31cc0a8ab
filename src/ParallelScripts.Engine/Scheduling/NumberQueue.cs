namespace ParallelScripts;

/// <summary>A priority queue of numbers: a binary heap whose first is the one that comes before all others.</summary>
/// <remarks>
/// .NET's own, with a priority beside each number, is not compiled ahead for any numbers, and would be compiled anew in every build,
/// which takes longer than a small run.
/// </remarks>
/// <param name="order">Negative if the first comes before the second; never zero for two different numbers that are in the queue.</param>
internal sealed class NumberQueue(Comparison<int> order)
{
    private int[] _heap = [];
    private int _count;

    public int Count => _count;

    public void Enqueue(int number)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, Math.Max(16, 2 * _count));
        }

        var at = _count++;
        for (int above; at > 0 && order(number, _heap[above = (at - 1) / 2]) < 0; at = above)
        {
            _heap[at] = _heap[above];
        }

        _heap[at] = number;
    }

    /// <summary>The first number, which stays.</summary>
    public bool TryPeek(out int number)
    {
        number = _count == 0 ? 0 : _heap[0];
        return _count > 0;
    }

    public bool TryDequeue(out int number)
    {
        if (_count == 0)
        {
            number = 0;
            return false;
        }

        number = _heap[0];
        var last = _heap[--_count];
        var at = 0;
        for (var below = 1; below < _count; below = (2 * at) + 1)
        {
            if (below + 1 < _count && order(_heap[below + 1], _heap[below]) < 0)
            {
                below++;
            }

            if (order(last, _heap[below]) <= 0)
            {
                break;
            }

            _heap[at] = _heap[below];
            at = below;
        }

        _heap[at] = last;
        return true;
    }
}
