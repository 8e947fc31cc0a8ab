using System.Security.Cryptography;
using System.Text;

namespace ParallelScripts;

/// <summary>
/// The page around a report's data. It is one file that needs no other, asks no server, and executes nothing but our own script: the
/// page's policy names that by its hash. The same data give the same bytes.
/// </summary>
internal static class ReportPage
{
    /// <summary>One script, in this order: what comes later uses what comes before.</summary>
    private static readonly string[] _scripts = ["text.js", "model.js", "view.js", "live.js", "layout.js", "canvas.js", "timeline.js", "graph.js", "table.js", "details.js", "first.js", "lists.js", "page.js"];

    /// <param name="data">What <see cref="ReportData"/> made.</param>
    /// <param name="written">Now, if the run is not over: then the page loads itself again, and says when it was written.</param>
    public static void Write(ReadOnlySpan<byte> data, Stream page, DateTimeOffset? written = null)
    {
        var style = Part("page.css");
        var script = $"'use strict';(()=>{{\n{string.Concat(_scripts.Select(Part))}}})();\n";
        var shell = Part("page.html");

        // By concatenation: nothing is ever searched for in text that has a person's words in it.
        var (style0, script0) = (shell.IndexOf("/*style*/", StringComparison.Ordinal), shell.IndexOf("/*script*/", StringComparison.Ordinal));
        var (policy0, data0) = (shell.IndexOf("/*policy*/", StringComparison.Ordinal), shell.IndexOf("/*data*/", StringComparison.Ordinal));
        var policy = $"default-src 'none'; script-src '{HashOf(script)}'; style-src '{HashOf(style)}'; base-uri 'none'; form-action 'none'";
        Add(shell[..policy0]);
        Add(policy);
        var title0 = shell.IndexOf("<title>", StringComparison.Ordinal);
        Add(shell[(policy0 + "/*policy*/".Length)..title0]);
        Add(written is { } time ? $"<meta name=\"written\" content=\"{time.UtcDateTime:O}\">\n" : "");
        Add(shell[title0..style0]);
        Add(style);
        Add(shell[(style0 + "/*style*/".Length)..data0]);
        page.Write(data);
        Add(shell[(data0 + "/*data*/".Length)..script0]);
        Add(script);
        Add(shell[(script0 + "/*script*/".Length)..]);

        void Add(string text) => page.Write(Encoding.UTF8.GetBytes(text));
    }

    private static string HashOf(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>A file of Reporting/Page; its line ends are those of the specification, whatever a checkout made of them: the hash is of what a browser reads.</summary>
    private static string Part(string name)
    {
        using var reader = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream("Page." + name)!, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
