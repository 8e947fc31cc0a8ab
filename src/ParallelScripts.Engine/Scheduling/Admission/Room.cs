namespace ParallelScripts;

/// <summary>The machine as a ledger: how many slots, how much memory and how many places in each pool are free.</summary>
internal sealed class Room
{
    private readonly int[] _places;
    private long _memory;

    public Room(int slots, long memory, IReadOnlyList<ScriptPool> pools)
    {
        (Slots, _memory) = (slots, memory);
        _places = new int[pools.Count];
        for (var pool = 0; pool < _places.Length; pool++)
        {
            _places[pool] = pools[pool].Depth;
        }
    }

    private Room(Room other) => (Slots, _memory, _places) = (other.Slots, other._memory, [.. other._places]);

    /// <summary>How many slots are free; fewer than none if the machine has taken back some that are in use.</summary>
    public int Slots { get; private set; }

    public Room Copy() => new(this);

    public void AddSlots(int slots) => Slots += slots;

    /// <remarks>What runs elsewhere fits also where slots were taken back.</remarks>
    public bool Has(Need need) => !(need.IsHere && need.Cores > Slots) && !(need.Memory > 0 && need.Memory > _memory) && HasPlaces(need);

    /// <summary>For how many with these needs there are memory and places.</summary>
    public int HowManyBesideSlots(Need need)
    {
        var many = need.Memory > 0 ? Math.Max(0, _memory) / need.Memory : int.MaxValue;
        for (var i = 0; i < need.Pools.Count; i++)
        {
            many = Math.Min(many, _places[need.Pools[i]]);
        }

        return (int)Math.Clamp(many, 0, int.MaxValue);
    }

    public bool HasPlaces(Need need)
    {
        for (var i = 0; i < need.Pools.Count; i++)
        {
            if (_places[need.Pools[i]] < 1)
            {
                return false;
            }
        }

        return true;
    }

    public void Take(Need need) => Change(need, -1);

    public void Give(Need need) => Change(need, +1);

    private void Change(Need need, int sign)
    {
        Slots += sign * need.Cores;
        _memory += sign * need.Memory;
        for (var i = 0; i < need.Pools.Count; i++)
        {
            _places[need.Pools[i]] += sign;
        }
    }
}
