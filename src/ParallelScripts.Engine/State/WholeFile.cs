namespace ParallelScripts;

/// <summary>Puts a file in its place in one step: whoever reads it sees the one before or this one, whole.</summary>
internal static class WholeFile
{
    public static void Write(string file, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var temporary = file + ".new";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
            }

            File.Move(temporary, file, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // On a full disk, what is there of it takes the room that somebody has just made.
            File.Delete(temporary);
            throw;
        }
    }
}
