namespace ParallelScripts;

/// <summary>
/// Which files the words of <see cref="ImportScanner"/> mean. Only files that exist: what is part of a language or was
/// installed is nowhere below the roots, and that is how it is told from a person's own files.
/// </summary>
internal static class ImportResolver
{
    /// <param name="extension">Of the importing file, as it was given to <see cref="ImportScanner.Scan"/>.</param>
    /// <param name="searchRoots">
    /// First the folder of the script that was started; last the working directory. All of them are where Python looks for
    /// modules, one after the other.
    /// </param>
    /// <returns>Absolute paths; mostly one or none.</returns>
    public static IReadOnlyList<string> Resolve(
        string extension, string import, string importingFile, IReadOnlyList<string> searchRoots, Func<string, bool> fileExists)
    {
        if (extension.Length == 0)
        {
            // The scanner knew the language by the first line, and wrote the extension that it stands for in front.
            var space = import.IndexOf(' ');
            extension = import[..space];
            import = import[(space + 1)..];
        }

        return extension.ToLowerInvariant() switch
        {
            ".py" or ".pyw" => PythonImports.Resolve(import, importingFile, searchRoots, fileExists),
            ".cs" => CSharpImports.Resolve(import, importingFile, fileExists),
            ".js" or ".mjs" or ".cjs" or ".ts" or ".mts" or ".cts" => JavaScriptImports.Resolve(import, importingFile, fileExists),
            ".ps1" or ".psm1" => PowerShellImports.Resolve(import, importingFile, searchRoots, fileExists),
            _ => PathImports.Resolve(import, importingFile, searchRoots, fileExists),
        };
    }
}
