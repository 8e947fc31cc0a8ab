using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// The forms in which compilers and linters tell a build where to look. Narrower than what <c>Exec</c> takes, which finds an error
/// in <c>ERROR:root:text</c> and in <c>tests error: none</c>; docs/errors-of-scripts.md says which lines count.
/// </summary>
/// <remarks>https://learn.microsoft.com/visualstudio/msbuild/msbuild-diagnostic-format-for-tasks</remarks>
internal sealed partial class CanonicalReader(Printed printed) : OutputReader(printed)
{
    public override void Read(string line)
    {
        if (!line.Contains("error", StringComparison.OrdinalIgnoreCase) && !line.Contains("warning", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        if (WithParentheses().Match(line) is { Success: true } build)
        {
            var code = build.Groups[5].Value;
            Printed.Add(new CanonicalLine(
                new Frame(build.Groups[1].Value, Number(build.Groups[2].ValueSpan), Number(build.Groups[3].ValueSpan)),
                IsError(build.Groups[4].ValueSpan),
                code,
                WithoutProject(build.Groups[6].Value))
            {
                OnlyIfThere = code == "",
            });
        }
        else if (WithColons().Match(line) is { Success: true } compiler && Path.GetExtension(compiler.Groups[1].Value) is not (".rb" or ".rake" or ".ru"))
        {
            Printed.Add(new CanonicalLine(
                new Frame(compiler.Groups[1].Value, Number(compiler.Groups[2].ValueSpan), Number(compiler.Groups[3].ValueSpan)),
                IsError(compiler.Groups[4].ValueSpan),
                "",
                compiler.Groups[5].Value)
            {
                OnlyIfThere = true,
            });
        }
        else if (WithCode().Match(line) is { Success: true } tool)
        {
            var origin = tool.Groups[1].Value;
            var isFile = origin.AsSpan().ContainsAny('/', '\\') || Path.HasExtension(origin);
            var text = WithoutProject(tool.Groups[4].Value);
            Printed.Add(new CanonicalLine(
                isFile ? new Frame(origin, 0) : null,
                IsError(tool.Groups[2].ValueSpan),
                tool.Groups[3].Value,
                origin == "" || isFile ? text : $"{origin}: {text}"));
        }
    }

    private static bool IsError(ReadOnlySpan<char> category) => category.Equals("error", StringComparison.OrdinalIgnoreCase);

    /// <summary>MSBuild puts the project behind what a compiler said, and says it once more at the end.</summary>
    private static string WithoutProject(string text) =>
        text.EndsWith("proj]", StringComparison.Ordinal) && text.LastIndexOf(" [", StringComparison.Ordinal) is var start and > 0 ? text[..start] : text;

    /// <summary><c>fit.cs(3,5): error CS0103: text</c></summary>
    [GeneratedRegex(@"^\s*((?:[A-Za-z]:)?[^:\s][^:]{0,300}?)\((\d+)(?:,(\d+))?[\d,-]*\) ?: ?(?:\w{1,40} )?(error|warning)(?: ([^\s:]{1,60}))? ?: ?(\S.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex WithParentheses();

    /// <summary><c>fit.c:3:5: error: text</c></summary>
    [GeneratedRegex(@"^((?:[A-Za-z]:)?[^:\s][^:]{0,300}):(\d+)(?::(\d+))?: (?:fatal )?(error|warning): (\S.*)$")]
    private static partial Regex WithColons();

    /// <summary><c>LINK : fatal error LNK1104: text</c></summary>
    [GeneratedRegex(@"^\s*(?:((?:[A-Za-z]:)?[^:\s][^:]{0,300}?) : )?(?:fatal |Command line )?(error|warning) ([A-Za-z]{1,10}[0-9]{1,6}) ?: (\S.*)$")]
    private static partial Regex WithCode();
}
