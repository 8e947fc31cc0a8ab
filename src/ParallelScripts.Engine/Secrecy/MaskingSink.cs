namespace ParallelScripts;

/// <summary>Stands in front of whoever takes what a script prints, and lets no secret through.</summary>
internal sealed class MaskingSink(Masker masker, IOutputSink inner) : IOutputSink, IDisposable
{
    public void Write(ReadOnlySpan<byte> bytes) => Hand(masker.Pass(bytes, isLast: false));

    /// <summary>Hands on what was waiting: nothing comes any more.</summary>
    public void Dispose() => Hand(masker.Pass([], isLast: true));

    private void Hand(ReadOnlySpan<byte> passed)
    {
        if (!passed.IsEmpty)
        {
            inner.Write(passed);
        }
    }
}
