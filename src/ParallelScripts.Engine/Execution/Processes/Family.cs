using System.Diagnostics;

namespace ParallelScripts;

/// <summary>
/// All that one process of a script has started, itself included, wherever it went. <see cref="Descendants"/> finds and ends its members;
/// the slot that started it says when, and ends what is in its process group.
/// </summary>
internal sealed class Family(int number, string mark, Action<IReadOnlyList<LeftProcess>> leftBehind)
{
    private static readonly TimeSpan _foundLate = TimeSpan.FromSeconds(1.4);

    private int _told;
    private long _killedSince;

    /// <summary>How many-th of its run.</summary>
    public int Number { get; } = number;

    /// <summary>What its environment says.</summary>
    public string Mark { get; } = mark;

    /// <summary>The first of it, which leads its group and session; 0 until it has been started.</summary>
    public volatile int First;

    /// <summary>The most memory that its members were seen to hold together, in bytes.</summary>
    public long PeakMemory;

    /// <summary>When it may be asked again what its members share, which is dear; of <see cref="Descendants"/> alone.</summary>
    public long AskSharesAt { get; set; }

    /// <summary>How many processes the system had killed for want of memory when this began.</summary>
    public long? OutOfMemoryKillsBefore { get; init; }

    /// <summary>Its output, as <c>pipe:[4711]</c>, as long as something holds it open after the first has ended.</summary>
    public volatile string? OpenOutput;

    /// <summary>The state below is read and written by whoever holds this family's lock.</summary>
    public Lock Gate { get; } = new();

    /// <summary>When the first ended, or was asked to end; null as long as it may run.</summary>
    public long? EndingSince { get; private set; }

    /// <summary>When what is left is asked to end, when it is killed, and when we no longer wait for that.</summary>
    public long AskAt { get; private set; }

    public long KillAt { get; private set; }

    public long GiveUpAt { get; private set; }

    /// <summary>When we no longer wait, even if there are some that have been found only now.</summary>
    public long GiveUpForGoodAt => _killedSince + Clock.Ticks(_foundLate + Descendants.Undying);

    /// <summary>Whether somebody asks the whole group: who is in it is not asked a second time, and what it starts to clean up is not asked at all.</summary>
    public bool GroupIsAsked { get; private set; }

    /// <summary>Whether it ends because we were asked to end it; what is left then is nobody's fault.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>A descriptor to write to once nothing is left, or 0 if nobody waits.</summary>
    public int Waiting { get; private set; }

    /// <summary>Whether what was left has been asked already; of <see cref="Descendants"/> alone.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Whether what was left has been killed, for the first time at least; of <see cref="Descendants"/> alone.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>Who had to be asked or killed, and of these, who could not be killed.</summary>
    public List<LeftProcess> Left { get; } = [];

    public List<LeftProcess> Undying { get; private set; } = [];

    /// <summary>From now on its members are to end, by themselves until <paramref name="leave"/> is over.</summary>
    /// <param name="grace">How long they may take once they are asked.</param>
    /// <param name="waiting">What to write to when it is over, or 0.</param>
    public void End(TimeSpan leave, TimeSpan grace, bool stopped, bool groupIsAsked, int waiting)
    {
        lock (Gate)
        {
            var now = Stopwatch.GetTimestamp();
            var askAt = now + Clock.Ticks(leave);
            AskAt = EndingSince is null ? askAt : Math.Min(AskAt, askAt);
            KillAt = EndingSince is null ? AskAt + Clock.Ticks(grace) : Math.Min(KillAt, AskAt + Clock.Ticks(grace));
            GiveUpAt = Math.Max(IsKilled ? GiveUpAt : 0, KillAt + Clock.Ticks(Descendants.Undying));
            EndingSince = now;
            GroupIsAsked |= groupIsAsked;
            IsStopped |= stopped;
            Waiting = waiting;
        }
    }

    /// <summary>The run is over: nothing of it may go on, even if nobody said so.</summary>
    public void EndUnlessEnding(TimeSpan grace)
    {
        if (EndingSince is null)
        {
            End(TimeSpan.Zero, grace, stopped: true, groupIsAsked: false, waiting: 0);
        }
    }

    /// <summary>
    /// One or more are killed for the first time. How long that may take is counted from here: on a busy machine it is later than planned, and
    /// some are found late. Not for ever: there are those that start others faster than they are killed.
    /// </summary>
    public void KillBegins(long now)
    {
        lock (Gate)
        {
            _killedSince = IsKilled ? _killedSince : now;
            IsKilled = true;
            GiveUpAt = Math.Max(GiveUpAt, Math.Min(now, _killedSince + Clock.Ticks(_foundLate)) + Clock.Ticks(Descendants.Undying));
        }
    }

    /// <summary>Something of it has been found after it was thought to be over: that has a grace of its own.</summary>
    public void EndAgain(TimeSpan grace)
    {
        lock (Gate)
        {
            EndingSince = null;
            IsAsked = false;
            IsKilled = false;
        }

        End(TimeSpan.Zero, grace, IsStopped, groupIsAsked: false, waiting: 0);
    }

    /// <summary>Nothing of it is left, or nothing that we can end.</summary>
    public unsafe void Gone(List<LeftProcess> undying)
    {
        lock (Gate)
        {
            Undying = undying;
            if (Waiting > 0)
            {
                var one = 1UL;
                _ = LibC.write(Waiting, (byte*)&one, sizeof(ulong));
                Waiting = 0;
                return;
            }
        }

        // Whoever started it has gone on: there is nobody but this to tell.
        if (TakeLeft() is { Count: > 0 } left)
        {
            leftBehind(left);
        }
    }

    /// <summary>Who had to be ended, as far as it has not been told yet.</summary>
    public IReadOnlyList<LeftProcess> TakeLeft()
    {
        lock (Gate)
        {
            var left = Left[_told..];
            _told = Left.Count;
            return left;
        }
    }

    /// <summary>Nobody waits any more.</summary>
    public void StopWaiting()
    {
        lock (Gate)
        {
            Waiting = 0;
        }
    }
}

/// <summary>Something a script had started that was still there when the script had ended.</summary>
internal sealed record LeftProcess(int Number, string Command)
{
    public override string ToString() => $"{Number} ({Command})";
}
