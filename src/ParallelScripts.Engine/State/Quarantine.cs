using System.Globalization;

namespace ParallelScripts;

/// <summary>
/// Takes what a script that did not succeed had written to its outputs out of the way, to <c>failed/</c> in the state directory: a
/// half-written result must not stand where a result is looked for.
/// </summary>
internal sealed class Quarantine(ProjectFiles files, FileHashes hashes, string stateDirectory, Secrets secrets)
{
    /// <summary>Moves every output that is not as it was before the script started. Gives the folder they are in now, or null if there was none.</summary>
    /// <param name="script">Its name.</param>
    /// <param name="before">Its outputs before it started.</param>
    /// <param name="now">Its outputs now.</param>
    public string? Move(string script, Manifest before, Manifest now)
    {
        var folder = Path.Combine(stateDirectory, "failed", new LogFiles(stateDirectory, [script]).NameFor(script)[..^".log".Length]);
        var written = now.Lines.Except(before.Lines, SameContent.Instance).Select(line => line.What).ToArray();
        if (written.Length == 0)
        {
            return null;
        }

        // Only the last failure is kept.
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var name in written)
        {
            var shown = secrets.Mask(name);
            var target = Path.Combine(folder, Path.IsPathRooted(name) ? shown.TrimStart('/').Replace(':', '_') : shown.Replace("../", "__/", StringComparison.Ordinal));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var free = target;
            for (var number = 2; shown != name && File.Exists(free); number++)
            {
                // Two names that differ only in a secret.
                free = string.Create(CultureInfo.InvariantCulture, $"{target}~{number}");
            }

            File.Move(files.AbsoluteOf(name), free, overwrite: true);
        }

        hashes.Forget(written);
        return folder;
    }

    private sealed class SameContent : IEqualityComparer<ManifestLine>
    {
        public static readonly SameContent Instance = new();

        public bool Equals(ManifestLine? x, ManifestLine? y) => x is null || y is null ? x == y : x.What == y.What && x.SameValue(y);

        public int GetHashCode(ManifestLine line) => HashCode.Combine(line.What, line.Hash);
    }
}
