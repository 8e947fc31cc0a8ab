namespace ParallelScripts;

/// <summary>For a job whose output nobody asks for.</summary>
internal sealed class NoOutput : IOutputSink
{
    public static readonly NoOutput Instance = new();

    public void Write(ReadOnlySpan<byte> bytes)
    {
    }
}
