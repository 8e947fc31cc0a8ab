namespace ParallelScripts.Benchmarks;

/// <summary>
/// What memory alone costs: a loop that does nothing but allocate for each script as much as a step does, in objects of an ordinary size, and
/// keep as much of it. With 1,000 scripts all that is kept dies young and stays in the processor's cache; with 100,000 the garbage collector
/// moves it twice, and nothing is near. No code that makes the same objects can be flatter than this.
/// </summary>
internal static class Floor
{
    /// <summary>Bytes that a step allocates, and that are still held when it is done, for each script of a graph.</summary>
    public static (int Allocated, int Kept) BytesOf(Func<object?> step, int scripts)
    {
        step();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var result = step();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(result);
        return ((int)(allocated / scripts), (int)Math.Max(0, kept / scripts));
    }

    public static object Allocate(int scripts, int allocated, int kept)
    {
        var held = new Block?[scripts];
        for (var script = 0; script < scripts; script++)
        {
            for (var bytes = 0; bytes < allocated; bytes += Block.Size)
            {
                var block = new Block { Number = bytes };
                if (bytes < kept)
                {
                    block.Next = held[script];
                    held[script] = block;
                }
            }
        }

        return held;
    }

    private sealed class Block
    {
        /// <summary>With its header.</summary>
        public const int Size = 48;

        public Block? Next { get; set; }

        public long Number { get; set; }

        public long More { get; set; }

        public long Last { get; set; }
    }
}
