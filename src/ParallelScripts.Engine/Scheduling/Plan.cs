using System.Diagnostics.CodeAnalysis;

namespace ParallelScripts;

/// <summary>
/// Answers one question: what may start now? It is told what ended and nothing else; it knows no
/// process, file, clock or thread. One owner calls it, so it needs no lock.
/// </summary>
public sealed class Plan
{
    private readonly ScriptGraph _graph;
    private readonly Schedule _schedule;
    private readonly ScriptState[] _states;

    /// <summary>Of scripts that have been taken: whether they rested before.</summary>
    private readonly bool[] _wasResting;

    /// <summary>How many nodes each node still waits for.</summary>
    private readonly int[] _unmet;

    /// <summary>What may be taken, each by its place in the order.</summary>
    private readonly NumberSet _ready;

    /// <summary>What each script declares to need; empty if none declares anything.</summary>
    private readonly IReadOnlyList<Demand> _demands;

    private StartOrder _order;

    /// <summary>Scripts skipped and not yet taken by <see cref="TryTakeSkipped"/>.</summary>
    private readonly Queue<SkippedScript> _skipped = new();

    /// <summary>With <see cref="Schedule.Tiers"/>: ready scripts of tiers that are not open yet, and how many of each tier have not ended.</summary>
    private readonly List<int>[] _held;
    private readonly int[] _leftInTier;
    private int _openTier;

    /// <param name="graph">What waits for what.</param>
    /// <param name="schedule">When a script may start.</param>
    /// <param name="weights">How long each script is expected to take, in any unit; null if nothing is known, and all weigh the same.</param>
    /// <param name="demands">What scripts declare, their priorities too; null or empty if none declares anything.</param>
    public Plan(ScriptGraph graph, Schedule schedule = Schedule.Eager, IReadOnlyList<double>? weights = null, IReadOnlyList<Demand>? demands = null)
    {
        _graph = graph;
        _demands = demands ?? [];
        _schedule = schedule;
        _states = new ScriptState[graph.Count];
        _wasResting = new bool[graph.Count];
        _unmet = new int[graph.NodeCount];
        _order = new StartOrder(graph.Count, LongestPath.FromEach(graph, weights is null ? _ => 1 : script => weights[script]), _demands);
        _ready = new NumberSet(graph.Count);
        _held = schedule == Schedule.Tiers ? [.. Enumerable.Range(0, graph.TierCount).Select(_ => new List<int>())] : [];
        _leftInTier = new int[graph.TierCount];
        Left = graph.Count;
        for (var script = 0; script < graph.Count; script++)
        {
            _leftInTier[graph.TierOf(script)]++;
        }

        for (var node = 0; node < graph.NodeCount; node++)
        {
            _unmet[node] = graph.NodesBefore(node).Length;
            if (_unmet[node] == 0)
            {
                MakeReady(node);
            }
        }
    }

    /// <summary>How many scripts there are.</summary>
    public int Count => _states.Length;

    /// <summary>How many scripts have not ended.</summary>
    public int Left { get; private set; }

    /// <summary>How many can be taken, or a few more: what was skipped counts until it comes up.</summary>
    public int ReadyCount => _ready.Count;

    public ScriptState this[int script] => _states[script];

    /// <summary>Which of two scripts comes first: higher priority, then longer remaining path or earlier place in the order that was given, then as declared.</summary>
    internal int Order(int a, int b) => _order.PlaceOf(a) - _order.PlaceOf(b);

    internal bool ComesBefore(int script, int other) => Order(script, other) < 0;

    /// <summary>When a script may start.</summary>
    internal Schedule Schedule => _schedule;

    /// <summary>From now on, these are the scripts' weights.</summary>
    public void Weigh(IReadOnlyList<double> weights) => Reorder(LongestPath.FromEach(_graph, script => weights[script]));

    /// <summary>From now on, scripts of the same priority start in this order as far as they may start, and not by their longest paths.</summary>
    /// <param name="order">All scripts, the first first.</param>
    internal void Follow(IReadOnlyList<int> order)
    {
        var urgency = new double[_states.Length];
        for (var place = 0; place < urgency.Length; place++)
        {
            urgency[order[place]] = urgency.Length - place;
        }

        Reorder(urgency);
    }

    private void Reorder(double[] urgency)
    {
        var ready = new List<int>(_ready.Count);
        while (_ready.TryTake(out var place))
        {
            ready.Add(_order.At(place));
        }

        _order = new StartOrder(_graph.Count, urgency, _demands);
        ready.ForEach(Enqueue);
    }

    /// <summary>Whether a script has been ready, or rested, and waits to be taken.</summary>
    internal bool MayBeTaken(int script) => _states[script] is ScriptState.Ready or ScriptState.Resting;

    /// <summary>The script that should start first among those that may start now.</summary>
    public bool TryPeek(out int script)
    {
        while (_ready.TryPeek(out var place))
        {
            script = _order.At(place);

            // Skipped scripts stay in the queue until they come up: cheaper than looking for them.
            if (MayBeTaken(script))
            {
                return true;
            }

            _ready.TryTake(out _);
        }

        script = 0;
        return false;
    }

    /// <summary>Takes the script that should start first among those that may start now.</summary>
    public bool TryTake(out int script)
    {
        if (!TryPeek(out script))
        {
            return false;
        }

        _ready.TryTake(out _);
        TakeAgain(script);
        return true;
    }

    /// <summary>Takes a script that had been put back.</summary>
    public void TakeAgain(int script)
    {
        Expect(script, ScriptState.Ready, ScriptState.Resting);
        _wasResting[script] = _states[script] == ScriptState.Resting;
        _states[script] = ScriptState.Running;
    }

    /// <summary>A script that was taken does not start yet. Whoever took it remembers it, and takes it again; the plan does not offer it any more.</summary>
    public void PutBack(int script)
    {
        Expect(script, ScriptState.Running);
        _states[script] = _wasResting[script] ? ScriptState.Resting : ScriptState.Ready;
    }

    /// <summary>A script that was taken does not start yet; the plan offers it again when it comes up.</summary>
    public void PutBackInLine(int script)
    {
        PutBack(script);
        Enqueue(script);
    }

    /// <summary>Records that a running script failed and is to be tried again later.</summary>
    public void Rest(int script)
    {
        Expect(script, ScriptState.Running);
        _states[script] = ScriptState.Resting;
    }

    /// <summary>It is time to try a resting script again: once more it may be taken.</summary>
    public void Wake(int script)
    {
        Expect(script, ScriptState.Resting);
        Enqueue(script);
    }

    /// <summary>Records that a script ended that was running, or resting and is not to be tried again; readies or skips what waited for it.</summary>
    public void End(int script, bool dependentsMayStart)
    {
        Expect(script, ScriptState.Running, ScriptState.Resting);

        MarkEnded(script);
        if (dependentsMayStart)
        {
            Release(script);
        }
        else
        {
            SkipAllAfter(script);
        }

        OpenTiers();
    }

    /// <summary>Skips everything that has not started.</summary>
    /// <param name="because">The script whose failure stops the run, or null if it was a person.</param>
    public void SkipRest(int? because)
    {
        for (var script = 0; script < _graph.Count; script++)
        {
            if (_states[script] is ScriptState.Waiting or ScriptState.Ready)
            {
                Skip(new SkippedScript(script, because, DependsOnIt: false));
            }
        }
    }

    /// <summary>Gives each skipped script once.</summary>
    public bool TryTakeSkipped([NotNullWhen(true)] out SkippedScript? skipped) => _skipped.TryDequeue(out skipped);

    private void Expect(int script, params ReadOnlySpan<ScriptState> states)
    {
        if (!states.Contains(_states[script]))
        {
            throw new InvalidOperationException($"Script '{_graph[script].Name}' is {_states[script]}, which it cannot be now.");
        }
    }

    private void Release(int script)
    {
        // A join has nothing to run: it is done as soon as all before it are. No join comes directly after a join.
        foreach (var node in _graph.NodesAfter(script))
        {
            if (--_unmet[node] > 0)
            {
                continue;
            }

            if (!_graph.IsJoin(node))
            {
                MakeReady(node);
                continue;
            }

            foreach (var waiting in _graph.NodesAfter(node))
            {
                if (--_unmet[waiting] == 0)
                {
                    MakeReady(waiting);
                }
            }
        }
    }

    private void MakeReady(int script)
    {
        if (_states[script] != ScriptState.Waiting)
        {
            return;
        }

        _states[script] = ScriptState.Ready;
        if (_schedule == Schedule.Tiers && _graph.TierOf(script) > _openTier)
        {
            _held[_graph.TierOf(script)].Add(script);
        }
        else
        {
            Enqueue(script);
        }
    }

    private void Enqueue(int script) => _ready.Add(_order.PlaceOf(script));

    private void OpenTiers()
    {
        while (_schedule == Schedule.Tiers && _openTier < _leftInTier.Length - 1 && _leftInTier[_openTier] == 0)
        {
            _openTier++;
            foreach (var script in _held[_openTier])
            {
                Enqueue(script);
            }
        }
    }

    private void SkipAllAfter(int script)
    {
        // Not by recursion: a chain may be longer than the stack.
        var next = new Stack<int>([script]);
        var seenJoins = new HashSet<int>();
        while (next.TryPop(out var node))
        {
            foreach (var after in _graph.NodesAfter(node))
            {
                if (_graph.IsJoin(after) ? seenJoins.Add(after) : Skip(new SkippedScript(after, script, DependsOnIt: true)))
                {
                    next.Push(after);
                }
            }
        }
    }

    private bool Skip(SkippedScript skipped)
    {
        if (_states[skipped.Script] is not (ScriptState.Waiting or ScriptState.Ready))
        {
            return false;
        }

        MarkEnded(skipped.Script);
        _skipped.Enqueue(skipped);
        return true;
    }

    private void MarkEnded(int script)
    {
        _states[script] = ScriptState.Ended;
        _leftInTier[_graph.TierOf(script)]--;
        Left--;
    }
}

/// <summary>A script that will not be started.</summary>
/// <param name="Script">Its number.</param>
/// <param name="Because">The script whose failure is the reason, or null if the run was cancelled.</param>
/// <param name="DependsOnIt">Whether it waited for that script, directly or through others; else that failure stopped the whole run.</param>
public sealed record SkippedScript(int Script, int? Because, bool DependsOnIt);
