using System.IO.Hashing;
using System.Text;

namespace ParallelScripts;

/// <summary>
/// The runs that share a machine's cores in one build, in whichever of its processes they are: each has a file open, which nobody else can
/// open as long as it lives.
/// </summary>
public sealed class Neighbours : IDisposable
{
    private const int MostTries = 10;

    private readonly FileStream? _own;
    private readonly string _folder;
    private readonly string _group;

    /// <param name="build">What runs have in common that belong together, such as the folder that the build was started in.</param>
    public Neighbours(string build)
    {
        _folder = Path.Combine(Path.GetTempPath(), $"parallelscripts-runs-{Environment.UserName}");
        _group = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(build)).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        for (var tries = 0; _own is null && tries < MostTries; tries++)
        {
            _own = TryBeSeen();
        }
    }

    /// <summary>
    /// What a run may use of what it was granted when everybody was granted one core more than was counted, except for a single one. Who has many gives back
    /// as many as its part of all there are; who has one keeps that. Together they use no more than there are, as long as there is one for each.
    /// </summary>
    /// <param name="granted">What this run was granted, one of it not counted.</param>
    /// <param name="others">How many runs there are beside it.</param>
    /// <param name="cores">How many cores there are.</param>
    public static int ShareOf(int granted, int others, int cores) =>
        cores > 1 ? Math.Max(1, granted - (int)Math.Ceiling(others * (granted - 1) / (cores - 1.0))) : 1;

    /// <summary>How many there are beside this one.</summary>
    public int CountOthers()
    {
        var others = 0;
        try
        {
            foreach (var file in Directory.EnumerateFiles(_folder, _group + "-*"))
            {
                if (file != _own?.Name && IsHeld(file))
                {
                    others++;
                }
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // As above.
        }

        return others;
    }

    public void Dispose() => _own?.Dispose();

    /// <summary>
    /// Null if that is not to be, or not this time: whoever looked between the making of the file and its being held took it for what a dead
    /// run has left. Who is never seen starts too much; nothing else is wrong with that.
    /// </summary>
    private FileStream? TryBeSeen()
    {
        try
        {
            Directory.CreateDirectory(_folder);
            return new FileStream(Path.Combine(_folder, $"{_group}-{Guid.CreateVersion7():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What can be opened was left by somebody who was killed.</summary>
    private static bool IsHeld(string file)
    {
        try
        {
            using var left = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
