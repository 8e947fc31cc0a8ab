namespace ParallelScripts;

/// <summary>What a word of the shell means, as far as it can be known: an anchor of <see cref="PathImports"/> or none, and text.</summary>
internal readonly record struct ShellValue(string From, string Text)
{
    /// <summary>Stands for a file's own name, in <c>$0</c>. Nobody needs it; <c>dirname</c> takes it away again.</summary>
    private const string OwnName = "./\0";

    /// <summary><c>$BASH_SOURCE</c></summary>
    public static readonly ShellValue ThisFile = new(PathImports.Beside, OwnName);

    /// <summary><c>$0</c></summary>
    public static readonly ShellValue StartedScript = new(PathImports.Script, OwnName);

    public static readonly ShellValue WorkingDirectory = new(PathImports.Working, ".");

    public ShellValue Parent => this with
    {
        Text = Text.LastIndexOf('/') switch
        {
            _ when Text == "." => "..",
            _ when Text.EndsWith("..", StringComparison.Ordinal) => Text + "/..",
            < 0 => ".",
            0 => "/",
            var slash => Text[..slash],
        },
    };
}
