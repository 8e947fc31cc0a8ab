using System.Text;

namespace ParallelScripts;

/// <summary>
/// The folder in the state directory by which jobs on nodes and this run talk: <c>jobs/</c> holds what waits to be run, <c>claimed/</c> what has
/// begun, <c>output/</c> what is printed and <c>results/</c> how it ended, a file for each job, by its key. Nodes see it under the same path.
/// </summary>
internal sealed class JobFolder(string stateDirectory)
{
    public const string Name = "slurm";

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Absolute.</summary>
    public string Path { get; } = System.IO.Path.Combine(stateDirectory, Name);

    /// <summary>The script that every job starts with.</summary>
    public string CommonScript => In("job.sh");

    /// <summary>Whether any run in a state directory has ever sent a job from there.</summary>
    public static bool IsIn(string stateDirectory) => Directory.Exists(System.IO.Path.Combine(stateDirectory, Name));

    /// <summary>Whether a job on a node has ever left something here that was seen from here.</summary>
    public bool IsKnownToBeShared => File.Exists(In("shared"));

    public void SetKnownToBeShared() => File.WriteAllText(In("shared"), "A job of the cluster has written here, and this machine has seen it.\n");

    /// <summary>Makes the folders, and writes what all jobs share.</summary>
    public void Create()
    {
        foreach (var folder in (string[])["jobs", "claimed", "output", "results"])
        {
            Directory.CreateDirectory(In(folder));
        }

        var text = JobScript.Common(Path);
        if (!File.Exists(CommonScript) || File.ReadAllText(CommonScript) != text)
        {
            WriteWhole(CommonScript, text);
        }
    }

    /// <summary>Lays down what a job is to run, before it is submitted.</summary>
    public void Add(string key, string text)
    {
        // The job appends to it; nobody else is to read what may be secret.
        using (OpenPrivate(In("output", key)))
        {
        }

        WriteWhole(In("jobs", key), text);
    }

    /// <summary>Takes back what no job has begun to run. False if one has.</summary>
    public bool TryWithdraw(string key)
    {
        try
        {
            File.Move(In("jobs", key), In("jobs", $".{key}.withdrawn"), overwrite: true);
        }
        catch (FileNotFoundException)
        {
            return !HasBegun(key);
        }

        File.Delete(In("jobs", $".{key}.withdrawn"));
        return true;
    }

    /// <summary>Whether a job has begun to run what was laid down under this key.</summary>
    public bool HasBegun(string key) => Directory.EnumerateFiles(In("claimed"), $"{key}.*").Any();

    /// <summary>How far a job is, by what it has left here: nobody is asked.</summary>
    public (string Said, bool HasFailed) Describe(JournalEntry entry)
    {
        var job = entry.Id == "" ? "its job" : $"its job {entry.Id}";
        return FindResult(entry.Key) switch
        {
            { Kind: ResultKind.Skipped } => ($"{job} found that one before it did not succeed", true),
            { Kind: ResultKind.Ended, Code: 0 } => ($"{job} has ended well; the next run collects it", false),
            not null => ($"{job} has failed; the next run says how", true),
            null when Directory.Exists(In("claimed")) && HasBegun(entry.Key) => ($"{job} has begun", false),
            null => ($"{job} waits in Slurm", false),
        };
    }

    /// <summary>The id of the job that has begun to run what was laid down under this key; null if none has.</summary>
    public string? FindClaimant(string key) => Directory.EnumerateFiles(In("claimed"), $"{key}.*").Select(file => file.Split('.')[^2]).FirstOrDefault();

    /// <summary>
    /// When a job began to run its script, by the clock of the file system, in nanoseconds since 1970; null if it has not. Its claim is empty from then on,
    /// and not while it waits for what others have written.
    /// </summary>
    public long? FindBegin(string key) =>
        Directory.EnumerateFiles(In("claimed"), $"{key}.*").Select(FileStamp.Of).FirstOrDefault() is { Length: 0 } stamp ? stamp.Modified : null;

    /// <summary>When a job ended, by the same clock; null if it left no result.</summary>
    public long? FindEnd(string key) => FileStamp.Of(In("results", key))?.Modified;

    /// <summary>The keys of all results: one look at one folder, however many jobs there are.</summary>
    public IEnumerable<string> Results() =>
        Directory.EnumerateFiles(In("results")).Select(file => System.IO.Path.GetFileName(file)!).Where(name => name[0] != '.');

    /// <summary>How a job ended, by what it says itself; null if it says nothing yet.</summary>
    public JobResult? FindResult(string key)
    {
        try
        {
            return JobResult.Parse(File.ReadAllText(In("results", key)));
        }
        catch (Exception notThere) when (notThere is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Hands on what a job has printed since a position; gives the next one.</summary>
    public long ReadOutput(string key, long from, IOutputSink output)
    {
        try
        {
            using var file = new FileStream(In("output", key), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            file.Position = from;
            var buffer = new byte[64 * 1024];
            while (file.Read(buffer) is var count and > 0)
            {
                output.Write(buffer.AsSpan(0, count));
                from += count;
            }
        }
        catch (Exception notThere) when (notThere is FileNotFoundException or DirectoryNotFoundException)
        {
            // Whatever it was, it is not there any more.
        }

        return from;
    }

    /// <summary>Removes all that there is of a job.</summary>
    /// <param name="keepsResult">But for its result, which other jobs may look at.</param>
    public void Forget(string key, bool keepsResult = false)
    {
        File.Delete(In("jobs", key));
        if (!keepsResult)
        {
            File.Delete(In("results", key));
        }

        File.Delete(In("output", key));
        foreach (var claim in Directory.EnumerateFiles(In("claimed"), $"{key}.*"))
        {
            File.Delete(claim);
        }
    }

    /// <summary>Removes what is left of jobs that nobody asks for any more.</summary>
    /// <param name="keepsResults">Whether to keep results, which jobs that go on may look at.</param>
    public void ForgetAllBut(IReadOnlySet<string> keys, bool keepsResults)
    {
        foreach (var folder in (string[])["jobs", "claimed", "output", .. keepsResults ? (string[])[] : ["results"]])
        {
            foreach (var file in Directory.EnumerateFiles(In(folder)))
            {
                var name = System.IO.Path.GetFileName(file).TrimStart('.');
                if (!keys.Contains(name) && !keys.Any(key => name.StartsWith(key + ".", StringComparison.Ordinal)))
                {
                    File.Delete(file);
                }
            }
        }
    }

    private static FileStream OpenPrivate(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(file, options);
    }

    private void WriteWhole(string file, string text)
    {
        var temporary = In($".{System.IO.Path.GetFileName(file)}.new");
        using (var stream = OpenPrivate(temporary))
        {
            stream.Write(_utf8.GetBytes(text));
        }

        File.Move(temporary, file, overwrite: true);
    }

    private string In(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);
}
