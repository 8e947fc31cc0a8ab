namespace ParallelScripts.Tests;

public sealed class ReadingErrors
{
    public static TheoryData<string> Recordings => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void In_recorded_output_gives_what_is_written_beside_it(string recording)
    {
        var recorded = new Recording(recording);
        var read = recorded.Read();
        if (Environment.GetEnvironmentVariable("RECORD_READINGS") == "1")
        {
            File.WriteAllLines(recorded.Reading, read);
        }

        Assert.Equal(recorded.Expected, read);
    }
}
