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
        "Give each its own Name; or, where a glob takes the file in already, write Update instead of a second Include.");

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

    /// <param name="circle">Each depends on the next, the last on the first; by a file that the next one writes, or because DependsOn says so (null).</param>
    internal static Problem Circle(IReadOnlyList<(Script Script, string? File)> circle)
    {
        var first = circle[0].Script;
        if (circle.Count == 1)
        {
            return new(
                "PSCR1004",
                first.Place,
                $"Script '{first.Name}' depends on itself.",
                $"Remove '{first.Name}' from its DependsOn.");
        }

        var ring = string.Concat(circle.Select(step => $"{step.Script.Name} [{step.Script.Place}] {(step.File is null ? "->" : $"-({step.File})->")} "));
        return new(
            "PSCR1004",
            first.Place,
            $"Scripts depend on each other in a circle: {ring}{first.Name} [{first.Place}].",
            circle.All(step => step.File is null)
                ? "Remove one of these from the DependsOn of the one before it."
                : "Remove one of these from the DependsOn of the one before it, or the file between two of them from the Inputs of the first.");
    }

    internal static Problem NotADegree(Setting setting) => new(
        "PSCR1005",
        setting.Place,
        $"{setting.Name} is '{setting.Value}', which is not a number of slots.",
        "Set it to a whole number from 0 up; 0 means one slot a core.");

    internal static Problem NotOneOf(Setting setting, IReadOnlyList<string> values) => new(
        "PSCR1006",
        setting.Place,
        $"{setting.Name} is '{setting.Value}', which is none of its values.",
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
        $"{(scripts.Count == 1 ? $"Script '{scripts[0].Name}' needs" : $"Script '{scripts[0].Name}' and {scripts.Count - 1} more need")} '{programs}', "
            + (programs.Contains('/') ? "which is not there, or not executable." : "which is not installed or not on the PATH."),
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

    internal static Problem NotAnInterpreter(InterpreterDeclaration declaration) => new(
        "PSCR1016",
        declaration.Place,
        declaration.Extension.Contains('/')
            ? $"ScriptInterpreter '{declaration.Extension}' is a path, not an extension."
            : $"ScriptInterpreter '{declaration.Extension}' has no Command that says what runs such files.",
        "Write an extension and a command line: <ScriptInterpreter Include=\".lua\" Command=\"lua\" />.");

    internal static Problem SameOutput(Script script, Script other, string output) => new(
        "PSCR1017",
        script.Place,
        $"Script '{script.Name}' writes '{output}', and so does '{other.Name}' at {other.Place}.",
        "Let each script have Outputs of its own.");

    internal static Problem InputIsOutput(Script script, string file) => new(
        "PSCR1018",
        script.Place,
        $"Script '{script.Name}' has '{file}' in both Inputs and Outputs, so it could never be up to date.",
        "Write the result to another file, or remove the entry from one of the two.");

    internal static Problem UnknownChoice(Setting setting, string name, string? suggestion) => new(
        "PSCR1019",
        setting.Place,
        $"{setting.Name} names '{name}', but no script has that name.",
        suggestion is null ? "PlanAnalyses lists the names there are." : $"Did you mean '{suggestion}'?");

    internal static Problem NotTrueOrFalse(Setting setting) => new(
        "PSCR1020",
        setting.Place,
        $"{setting.Name} is '{setting.Value}', which is none of its values.",
        "Use one of: true, false.");

    internal static Problem AcceptWithoutOutputs(Script script, string missing) => new(
        "PSCR1021",
        script.Place,
        $"What script '{script.Name}' wrote cannot be accepted as up to date: {missing}.",
        "Run it, or take it out of ScriptsAccept.");

    internal static Problem OutputOutsideProject(Script script, string output) => new(
        "PSCR1022",
        script.Place,
        $"Script '{script.Name}' writes '{output}', which is outside the project's folder: CleanAnalyses does not remove that.",
        "Remove it by hand, or let the script write below the project's folder. Nothing has been removed.");

    /// <param name="place">Where the metadata is written.</param>
    public static Problem MisspeltMetadata(Place place, string metadata, string suggestion) => new(
        "PSCR1023",
        place,
        $"'{metadata}' is no metadata of a script, and would do nothing.",
        $"Did you mean '{suggestion}'?");

    internal static Problem NotALengthOfTime(Setting setting, string wrong) =>
        NotALengthOfTime(setting.Place, $"{setting.Name} is '{setting.Value}'", wrong);

    internal static Problem NotALengthOfTime(Script script, string metadata, string value, string wrong) =>
        NotALengthOfTime(script.Place, $"Script '{script.Name}' has {metadata} '{value}'", wrong);

    private static Problem NotALengthOfTime(Place place, string who, string wrong) => new(
        "PSCR1024",
        place,
        $"{who}, which is not a length of time: {wrong}.",
        "Write it as 90s, 10m, 1h30m, 250ms or hh:mm:ss; a plain number is milliseconds.");

    internal static Problem ExitedNonZero(Script script, Launch launch, ProcessEnd end, string? logFile) => new(
        "PSCR2001",
        script.Place,
        $"Script '{script.Name}' {Deaths.Describe(end)}.",
        $"{(logFile is null ? "It printed nothing." : $"Its output is in {logFile}.")} {ByHand(launch)}");

    internal static Problem KilledBySignal(Script script, Launch launch, ProcessEnd end, string? logFile) => new(
        "PSCR2002",
        script.Place,
        $"Script '{script.Name}' {Deaths.Describe(end)}.",
        $"{(logFile is null ? "It printed nothing." : $"Its output is in {logFile}.")} {ByHand(launch)}");

    internal static Problem NotStarted(Script script, Launch launch, string reason) => new(
        "PSCR2003",
        script.Place,
        $"Script '{script.Name}' could not be started: {reason.TrimEnd('.')}.",
        ByHand(launch));

    internal static Problem NotCompiled(Script script, Launch launch, string? logFile) => new(
        "PSCR2004",
        script.Place,
        $"Script '{script.Name}' does not compile.",
        $"{(logFile is null ? "" : $"What the compiler said is in {logFile}. ")}{ByHand(launch)}");

    internal static Problem OutputNotWritten(Script script, string output) => new(
        "PSCR2005",
        script.Place,
        $"Script '{script.Name}' succeeded, but did not write '{output}', which it has in Outputs.",
        "Correct Outputs, or the script.");

    internal static Problem WouldRun(Script script, string reason, bool mayRun) => new(
        "PSCR2006",
        script.Place,
        $"Script '{script.Name}' {(mayRun ? "may have to run" : "is not up to date")}: {reason}.",
        "Run it without -question. What it writes, together with the state directory, is what -question looks for.");

    internal static Problem NotRun(Script script, string reason) => new(
        "PSCR2007",
        script.Place,
        $"Script '{script.Name}' could not be run to its end: {reason.TrimEnd('.')}.",
        "Mend what this says, and run again.");

    internal static Problem OrphansEnded(RunPlace place, IReadOnlyList<LeftProcess> left) => new(
        "PSCR2020",
        new Place(place.Project),
        $"An earlier run was killed and left {Listed(left)} running.",
        left.Count == 1 ? "It has been ended." : "They have been ended.")
    {
        IsWarning = true,
    };

    internal static Problem LeftRunning(Script script, IReadOnlyList<LeftProcess> left) => new(
        "PSCR2021",
        script.Place,
        $"Script '{script.Name}' ended and left {Listed(left)} running, which {(left.Count == 1 ? "has" : "have")} been ended.",
        "Let the script end what it starts, or wait for it. What is to outlive a run has to be started outside of it.")
    {
        IsWarning = true,
    };

    internal static Problem BuildInterrupted(RunPlace place, string signal) => new(
        "PSCR2022",
        new Place(place.Project),
        $"The build was told to end by {signal}: running scripts have been ended, and the rest has not been started.",
        "The next run does what has not finished.");

    internal static Problem Undying(Script script, IReadOnlyList<LeftProcess> left) => new(
        "PSCR2023",
        script.Place,
        $"Script '{script.Name}' has ended for us, but {Listed(left)} {(left.Count == 1 ? "does" : "do")} not die, though killed.",
        "Look what it waits for: a frozen control group, a dead network disk or a debugger. The next run tries again.")
    {
        IsWarning = true,
    };

    internal static Problem StateNotWritable(RunPlace place, string reason) => new(
        "PSCR3001",
        new Place(place.Project),
        $"Nothing can be written to the state directory '{place.StateDirectory}': {reason.TrimEnd('.')}.",
        "Make it writable, or set ScriptsStateDirectory to a folder that is.");

    internal static Problem AnotherRun(RunPlace place, string holder) => new(
        "PSCR3002",
        new Place(place.Project),
        $"Another run uses '{place.StateDirectory}': {holder}.",
        "Wait for it, or leave ScriptsWait at true so that this run waits.");

    internal static Problem RunInsideItself(RunPlace place) => new(
        "PSCR3002",
        new Place(place.Project),
        $"Another run uses '{place.StateDirectory}': the one that started this one, by a script that waits for it.",
        "Let the script build something else, or give the run inside it a ScriptsStateDirectory of its own.");

    internal static Problem HistoryPutAside(RunPlace place, string file, string reason) => new(
        "PSCR3003",
        new Place(place.Project),
        $"The history of earlier runs cannot be used: {reason}.",
        $"It was moved to '{file}'; this run goes on as if it were the first.")
    {
        IsWarning = true,
    };

    internal static Problem StateNotRecorded(RunPlace place, string reason) => new(
        "PSCR3004",
        new Place(place.Project),
        $"What was run could not be recorded in '{place.StateDirectory}': {reason.TrimEnd('.')}.",
        "Scripts whose record is missing run again next time.")
    {
        IsWarning = true,
    };

    private static string Listed(IReadOnlyList<LeftProcess> processes)
    {
        const int Most = 5;
        return (processes.Count == 1 ? "process " : "processes ") + string.Join(", ", processes.Take(Most))
            + (processes.Count > Most ? $" and {processes.Count - Most} more" : "");
    }

    private static string ByHand(Launch launch) =>
        $"To run it by hand, in '{launch.WorkingDirectory}': {string.Concat(launch.Environment.Select(variable => $"{variable.Key}={CommandLine.Show([variable.Value])} "))}{CommandLine.Show(launch.CommandForPeople)}";
}
