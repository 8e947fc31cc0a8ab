using System.Collections.Concurrent;

namespace ParallelScripts;

/// <summary>
/// Threads that each look after one running process. As many as processes ran at once, kept for the next process, ended
/// with the run; not the thread pool's, which would grow to so many only slowly.
/// </summary>
internal sealed class SlotThreads : IDisposable
{
    /// <summary>Reading a pipe and calling back needs little; a thread's usual megabytes, times 500 slots, would be much.</summary>
    private const int StackSize = 512 * 1024;

    private readonly BlockingCollection<Action> _work = [];
    private readonly List<Thread> _threads = [];
    private int _free;

    /// <summary>
    /// Runs <paramref name="work"/> at once, on a thread that is free or a new one. It must not throw, and must say
    /// <see cref="Free"/> before it tells anybody that it is done.
    /// </summary>
    public void Run(Action work)
    {
        if (Interlocked.Decrement(ref _free) < 0)
        {
            Begin();
        }

        _work.Add(work);
    }

    private void Begin()
    {
        var thread = new Thread(Loop, StackSize) { IsBackground = true, Name = "ParallelScripts slot" };
        lock (_threads)
        {
            try
            {
                thread.Start();
                _threads.Add(thread);
            }
            catch (OutOfMemoryException noRoom) when (_threads.Count == 0)
            {
                throw new IOException("the system starts no more threads", noRoom);
            }
            catch (OutOfMemoryException)
            {
                // A limit on processes counts threads too. The work waits for the first thread that is free, which the count below 0 stands for.
                return;
            }
        }

        Interlocked.Increment(ref _free);
    }

    /// <summary>This thread can take more work. Said before the news of the end, so that what the news starts is taken by this very thread.</summary>
    public void Free() => Interlocked.Increment(ref _free);

    public void Dispose()
    {
        _work.CompleteAdding();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _work.Dispose();
    }

    private void Loop()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
