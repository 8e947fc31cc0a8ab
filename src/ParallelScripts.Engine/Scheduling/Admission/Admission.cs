namespace ParallelScripts;

/// <summary>
/// Answers the question that follows on <see cref="Plan"/>'s: is there room for it? It knows what is taken of slots, memory and pools,
/// keeps the scripts for which there is none, and sees to it that a wide one does not wait for ever while narrow ones slip past.
/// It knows no clock; whoever asks says what time it is, in seconds from any moment. One owner calls it.
/// </summary>
/// <remarks>
/// The rule, which docs/scheduling.md tells in full. A script passes one that waits for room if it takes nothing from it: it would fit beside it
/// once those have ended for which the waiting one waits, or it is expected to have ended itself by then. Any other has to wait after
/// <see cref="MostPasses"/> of them. Scripts with the same needs wait in one queue, so that a start looks at as many waiting ones as there are
/// different needs, and not at thousands.
/// </remarks>
internal sealed class Admission
{
    /// <summary>How many scripts may start before one that they may delay.</summary>
    public const int MostPasses = 8;

    private static readonly Need _oneSlot = new(0, 1, 0, []);

    private readonly Plan _plan;
    private readonly Need[]? _needs;
    private readonly IReadOnlyList<double> _expected;
    private readonly Room _room;
    private readonly List<int> _running = [];
    private readonly double[] _startTimes;
    private readonly bool _anyElsewhere;
    private int _runningHere;

    /// <summary>Scripts that wait for room, by their needs; those of which nobody waits are empty.</summary>
    private readonly Dictionary<int, Line> _lines = [];
    private int _slots;

    /// <param name="plan">What it takes scripts from.</param>
    /// <param name="needs">What each script needs; null if all need one slot.</param>
    /// <param name="expected">How many seconds each is expected to take, not a number where that is not known; empty if nothing is known.</param>
    public Admission(Plan plan, Need[]? needs, IReadOnlyList<double> expected, int slots, Resources resources)
    {
        (_plan, _needs, _expected, _slots) = (plan, needs, expected, slots);
        _room = new Room(slots, needs is null ? 0 : resources.Memory.Total, resources.Pools);
        _startTimes = new double[plan.Count];
        _anyElsewhere = resources.AnyElsewhere;
    }

    /// <summary>Whether any script at all could start.</summary>
    public bool AnyFree => _room.Slots > 0 || _runningHere == 0 || _anyElsewhere;

    /// <summary>How many slots there are. What runs keeps what it has.</summary>
    public int Slots
    {
        get => _slots;
        set
        {
            _room.AddSlots(value - _slots);
            _slots = value;
        }
    }

    /// <summary>How many slots would be of use to scripts that have been taken and wait, as far as there is all else that they need.</summary>
    /// <param name="most">How many slots there may be: who does not fit into what is left of these beside what runs, waits for its end and not for slots.</param>
    public int SlotsAwaited(int most, double now)
    {
        var (awaited, left) = (0, most - (_slots - _room.Slots));
        foreach (var line in _lines.Values)
        {
            if (line.TryPeek(out var waiting) && NeedOf(waiting) is { IsHere: true } need && need.Cores <= left && !IsHeldBack(need, waiting, now))
            {
                awaited += need.Cores * Math.Min(line.Count, _room.HowManyBesideSlots(need));
            }
        }

        return awaited;
    }

    /// <summary>Takes the script that is to start next: the first of the plan, or one that has waited for room and comes before it.</summary>
    public bool TryTakeNext(double now, out int script)
    {
        Line? first = null;
        foreach (var line in _lines.Values)
        {
            if (line.TryPeek(out var waiting) && MayStart(waiting, now) && (first is null || (first.TryPeek(out var best) && _plan.ComesBefore(waiting, best))))
            {
                first = line;
            }
        }

        if (first is null || !first.TryPeek(out script))
        {
            return _plan.TryTake(out script);
        }

        if (_plan.TryPeek(out var next) && _plan.ComesBefore(next, script))
        {
            return _plan.TryTake(out script);
        }

        first.Remove();
        _plan.TakeAgain(script);
        return true;
    }

    /// <summary>Gives a taken script room, if there is some that it may have; else it waits for it, and the plan has it back.</summary>
    public bool TryAdmit(int script, double now)
    {
        if (!MayStart(script, now))
        {
            PutBack(script);
            return false;
        }

        var need = NeedOf(script);

        foreach (var (number, line) in _lines)
        {
            if (number == need.Number)
            {
                line.Passes = 0;
            }
            else if (line.TryPeek(out var waiting) && Delays(need, script, waiting, now))
            {
                line.Passes++;
            }
        }

        _room.Take(need);
        _running.Add(script);
        _runningHere += need.IsHere ? 1 : 0;
        _startTimes[script] = now;
        return true;
    }

    /// <summary>A taken script does not start now: it waits among those for which there is no room, and how often it was passed still counts.</summary>
    public void PutBack(int script)
    {
        var need = NeedOf(script);
        if (!_lines.TryGetValue(need.Number, out var line))
        {
            _lines[need.Number] = line = new Line(_plan);
        }

        _plan.PutBack(script);
        line.Add(script);
    }

    /// <summary>A script that had room has ended.</summary>
    public void Leave(int script)
    {
        var need = NeedOf(script);
        _running.Remove(script);
        _runningHere -= need.IsHere ? 1 : 0;
        _room.Give(need);
    }

    private Need NeedOf(int script) => _needs is null ? _oneSlot : _needs[script];

    private bool MayStart(int script, double now)
    {
        var need = NeedOf(script);
        if (_runningHere == 0 && need.IsHere && _room.HasPlaces(need))
        {
            // Also where the machine has fewer slots just now than it needs: waiting for others would be waiting for nobody.
            return !IsHeldBack(need, script, now);
        }

        return _room.Has(need) && !IsHeldBack(need, script, now);
    }

    /// <summary>Whether one that waits has been passed often enough. Of several such, the first by the plan's order goes first.</summary>
    private bool IsHeldBack(Need need, int script, double now)
    {
        var due = _lines.TryGetValue(need.Number, out var own) && own.Passes >= MostPasses;
        foreach (var (number, line) in _lines)
        {
            if (number != need.Number && line.Passes >= MostPasses && line.TryPeek(out var waiting)
                && !(due && _plan.ComesBefore(script, waiting)) && Delays(need, script, waiting, now))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a script that starts now may let a waiting one start later than it would.</summary>
    private bool Delays(Need need, int script, int waiting, double now)
    {
        var wanted = NeedOf(waiting);
        var room = _room.Copy();
        var start = now;
        int[] ending = [.. _running.OrderBy(running => EndOf(running, now))];
        for (var i = 0; i < ending.Length && !room.Has(wanted); i++)
        {
            room.Give(NeedOf(ending[i]));
            start = EndOf(ending[i], now);
        }

        room.Take(need);
        return !room.Has(wanted) && !(!double.IsInfinity(start) && now + Expected(script) <= start);
    }

    /// <summary>When a running script is expected to end: now, if it should have ended already; never, if nothing is known.</summary>
    private double EndOf(int running, double now) =>
        double.IsNaN(Expected(running)) ? double.PositiveInfinity : Math.Max(now, _startTimes[running] + Expected(running));

    private double Expected(int script) => _expected.Count == 0 ? double.NaN : _expected[script];

    /// <summary>Scripts with the same needs that wait for room, in the plan's order.</summary>
    private sealed class Line(Plan plan)
    {
        private readonly NumberQueue _scripts = new(plan.Order);

        /// <summary>How many wait, or a few more: what was skipped counts until it comes up.</summary>
        public int Count => _scripts.Count;

        /// <summary>How many scripts have started before the first of these that may delay it.</summary>
        public int Passes { get; set; }

        public void Add(int script) => _scripts.Enqueue(script);

        public void Remove() => _scripts.TryDequeue(out _);

        /// <summary>The first that still waits; some may have been skipped.</summary>
        public bool TryPeek(out int script)
        {
            while (_scripts.TryPeek(out script))
            {
                if (plan.MayBeTaken(script))
                {
                    return true;
                }

                _scripts.TryDequeue(out _);
            }

            Passes = 0;
            return false;
        }
    }
}
