using System.Runtime.InteropServices;

namespace ParallelScripts;

/// <summary>Strings as C has them, UTF-8 with a NUL at the end, and null-ended arrays of them; freed together.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly List<nint> _blocks = [];

    public byte* String(string text)
    {
        var pointer = Marshal.StringToCoTaskMemUTF8(text);
        _blocks.Add(pointer);
        return (byte*)pointer;
    }

    public byte** Array(IReadOnlyList<nint> strings)
    {
        var array = (nint*)Marshal.AllocCoTaskMem((strings.Count + 1) * sizeof(nint));
        _blocks.Add((nint)array);
        for (var i = 0; i < strings.Count; i++)
        {
            array[i] = strings[i];
        }

        array[strings.Count] = 0;
        return (byte**)array;
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
        {
            Marshal.FreeCoTaskMem(block);
        }

        _blocks.Clear();
    }
}
