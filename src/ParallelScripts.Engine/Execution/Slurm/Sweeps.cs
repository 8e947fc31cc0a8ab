namespace ParallelScripts;

/// <summary>
/// Gathers scripts that become ready together and ask for the same, so that one call submits them as one job array: a thousand of them are one
/// message to the controller and not a thousand. A script that has no such siblings does not wait for any.
/// </summary>
/// <param name="siblingsOf">How many scripts, this one too, become ready at the same time as a script and ask for the same.</param>
/// <param name="mostOfOne">How many tasks an array may have; asked once, and only when there is an array to submit.</param>
/// <param name="quiet">How long without another one it takes to believe that no more come.</param>
internal sealed class Sweeps(Func<int, int> siblingsOf, Func<int> mostOfOne, TimeSpan quiet)
{
    /// <summary>Fewer are not worth an array: each of them can be seen and cancelled by its own name.</summary>
    public const int Smallest = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Gathering> _gathering = new(StringComparer.Ordinal);
    private readonly Lazy<int> _mostOfOne = new(mostOfOne);

    /// <summary>Waits until it is clear with whom a script is submitted.</summary>
    /// <param name="name">That of the script; an array has the name of the first.</param>
    /// <param name="request">What it asks for, as one text.</param>
    public Task<SweepPlace> JoinAsync(int script, string name, string request)
    {
        var siblings = siblingsOf(script);
        if (siblings < Smallest)
        {
            return Task.FromResult(SweepPlace.Alone(name));
        }

        lock (_gate)
        {
            if (!_gathering.TryGetValue(request, out var gathering))
            {
                _gathering[request] = gathering = new Gathering();
            }

            var waiting = new TaskCompletionSource<SweepPlace>(TaskCreationOptions.RunContinuationsAsynchronously);
            gathering.Waiting.Add((name, waiting));
            _ = CloseAsync(request, gathering, gathering.Waiting.Count, isComplete: gathering.Waiting.Count >= siblings);
            return waiting.Task;
        }
    }

    /// <summary>How so many scripts are submitted: the sizes of the arrays, and 1 for a job of its own.</summary>
    public static IReadOnlyList<int> SizesOf(int count, int most)
    {
        var sizes = new List<int>();
        for (var left = count; left > 0;)
        {
            var size = left < Smallest ? 1 : Math.Min(left, most);
            sizes.Add(size);
            left -= size;
        }

        return sizes;
    }

    /// <summary>Numbers as <c>--array</c> wants them: <c>1-100</c>, <c>1,3-5</c>.</summary>
    public static string Numbers(IEnumerable<int> numbers)
    {
        var ranges = new List<(int From, int To)>();
        foreach (var number in numbers.Order())
        {
            if (ranges.Count > 0 && ranges[^1].To == number - 1)
            {
                ranges[^1] = (ranges[^1].From, number);
            }
            else
            {
                ranges.Add((number, number));
            }
        }

        return string.Join(',', ranges.Select(range => range.From == range.To ? $"{range.From}" : $"{range.From}-{range.To}"));
    }

    private async Task CloseAsync(string request, Gathering gathering, int count, bool isComplete)
    {
        await Task.Yield();
        if (!isComplete)
        {
            await Task.Delay(quiet).ConfigureAwait(false);
        }

        lock (_gate)
        {
            if (gathering.Waiting.Count != count || !_gathering.Remove(request))
            {
                return;
            }
        }

        var next = 0;
        foreach (var size in SizesOf(count, count < Smallest ? 1 : _mostOfOne.Value))
        {
            var sweep = size == 1 ? null : new Sweep(JobOptions.KeyOf(gathering.Waiting[next].Name), size);
            for (var i = 1; i <= size; i++, next++)
            {
                var (name, waiting) = gathering.Waiting[next];
                waiting.SetResult(sweep is null ? SweepPlace.Alone(name) : new SweepPlace($"{sweep.Name}_{i}", sweep));
            }
        }
    }

    private sealed class Gathering
    {
        public List<(string Name, TaskCompletionSource<SweepPlace> Place)> Waiting { get; } = [];
    }
}

/// <summary>What the job of a script is called, and the array that it is part of; null if it is a job of its own.</summary>
internal sealed record SweepPlace(string Key, Sweep? Sweep)
{
    public static SweepPlace Alone(string script) => new(JobOptions.KeyOf(script), null);
}

/// <summary>An array that is about to be submitted: by whoever lays down the last of its jobs.</summary>
/// <param name="name">What Slurm calls it. Its jobs have the key <c>name_number</c>, and that is how each finds what it is to run.</param>
internal sealed class Sweep(string name, int size)
{
    private readonly List<SlurmJob> _jobs = [];
    private int _left = size;

    public string Name { get; } = name;

    /// <summary>A job is laid down; null if that could not be done. Gives all of them with the last one, else null.</summary>
    public IReadOnlyList<SlurmJob>? Add(SlurmJob? job)
    {
        lock (_jobs)
        {
            if (job is not null)
            {
                _jobs.Add(job);
            }

            return --_left == 0 ? _jobs : null;
        }
    }
}
