namespace ParallelScripts;

/// <summary>
/// Every message this package can give, in code order. 1xxx: what you wrote. 2xxx: what ran.
/// 3xxx: state on disk. 4xxx: the cluster. Each code has a page, docs/problems/{code}.md.
/// </summary>
internal static class Problems
{
    internal static Problem SameName(Script script, Script first) => new(
        "PSCR1001",
        script.Place,
        $"Two scripts are named '{script.Name}'; the first is at {first.Place}.",
        "Give each its own Name.");

    internal static Problem UnknownDependency(Script script, string name, string? suggestion) => new(
        "PSCR1002",
        script.Place,
        $"Script '{script.Name}' depends on '{name}', but no script has that name.",
        suggestion is null ? $"Add a script named '{name}', or remove it from DependsOn." : $"Did you mean '{suggestion}'?");

    internal static Problem GlobMatchesNothing(Script script, string glob) => new(
        "PSCR1003",
        script.Place,
        $"Script '{script.Name}' depends on '{glob}', but no script's name matches that.",
        "Correct the pattern, or remove it from DependsOn.");

    /// <param name="circle">Each depends on the next, the last on the first.</param>
    internal static Problem Circle(IReadOnlyList<Script> circle) => new(
        "PSCR1004",
        circle[0].Place,
        circle.Count == 1
            ? $"Script '{circle[0].Name}' depends on itself."
            : $"Scripts depend on each other in a circle: {string.Join(" -> ", circle.Append(circle[0]).Select(script => $"{script.Name} [{script.Place}]"))}.",
        circle.Count == 1
            ? $"Remove '{circle[0].Name}' from its DependsOn."
            : "Remove one of these from the DependsOn of the one before it.");

    internal static Problem NotADegree(Setting setting) => new(
        "PSCR1005",
        setting.Place,
        $"{setting.Name} is '{setting.Value}', which is not a number of slots.",
        "Set it to a whole number, or to 0 for one slot a core.");

    internal static Problem NotOneOf(Setting setting, IReadOnlyList<string> values) => new(
        "PSCR1006",
        setting.Place,
        $"{setting.Name} is '{setting.Value}'.",
        $"Use one of: {string.Join(", ", values)}.");

    internal static Problem MissingFile(Script script, string projectDirectory, bool isFolder) => new(
        "PSCR1007",
        script.Place,
        isFolder
            ? $"Script '{script.Name}' is to run '{script.Include}', but that is a folder."
            : $"Script '{script.Name}' is to run '{script.Include}', but there is no such file in '{projectDirectory}'.",
        "Correct the path, or set Command if it is not a file that is to run.");

    /// <param name="scripts">All that need it, at least one.</param>
    internal static Problem MissingInterpreter(IReadOnlyList<Script> scripts, string programs, string install) => new(
        "PSCR1008",
        scripts[0].Place,
        scripts.Count == 1
            ? $"Script '{scripts[0].Name}' needs '{programs}', which is not installed or not on the PATH."
            : $"Script '{scripts[0].Name}' and {scripts.Count - 1} more need '{programs}', which is not installed or not on the PATH.",
        install.StartsWith("Install it", StringComparison.Ordinal)
            ? $"{install}."
            : $"{install}, or name another program in Interpreter or a ScriptInterpreter item.");

    internal static Problem NoInterpreter(Script script) => new(
        "PSCR1009",
        script.Place,
        $"Nothing is known to run '{script.Include}' (script '{script.Name}'): neither its extension, nor a #! line, nor an executable bit says what does.",
        "Set its Interpreter, or add a ScriptInterpreter item for the extension.");

    // PSCR1010, the MSBuild of .NET Framework or one that is too old, is said by build/ParallelScripts.targets: there, no task of ours can be loaded.

    internal static Problem CommandAndFile(Script script) => new(
        "PSCR1011",
        script.Place,
        $"Script '{script.Name}' has a Command, but '{script.Include}' is also a file that would run by itself: it is not clear which is meant.",
        "Remove Command (Interpreter and Arguments say how to run a file), or give it an Include that is not a file.");

    internal static Problem CommandAndMore(Script script, string metadata) => new(
        "PSCR1012",
        script.Place,
        $"Script '{script.Name}' has both Command and {metadata}.",
        $"A Command is a whole command line: write what {metadata} says into it, and remove {metadata}.");

    internal static Problem NotAPair(Script script, string pair) => new(
        "PSCR1013",
        script.Place,
        $"Script '{script.Name}' has '{pair}' in EnvironmentVariables, which is not NAME=value.",
        "Write NAME=value, with ; between two of them, and %3B for a ; inside a value.");

    internal static Problem MissingWorkingDirectory(Script script) => new(
        "PSCR1014",
        script.Place,
        $"Script '{script.Name}' is to run in '{script.WorkingDirectory}', but there is no such folder.",
        "Create it before the run, or correct WorkingDirectory, which is relative to the project's folder.");

    internal static Problem QuoteNotClosed(Place place, string owner, string metadata, string line) => new(
        "PSCR1015",
        place,
        $"{owner} has {metadata} '{line}', in which a quote is not closed.",
        "Close it, or put the other kind of quote around it.");

    internal static Problem InterpreterWithoutCommand(InterpreterDeclaration declaration) => new(
        "PSCR1016",
        declaration.Place,
        $"ScriptInterpreter '{declaration.Extension}' does not say which program runs files with which extension.",
        "Write an extension and a command line: <ScriptInterpreter Include=\".lua\" Command=\"lua\" />.");

    internal static Problem ExitedNonZero(Script script, Launch launch, int exitCode, string? logFile) => new(
        "PSCR2001",
        script.Place,
        $"Script '{script.Name}' exited with code {exitCode}.",
        $"{(logFile is null ? "It printed nothing." : $"Its output is in {logFile}.")} {ByHand(launch)}");

    internal static Problem KilledBySignal(Script script, Launch launch, string signal, string? logFile) => new(
        "PSCR2002",
        script.Place,
        $"Script '{script.Name}' was killed by {signal}.",
        $"{(logFile is null ? "It printed nothing." : $"Its output is in {logFile}.")} {ByHand(launch)}");

    internal static Problem NotStarted(Script script, Launch launch, string reason) => new(
        "PSCR2003",
        script.Place,
        $"Script '{script.Name}' could not be started: {reason}.",
        ByHand(launch));

    internal static Problem NotCompiled(Script script, Launch launch, string? logFile) => new(
        "PSCR2004",
        script.Place,
        $"Script '{script.Name}' does not compile.",
        $"{(logFile is null ? "" : $"What the compiler said is in {logFile}. ")}{ByHand(launch)}");

    internal static Problem StateNotWritable(Place project, string directory, string reason) => new(
        "PSCR3001",
        project,
        $"Nothing can be written to the state directory '{directory}': {reason}.",
        "Make it writable, or set ScriptsStateDirectory to a folder that is.");

    private static string ByHand(Launch launch) =>
        $"To run it by hand, in '{launch.WorkingDirectory}': {CommandLine.Show(launch.CommandForPeople)}";
}
