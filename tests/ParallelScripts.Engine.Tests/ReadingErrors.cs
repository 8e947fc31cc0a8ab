namespace ParallelScripts.Tests;

/// <summary>What interpreters really print, in Recorded/, and what of it belongs in the error list.</summary>
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

    // Versions differ in words and in marks below the source, so places, codes and kinds are compared.
    [Theory]
    [InlineData("python", "python3", true)]
    [InlineData("r", "Rscript", true)]
    [InlineData("node", "node", true)]
    [InlineData("ruby", "ruby", true)]
    [InlineData("perl", "perl", true)]
    [InlineData("shell", "bash", true)]
    [InlineData("csharp", "dotnet", true)]
    [InlineData("powershell", "pwsh", false)]
    [InlineData("julia", "julia", false)]
    public void In_what_the_interpreter_prints_today_gives_the_same_places(string language, string program, bool isInstalledInCI)
    {
        if (!Recording.SearchPath.Split(':').Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            Assert.False(isInstalledInCI && Environment.GetEnvironmentVariable("CI") == "true", $"{program} is missing, which .ci/run installs.");
            Assert.Skip($"{program} is not installed.");
        }

        // Run by pytest, not as a script; and of C# as many as have to be compiled.
        var recordings = Recording.Names
            .Where(name => name.StartsWith(language + "/", StringComparison.Ordinal) && !name.Contains("/test_", StringComparison.Ordinal))
            .Where(name => language != "csharp" || name is "csharp/throws.cs" or "csharp/not_compiled.cs")
            .Select(name => new Recording(name))
            .ToArray();

        var today = Recording.Run(recordings);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', today.SelectMany(lines => lines)));
        Assert.Equal(
            recordings.Select(recording => $"{recording.Name}: {string.Join("; ", recording.Expected.Select(Gist))}"),
            recordings.Select((recording, i) => $"{recording.Name}: {string.Join("; ", today[i].Select(Gist))}"));
    }

    /// <summary><c>load.py(2): error PSCR2001: KeyError</c> of <c>load.py(2,18): error PSCR2001: KeyError: 'price'</c></summary>
    private static string Gist(string line)
    {
        var column = line.IndexOf(',', StringComparison.Ordinal);
        var end = line.IndexOf("): ", StringComparison.Ordinal);
        var place = column >= 0 && column < end ? line[..column] + line[end..] : line;
        var words = place.Split(": ");
        return string.Join(": ", words.Take(2).Append(words.Length > 2 ? words[2].Split(' ')[0] : ""));
    }
}
