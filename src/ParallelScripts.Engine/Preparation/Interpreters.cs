namespace ParallelScripts;

/// <summary>The table of interpreters: ours, and what the project's <c>ScriptInterpreter</c> items add or replace.</summary>
internal sealed class Interpreters
{
    private static readonly string[] _pwsh = ["pwsh", "-NoLogo", "-NoProfile", "-NonInteractive", "-File"];
    private static readonly string[] _windowsPowerShell = ["powershell", "-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File"];

    private static readonly Dictionary<string, Interpreter> _builtIn = new(StringComparer.OrdinalIgnoreCase)
    {
        [".py"] = OneOf("Install Python 3", OperatingSystem.IsWindows() ? [["python3"], ["python"], ["py"]] : [["python3"], ["python"]]),
        [".r"] = OneOf("Install R", [["Rscript"]]),
        // A .sh with a #! line runs by that line (see LaunchResolver); without one, as POSIX says, by sh.
        [".sh"] = OneOf("Install a POSIX shell (on Windows, Git brings one)", [["sh"], ["bash"]]),
        [".bash"] = OneOf("Install bash", [["bash"]]),
        [".ps1"] = OneOf("Install PowerShell 7", OperatingSystem.IsWindows() ? [_pwsh, _windowsPowerShell] : [_pwsh]),
        [".js"] = OneOf("Install Node.js", [["node"]]),
        [".mjs"] = OneOf("Install Node.js", [["node"]]),
        [".cjs"] = OneOf("Install Node.js", [["node"]]),
        [".jl"] = OneOf("Install Julia", [["julia"]]),
        [".rb"] = OneOf("Install Ruby", [["ruby"]]),
        [".pl"] = OneOf("Install Perl", [["perl"]]),
    };

    private readonly Dictionary<string, Interpreter> _declared = new(StringComparer.OrdinalIgnoreCase);

    public Interpreters(IEnumerable<InterpreterDeclaration> declarations, ICollection<Problem> problems)
    {
        foreach (var declaration in declarations)
        {
            if (string.IsNullOrWhiteSpace(declaration.Command) || declaration.Extension.Contains('/'))
            {
                problems.Add(Problems.NotAnInterpreter(declaration));
            }
            else if (CommandLine.TrySplit(declaration.Command) is not { } command)
            {
                problems.Add(Problems.QuoteNotClosed(declaration.Place, $"ScriptInterpreter '{declaration.Extension}'", "Command", declaration.Command));
            }
            else
            {
                var extension = declaration.Extension.StartsWith('.') ? declaration.Extension : "." + declaration.Extension;
                _declared[extension] = OneOf("Install it, or correct the ScriptInterpreter item", [command]);
            }
        }
    }

    /// <summary>What the project says runs this extension, or null.</summary>
    public Interpreter? Declared(string extension) => _declared.GetValueOrDefault(extension);

    /// <summary>What we say runs this extension, or null.</summary>
    public static Interpreter? BuiltIn(string extension) => _builtIn.GetValueOrDefault(extension);

    private static Interpreter OneOf(string install, IReadOnlyList<IReadOnlyList<string>> candidates) => new(candidates, install);
}

/// <summary>Which programs run the files of an extension.</summary>
/// <param name="Candidates">Command lines in the order of preference; the first whose program is there is taken.</param>
/// <param name="Install">What to install when none is.</param>
internal sealed record Interpreter(IReadOnlyList<IReadOnlyList<string>> Candidates, string Install);
