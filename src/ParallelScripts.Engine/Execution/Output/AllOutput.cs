using System.Text;

namespace ParallelScripts;

/// <summary>Keeps all that a process prints, both streams in one: for those whose answer is short.</summary>
internal sealed class AllOutput : IOutputSink
{
    private readonly List<byte> _bytes = [];

    public void Write(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    public void CopyTo(IOutputSink output) => output.Write(_bytes.ToArray());

    /// <summary>All of it, as UTF-8.</summary>
    public override string ToString() => Encoding.UTF8.GetString([.. _bytes]);
}
