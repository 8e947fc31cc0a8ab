namespace ParallelScripts;

/// <summary>
/// All the files that a script pulls in, those that they pull in, and so on: what a person would call the script's code.
/// Found by reading and not by running, so it is what a text says, taken with every branch that it has.
/// </summary>
internal static class LocalModules
{
    /// <param name="importsOf">What <see cref="ImportScanner.Scan"/> finds in a file.</param>
    /// <returns>Each file once, sorted ordinally, without the script itself.</returns>
    public static IReadOnlyList<string> Of(
        string scriptFile, IReadOnlyList<string> searchRoots, Func<string, bool> fileExists, Func<string, IReadOnlyList<string>> importsOf)
    {
        var modules = new HashSet<string>(StringComparer.Ordinal) { scriptFile };
        var unread = new Stack<string>(modules);
        var meant = new HashSet<(string? Folder, string Extension, string Import)>();
        while (unread.TryPop(out var file))
        {
            var folder = Path.GetDirectoryName(file);
            var extension = Path.GetExtension(file);
            foreach (var import in importsOf(file))
            {
                // Two files in one folder mean the same by the same words.
                if (meant.Add((folder, extension, import)))
                {
                    foreach (var module in ImportResolver.Resolve(extension, import, file, searchRoots, fileExists).Where(modules.Add))
                    {
                        unread.Push(module);
                    }
                }
            }
        }

        modules.Remove(scriptFile);
        return [.. modules.Order(StringComparer.Ordinal)];
    }
}
