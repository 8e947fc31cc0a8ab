using System.Runtime.InteropServices;
using System.Text;

namespace ParallelScripts;

/// <summary>Strings as C has them, UTF-8 with a NUL at the end, and room for arrays of them; one behind the other, and freed together.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private const int BlockSize = 8 * 1024;

    /// <summary>Begins with the address of the block before it.</summary>
    private byte* _block;
    private byte* _next;
    private byte* _end;

    public byte* String(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
        var start = Room(most);
        var length = Encoding.UTF8.GetBytes(text, new Span<byte>(start, most));
        start[length] = 0;
        _next = start + length + 1;
        return start;
    }

    /// <summary>Room for this many pointers and the null that ends them.</summary>
    public byte** Array(int count) => (byte**)Zeroed((count + 1) * sizeof(byte*));

    /// <summary>A block of zeros, aligned as a pointer is.</summary>
    public byte* Zeroed(int size)
    {
        var start = (byte*)(((nint)Room(size + sizeof(byte*)) + sizeof(byte*) - 1) & ~(nint)(sizeof(byte*) - 1));
        new Span<byte>(start, size).Clear();
        _next = start + size;
        return start;
    }

    public void Dispose()
    {
        while (_block is not null)
        {
            var before = *(byte**)_block;
            NativeMemory.Free(_block);
            _block = before;
        }

        _next = null;
        _end = null;
    }

    private byte* Room(int size)
    {
        if (_end - _next < size)
        {
            var length = Math.Max(BlockSize, size + sizeof(byte*));
            var block = (byte*)NativeMemory.Alloc((nuint)length);
            *(byte**)block = _block;
            _block = block;
            _next = block + sizeof(byte*);
            _end = block + length;
        }

        return _next;
    }
}
