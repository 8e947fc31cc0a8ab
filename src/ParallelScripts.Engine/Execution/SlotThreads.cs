namespace ParallelScripts;

/// <summary>
/// Threads that each look after one running process. As many as processes ran at once, kept for the next process, ended
/// with the run; not the thread pool's, which would grow to so many only slowly.
/// </summary>
internal sealed class SlotThreads : IDisposable
{
    /// <summary>Reading a pipe and calling back needs little; a thread's usual megabytes, times 500 slots, would be much.</summary>
    private const int StackSize = 512 * 1024;

    /// <summary>The slot whose thread this is; null on all other threads.</summary>
    [ThreadStatic]
    private static Slot? _current;

    private readonly object _gate = new();
    private readonly Queue<Action> _work = [];
    private readonly List<Thread> _threads = [];

    /// <summary>Threads that can take work, less what is in the queue for them. Below 0, work waits that no thread could be started for.</summary>
    private int _free;

    /// <summary>Of these, the ones that sleep.</summary>
    private int _asleep;
    private bool _isClosing;

    /// <summary>
    /// Runs <paramref name="work"/> at once, on a thread that is free or a new one. It must not throw, and must say
    /// <see cref="Free"/> before it tells anybody that it is done.
    /// </summary>
    public void Run(Action work)
    {
        lock (_gate)
        {
            // The thread that brings the news takes what the news starts: no other has to wake for that.
            if (_free > 0 && _asleep == 0 && _current is { IsFree: true } slot && slot.Threads == this)
            {
                _free--;
                slot.IsFree = false;
                slot.Next = work;
                return;
            }

            _work.Enqueue(work);
            if (--_free < 0)
            {
                Begin();
            }
            else
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>This thread can take more work. Said before the news of the end, so that what the news starts is taken by this very thread.</summary>
    public void Free()
    {
        lock (_gate)
        {
            _free++;
            _current!.IsFree = true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosing = true;
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void Begin()
    {
        var thread = new Thread(Loop, StackSize) { IsBackground = true, Name = "ParallelScripts slot" };
        try
        {
            thread.Start();
            _threads.Add(thread);
            _free++;
        }
        catch (OutOfMemoryException noRoom) when (_threads.Count == 0)
        {
            _work.Clear();
            _free = 0;
            throw new IOException("the system starts no more threads", noRoom);
        }
        catch (OutOfMemoryException)
        {
            // A limit on processes counts threads too. The work waits for the first thread that is free, which the count below 0 stands for.
        }
    }

    private void Loop()
    {
        var slot = new Slot(this);
        _current = slot;
        while (Next(slot) is { } work)
        {
            work();
        }
    }

    /// <summary>What is to be done next; null when there is nothing to be done any more.</summary>
    private Action? Next(Slot slot)
    {
        if (slot.Next is { } mine)
        {
            slot.Next = null;
            return mine;
        }

        lock (_gate)
        {
            slot.IsFree = false;
            while (_work.Count == 0 && !_isClosing)
            {
                _asleep++;
                Monitor.Wait(_gate);
                _asleep--;
            }

            return _work.TryDequeue(out var work) ? work : null;
        }
    }

    private sealed class Slot(SlotThreads threads)
    {
        public SlotThreads Threads { get; } = threads;

        /// <summary>Whether it has said that it can take more work, and has not been given any.</summary>
        public bool IsFree { get; set; }

        public Action? Next { get; set; }
    }
}
