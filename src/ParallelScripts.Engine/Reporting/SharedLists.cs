using System.Diagnostics.CodeAnalysis;

namespace ParallelScripts;

/// <summary>
/// What scripts depend on, by number, each list once however many scripts have it: a thousand scripts that each read what the same thousand
/// others wrote are two thousand numbers in a report, and not a million.
/// </summary>
internal sealed class SharedLists
{
    /// <summary>Shorter lists are as quickly written as looked up.</summary>
    private const int LeastLength = 16;

    private readonly int[] _ofScript;

    private SharedLists(int[] ofScript, IReadOnlyList<int[]> all) => (_ofScript, All) = (ofScript, all);

    /// <summary>The lists that several scripts have.</summary>
    public IReadOnlyList<int[]> All { get; }

    /// <param name="scripts">The scripts.</param>
    /// <param name="numbers">The number of each, by its name.</param>
    public static SharedLists Of(IReadOnlyList<ScriptRecord> scripts, Dictionary<string, int> numbers)
    {
        var firstWith = new Dictionary<int[], int>(Sameness.Instance);
        var all = new List<int[]>();
        var ofScript = new int[scripts.Count];
        Array.Fill(ofScript, -1);
        for (var script = 0; script < scripts.Count; script++)
        {
            if (scripts[script].DependsOn.Count < LeastLength)
            {
                continue;
            }

            int[] list = [.. scripts[script].DependsOn.Select(name => numbers[name])];
            if (!firstWith.TryGetValue(list, out var first))
            {
                firstWith.Add(list, script);
                continue;
            }

            if (ofScript[first] < 0)
            {
                ofScript[first] = all.Count;
                all.Add(list);
            }

            ofScript[script] = ofScript[first];
        }

        return new SharedLists(ofScript, all);
    }

    /// <summary>Where a script's list is in <see cref="All"/>; null if no other has the same.</summary>
    public int? IndexOf(int script) => _ofScript[script] < 0 ? null : _ofScript[script];

    private sealed class Sameness : IEqualityComparer<int[]>
    {
        public static readonly Sameness Instance = new();

        public bool Equals(int[]? one, int[]? other) => one.AsSpan().SequenceEqual(other);

        public int GetHashCode([DisallowNull] int[] list)
        {
            var hash = default(HashCode);
            foreach (var number in list)
            {
                hash.Add(number);
            }

            return hash.ToHashCode();
        }
    }
}
