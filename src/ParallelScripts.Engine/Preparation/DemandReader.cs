using System.Globalization;

namespace ParallelScripts;

/// <summary>Reads what scripts say they need, <c>Cores</c>, <c>Memory</c>, <c>Pool</c> and <c>Priority</c>, and finds those that could never start.</summary>
internal sealed class DemandReader
{
    private readonly ICollection<Problem> _problems;
    private readonly int _slots;
    private readonly MachineMemory _memory;

    /// <summary>The numbers of pools by their names.</summary>
    private readonly Dictionary<string, int> _numbers = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ScriptPool> _pools = [];

    public DemandReader(IEnumerable<PoolDeclaration> pools, int slots, MachineMemory memory, ICollection<Problem> problems)
    {
        (_slots, _memory, _problems) = (slots, memory, problems);
        foreach (var declared in pools)
        {
            var name = declared.Name.Trim();
            if (!TryReadDepth(declared.Depth, out var depth))
            {
                problems.Add(Problems.NotADepth(declared));
            }

            if (!_numbers.TryAdd(name, _pools.Count))
            {
                problems.Add(Problems.SamePool(declared));
                continue;
            }

            _pools.Add(new ScriptPool(name, depth));
        }
    }

    public IReadOnlyList<ScriptPool> Pools => _pools;

    public Demand Read(Script script) => Read(script, isElsewhere: false);

    private Demand Read(Script script, bool isElsewhere) =>
        script is { Cores: "", Memory: "", Priority: "", Pool.Count: 0 }
            ? Demand.Default
            : new Demand { DeclaredCores = ReadCores(script, isElsewhere), Memory = ReadMemory(script, isElsewhere), Pools = ReadPools(script), Priority = ReadPriority(script) };

    /// <summary>Adds a pool that nobody has declared, and that no script can name. Gives its number.</summary>
    public int AddPool(ScriptPool pool)
    {
        _pools.Add(pool);
        return _pools.Count - 1;
    }

    /// <summary>Of a script that runs on another machine, of which only its owner knows how large it is.</summary>
    /// <param name="pool">A pool in which it needs a place beside its own.</param>
    public Demand ReadElsewhere(Script script, int pool)
    {
        var demand = Read(script, isElsewhere: true);
        return demand with { IsElsewhere = true, Pools = [.. demand.Pools, pool] };
    }

    private static bool TryReadDepth(string text, out int depth)
    {
        depth = 1;
        return string.IsNullOrWhiteSpace(text) || (int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out depth) && depth > 0);
    }

    private int? ReadCores(Script script, bool isElsewhere)
    {
        if (script.Cores == "")
        {
            return null;
        }

        if (!int.TryParse(script.Cores, NumberStyles.None, CultureInfo.InvariantCulture, out var cores) || cores < 1)
        {
            _problems.Add(Problems.NotCores(script));
            return null;
        }

        if (!isElsewhere && cores > _slots)
        {
            _problems.Add(Problems.MoreCoresThanSlots(script, _slots));
        }

        return cores;
    }

    private long? ReadMemory(Script script, bool isElsewhere)
    {
        if (script.Memory == "")
        {
            return null;
        }

        if (!SizeText.TryRead(script.Memory, out var bytes, out var wrong))
        {
            _problems.Add(Problems.NotAnAmountOfMemory(script, wrong));
            return null;
        }

        if (!isElsewhere && bytes > _memory.Total)
        {
            _problems.Add(Problems.MoreMemoryThanThereIs(script, _memory.Total));
        }

        return bytes;
    }

    private List<int> ReadPools(Script script)
    {
        var numbers = new List<int>();
        foreach (var name in script.Pool)
        {
            if (!_numbers.TryGetValue(name, out var number))
            {
                _problems.Add(Problems.UnknownPool(script, name, Spelling.Closest(name, _numbers.Keys)));
            }
            else if (!numbers.Contains(number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }

    private int ReadPriority(Script script)
    {
        var priority = 0;
        if (script.Priority != "" && !int.TryParse(script.Priority, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out priority))
        {
            _problems.Add(Problems.NotAPriority(script));
        }

        return priority;
    }
}
