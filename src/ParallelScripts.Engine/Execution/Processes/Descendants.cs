using System.Diagnostics;

namespace ParallelScripts;

/// <summary>
/// Knows all processes that the scripts of one run have started, and ends those whose script has ended. One thread of its own looks at the
/// processes of the machine: several times a second while scripts run, at once when a slot waits for an answer, and completely at the end of
/// the run.
/// </summary>
/// <remarks>
/// A process belongs to a script if it carries the script's mark in its environment, or was seen as a child, or in the session, of one that
/// belongs to it: <see cref="Kinship"/>. docs/decisions/0030 has the figures.
/// </remarks>
internal sealed class Descendants : IDisposable
{
    /// <summary>How long what a script leaves behind may take to end by itself, as the <c>tee</c> that writes down its last lines does.</summary>
    public static readonly TimeSpan Leave = TimeSpan.FromMilliseconds(500);

    /// <summary>How long we wait for the death of what has been killed. Some do not die: in a frozen control group, or deep in the kernel.</summary>
    public static readonly TimeSpan Undying = TimeSpan.FromMilliseconds(600);

    /// <summary>Bytes by which all members of a family together may hold more than was known, before it is asked what they share.</summary>
    private const long WorthAsking = 16 << 20;

    private static readonly TimeSpan _quick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _slowest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(250);

    /// <summary>Of one core, looking takes at most one part in so many, unless that would mean not to look for <see cref="_rarest"/>.</summary>
    private const int Share = 100;

    /// <summary>On a machine so busy that a look takes long, there is one at least so often.</summary>
    private static readonly TimeSpan _rarest = TimeSpan.FromSeconds(2);

    private readonly Marks _marks;
    private readonly TimeSpan _grace;
    private readonly Action<IReadOnlyList<LeftProcess>> _foundOrphans;
    private readonly ProcessTable _table = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Family> _all = [];
    private readonly HashSet<Family> _watched = [];
    private Thread? _thread;
    private volatile bool _closing;
    private volatile bool _sleeping;
    private long _outOfMemoryKills = -1;

    // Of the looking thread alone:
    private readonly Kinship _kinship;
    private TimeSpan _awaited = _quick;
    private TimeSpan _steady = TimeSpan.FromMilliseconds(50);

    /// <param name="marks">How members are recognised.</param>
    /// <param name="grace">How long one that is asked to end may take.</param>
    /// <param name="foundOrphans">Told, before the first script starts, what an earlier run had left and what has been ended.</param>
    public Descendants(Marks marks, TimeSpan grace, Action<IReadOnlyList<LeftProcess>> foundOrphans)
    {
        _marks = marks;
        _grace = grace;
        _foundOrphans = foundOrphans;
        _kinship = new Kinship(marks, _table, Find);
    }

    /// <summary>A family that is about to begin.</summary>
    public Family Begin(Action<IReadOnlyList<LeftProcess>> leftBehind)
    {
        lock (_gate)
        {
            if (_thread is null)
            {
                var orphans = Orphans.End(_marks, _grace);
                if (orphans.Count > 0)
                {
                    _foundOrphans(orphans);
                }

                _outOfMemoryKills = _table.OutOfMemoryKills() ?? -1;
                TryWatch();
            }

            var number = _all.Count;
            var kills = Interlocked.Read(ref _outOfMemoryKills);
            var family = new Family(number, _marks.Of(number), leftBehind) { OutOfMemoryKillsBefore = kills < 0 ? null : kills };
            _all.Add(number, family);
            _watched.Add(family);
            if (_sleeping)
            {
                _wake.Set();
            }

            return family;
        }
    }

    /// <summary>It never began.</summary>
    public void Forget(Family family)
    {
        lock (_gate)
        {
            _watched.Remove(family);
        }
    }

    /// <summary>Somebody waits for the end of a family: look now.</summary>
    public void Hurry() => _wake.Set();

    /// <summary>Whether the system has killed anything for want of memory since this family began.</summary>
    public static bool WasMemoryShort(Family family)
    {
        using var table = new ProcessTable();
        return family.OutOfMemoryKillsBefore is { } before && table.OutOfMemoryKills() > before;
    }

    /// <summary>Ends what is left of all families, and returns when nothing is. None begins after this.</summary>
    public void EndTheRest()
    {
        _closing = true;
        _wake.Set();
        _thread?.Join();
    }

    public void Dispose()
    {
        EndTheRest();
        _table.Dispose();
        _wake.Dispose();
    }

    private void TryWatch()
    {
        var thread = new Thread(Watch) { IsBackground = true, Name = "ParallelScripts descendants" };
        try
        {
            thread.Start();
            _thread = thread;
        }
        catch (OutOfMemoryException)
        {
            // The system starts no more threads now; the next script tries again. Slots do not wait for ever.
        }
    }

    private void Watch()
    {
        try
        {
            while (!_closing)
            {
                var pause = Look();
                _wake.WaitOne(pause);
            }

            BeginAnew();

            for (var pause = Look(); !IsIdle(); pause = Look())
            {
                _wake.WaitOne(pause < _slowest ? pause : _slowest);
            }
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // A thread that breaks would take the build with it. The slots stop waiting for this one by themselves.
            _foundOrphans([new LeftProcess(Environment.ProcessId, $"looking for what scripts left running failed: {broken.Message}")]);
        }
    }

    /// <summary>Before the last looks: all that may be left is looked for, and is to end.</summary>
    private void BeginAnew()
    {
        _kinship.ForgetStrangers();
        lock (_gate)
        {
            foreach (var family in _watched)
            {
                family.EndUnlessEnding(_grace);
            }

            foreach (var family in _all.Values)
            {
                if (family.First > 0 && _watched.Add(family))
                {
                    family.EndAgain(_grace);
                }
            }
        }
    }

    private bool IsIdle()
    {
        lock (_gate)
        {
            _sleeping = _watched.Count == 0;
            return _sleeping;
        }
    }

    /// <summary>Looks at all processes, and does for each family what is due. Gives how long to wait until the next look.</summary>
    private TimeSpan Look()
    {
        var began = Stopwatch.GetTimestamp();
        var usedBefore = LibC.TimeOfThread();
        var (killed, isAwaited) = (false, false);
        var families = Watched();
        _kinship.Look(families);
        if (_table.OutOfMemoryKills() is { } kills)
        {
            Interlocked.Exchange(ref _outOfMemoryKills, kills);
        }

        foreach (var family in families)
        {
            var members = _kinship.MembersOf(family);
            long? endingSince;
            lock (family.Gate)
            {
                endingSince = family.EndingSince;
                isAwaited |= family.Waiting > 0;
            }

            if (endingSince is null)
            {
                Measure(family, members);
                continue;
            }

            // Who was alive when we listed, and is not now, may have started something in between.
            var disturbed = false;
            members?.RemoveAll(member =>
            {
                var isOver = member.IsDead || !_table.IsAlive(member.Key);
                disturbed |= isOver && !member.IsDead;
                member.IsDead = isOver;
                return isOver;
            });
            if (members is { Count: > 0 })
            {
                killed |= Tell(family, members);
            }
            else if (!disturbed && endingSince < began)
            {
                TryClose(family);
            }
        }

        if (killed)
        {
            return _quick;
        }

        if (isAwaited)
        {
            return _awaited = _awaited * 1.5 < _slowest ? _awaited * 1.5 : _slowest;
        }

        _awaited = _quick;
        if (IsIdle())
        {
            return Timeout.InfiniteTimeSpan;
        }

        // The first looks come soon after each other: short scripts have a peak of memory too.
        _steady = _steady * 1.1 < _longest ? _steady * 1.1 : _longest;
        return TimeSpan.FromTicks(Math.Max(_steady.Ticks, Math.Min((LibC.TimeOfThread() - usedBefore).Ticks * Share, _rarest.Ticks)));
    }

    private Family[] Watched()
    {
        lock (_gate)
        {
            return [.. _watched];
        }
    }

    /// <summary>The family with this number, which is watched from now on; null if it is another run's.</summary>
    private Family? Find(int number)
    {
        lock (_gate)
        {
            if (_all.GetValueOrDefault(number) is not { } family)
            {
                return null;
            }

            if (_watched.Add(family))
            {
                // It was thought to be over.
                family.EndAgain(_grace);
            }

            return family;
        }
    }

    private void Measure(Family family, List<Kinship.Known>? members)
    {
        var (peak, together) = (family.PeakMemory, 0L);
        foreach (var member in members ?? [])
        {
            var (most, now) = _table.MemoryOf(member.Key.Number);
            peak = Math.Max(peak, most);
            together += now;
        }

        // Several hold more than the largest of them, but what they share, as forked workers do, is there once.
        var began = Stopwatch.GetTimestamp();
        if (together > peak + WorthAsking && began >= family.AskSharesAt)
        {
            peak = Math.Max(peak, members!.Sum(member => _table.ShareOf(member.Key.Number)));
            family.AskSharesAt = began + (Share * (Stopwatch.GetTimestamp() - began));
        }

        Interlocked.Exchange(ref family.PeakMemory, peak);
    }

    /// <summary>Asks or kills them, whichever is due. Tells whether it killed.</summary>
    private bool Tell(Family family, List<Kinship.Known> members)
    {
        long askAt, killAt, giveUpAt;
        bool groupIsAsked, stopped;
        lock (family.Gate)
        {
            (askAt, killAt, giveUpAt, groupIsAsked, stopped) = (family.AskAt, family.KillAt, family.GiveUpAt, family.GroupIsAsked, family.IsStopped);
        }

        var now = Stopwatch.GetTimestamp();
        if (now >= giveUpAt && family.IsKilled && (members.TrueForAll(member => member.IsKilled) || now >= family.GiveUpForGoodAt))
        {
            Close(family, [.. members.Select(member => ToLeft(member.Key))]);
            return false;
        }

        if (now >= killAt)
        {
            if (!family.IsKilled || members.Exists(member => !member.IsKilled))
            {
                family.KillBegins(now);
            }

            foreach (var member in members)
            {
                member.IsKilled = true;
                NoteLeft(family, member.Key, stopped);
                _table.Signal(member.Key, LibC.SIGKILL);
            }

            return true;
        }

        if (now >= askAt && !family.IsAsked)
        {
            family.IsAsked = true;
            foreach (var member in members)
            {
                if (groupIsAsked && _table.TryGet(member.Key.Number, out var entry) && entry.Group == family.First)
                {
                    continue;
                }

                NoteLeft(family, member.Key, stopped);
                _table.Signal(member.Key, LibC.SIGTERM);
                _table.Signal(member.Key, LibC.SIGCONT);
            }
        }

        return false;
    }

    private void NoteLeft(Family family, ProcessKey member, bool stopped)
    {
        if (!stopped)
        {
            lock (family.Gate)
            {
                if (!family.Left.Exists(left => left.Number == member.Number))
                {
                    family.Left.Add(ToLeft(member));
                }
            }
        }
    }

    private LeftProcess ToLeft(ProcessKey member) => new(member.Number, _table.CommandOf(member.Number));

    /// <summary>Nothing is left of it, unless somebody holds its output who carries no mark and is no relative.</summary>
    private void TryClose(Family family)
    {
        if (family.OpenOutput is { } output && (Stopwatch.GetTimestamp() < family.AskAt || _kinship.AdoptHolders(family, output)))
        {
            return;
        }

        Close(family, []);
    }

    private void Close(Family family, List<LeftProcess> undying)
    {
        lock (_gate)
        {
            _watched.Remove(family);
        }

        family.Gone(undying);
    }
}
