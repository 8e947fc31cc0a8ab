namespace ParallelScripts;

/// <summary>
/// What a source text pulls in, as it says it. Depends on the text alone, so that it can be remembered by the text's hash;
/// which files are meant is for <see cref="ImportResolver"/> to find out, anew each time.
/// </summary>
internal static class ImportScanner
{
    /// <summary>The imports of a text, each once, in the order they are written; none of a text in a language that we do not know.</summary>
    /// <param name="extension">Of the file, with its dot. Of a file that has none, the first line tells the language.</param>
    public static IReadOnlyList<string> Scan(string extension, string text)
    {
        var language = extension.Length > 0 ? extension : ExtensionByFirstLine(text);
        var found = ScanAs(language, text);
        if (found.Count == 0)
        {
            return found;
        }

        // No file has such a name, and what remembers imports may write one a line.
        var imports = found.Where(import => !import.Any(char.IsControl)).Distinct();
        return [.. extension.Length > 0 ? imports : imports.Select(import => $"{language} {import}")];
    }

    private static List<string> ScanAs(string extension, string text) => extension.ToLowerInvariant() switch
    {
        ".py" or ".pyw" => PythonImports.Scan(text),
        ".r" => RImports.Scan(text),
        ".sh" or ".bash" or ".zsh" or ".ksh" => ShellImports.Scan(text),
        ".cs" => CSharpImports.Scan(text),
        ".js" or ".mjs" or ".cjs" or ".ts" or ".mts" or ".cts" => JavaScriptImports.Scan(text),
        ".ps1" or ".psm1" => PowerShellImports.Scan(text),
        ".jl" => JuliaImports.Scan(text),
        ".rb" => RubyImports.Scan(text),
        ".pl" or ".pm" => PerlImports.Scan(text),
        _ => [],
    };

    private static string ExtensionByFirstLine(string text)
    {
        if (!text.StartsWith("#!", StringComparison.Ordinal))
        {
            // What a shell script sources often has no extension. A program has zeros near its beginning.
            return text.AsSpan(0, Math.Min(text.Length, 256)).Contains('\0') ? "" : ".sh";
        }

        var line = text.AsSpan(2);
        var end = line.IndexOf('\n');
        var program = Path.GetFileName(Shebang.Parse((end < 0 ? line : line[..end]).ToString())?[0] ?? "");
        return program.TrimEnd("0123456789.".ToCharArray()) switch
        {
            "python" or "pypy" or "uv" => ".py",
            "Rscript" => ".R",
            "sh" or "bash" or "zsh" or "ksh" or "dash" => ".sh",
            "dotnet" => ".cs",
            "node" => ".js",
            "pwsh" => ".ps1",
            "julia" => ".jl",
            "ruby" => ".rb",
            "perl" => ".pl",
            _ => "",
        };
    }
}
