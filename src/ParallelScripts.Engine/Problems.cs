using System.Globalization;

namespace ParallelScripts;

/// <summary>
/// Every message this package can give, in code order. 1xxx: what you wrote. 2xxx: what ran.
/// 3xxx: state on disk. 4xxx: the cluster. Each code has a page, docs/problems/{code}.md. Two more, PSCR1010 and PSCR4023, are
/// given by ParallelScripts.targets, before there is a task to give them.
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
        "Set it to a whole number from 0 up; 0 means as many as the build has cores for.");

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
        // It may be the rest of a secret with a ; in it.
        $"Script '{script.Name}' has '{(script.SecretVariables.Count > 0 ? "***" : pair)}' in EnvironmentVariables, which is not NAME=value.",
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

    internal static Problem NotATimeout(Script script, string wrong) =>
        NotALengthOfTime(script.Place, $"Script '{script.Name}' has Timeout '{script.Timeout}'", wrong, " Or as a percentage of what the script usually takes, such as 400%.");

    private static Problem NotALengthOfTime(Place place, string who, string wrong, string orElse = "") => new(
        "PSCR1024",
        place,
        $"{who}, which is not a length of time: {wrong}.",
        $"Write it as 90s, 10m, 1h30m, 250ms or hh:mm:ss; a plain number is milliseconds.{orElse}");

    /// <param name="scripts">All that need it, at least one.</param>
    /// <param name="trouble">Why the user secrets cannot be read, if so.</param>
    internal static Problem SecretWithoutValue(IReadOnlyList<Script> scripts, string name, string? trouble, string? suggestion, bool hasUserSecrets) => new(
        "PSCR1025",
        scripts[0].Place,
        $"{(scripts.Count == 1 ? $"Script '{scripts[0].Name}' needs" : $"Script '{scripts[0].Name}' and {scripts.Count - 1} more need")} the secret '{name}', which has no value: "
            + (trouble is null ? "it is neither in the environment nor in the project's user secrets." : $"it is not in the environment, and {trouble}."),
        trouble is not null ? "Mend that file, or set the environment variable."
            : suggestion is not null ? $"Did you mean '{suggestion}'?"
            : hasUserSecrets ? $"Set the environment variable, or run 'dotnet user-secrets set {name.Replace("__", ":", StringComparison.Ordinal)} <value>'."
            : $"Set the environment variable, or run 'dotnet user-secrets init' and 'dotnet user-secrets set {name.Replace("__", ":", StringComparison.Ordinal)} <value>'.");

    internal static Problem SecretIsAPair(Script script, string name) => new(
        "PSCR1025",
        script.Place,
        $"Script '{script.Name}' has a value for '{name}' in SecretVariables, which takes names only.",
        $"Write '{name}', and set the environment variable or run 'dotnet user-secrets set'; what stands in the project is not secret.");

    internal static Problem SecretInMetadata(Script script, string name, string metadata) => new(
        "PSCR1026",
        script.Place,
        $"The value of the secret '{name}' stands in {metadata} of script '{script.Name}', which the build writes into its own logs.",
        $"Take it out there, and let '{name}' come from the environment or the project's user secrets.")
    {
        IsWarning = true,
    };

    internal static Problem SecretInProperty(RunPlace place, string name, string property) => new(
        "PSCR1026",
        new Place(place.Project),
        $"The value of the secret '{name}' was given as property '{property}', which the build writes into its own logs.",
        $"Do not give the property, and let '{name}' come from the environment or the project's user secrets.")
    {
        IsWarning = true,
    };

    internal static Problem SecretReadByProject(Place place, string name) => new(
        "PSCR1026",
        place,
        $"The project itself reads the environment variable '{name}', which is secret, and the build writes what it reads into its own logs.",
        "Let only the script read it: an environment variable in SecretVariables need not stand anywhere else.")
    {
        IsWarning = true,
    };

    internal static Problem SecretTooShort(Script script, string name) => new(
        "PSCR1027",
        script.Place,
        $"The value of the secret '{name}' of script '{script.Name}' has fewer than {Secrets.ShortestMasked} characters, so it is not masked where scripts print it.",
        "Use a longer one, or take it out of SecretVariables if it is not secret.")
    {
        IsWarning = true,
    };

    internal static Problem NotRetries(Script script, int most) => new(
        "PSCR1028",
        script.Place,
        $"Script '{script.Name}' has Retries '{script.Retries}', which is not a number of retries.",
        string.Create(CultureInfo.InvariantCulture, $"Set it to a whole number from 0 to {most}: how often the script is tried again when it fails."));

    internal static Problem NotCores(Script script) => new(
        "PSCR1030",
        script.Place,
        $"Script '{script.Name}' has Cores '{script.Cores}', which is not a number of slots.",
        "Set it to a whole number from 1 up: how many slots it fills while it runs.");

    internal static Problem NotAnAmountOfMemory(Script script, string wrong) => new(
        "PSCR1031",
        script.Place,
        $"Script '{script.Name}' has Memory '{script.Memory}', which is not an amount of memory: {wrong}.",
        SizeText.HowTo);

    internal static Problem NotMinFreeMemory(Setting setting) => new(
        "PSCR1031",
        setting.Place,
        $"{setting.Name} is '{setting.Value}', which is neither an amount of memory nor a percentage below 100.",
        "Write it as 512MB, 2GB, 1.5GiB or 10%; 0 lets scripts start however little is free.");

    internal static Problem UnknownPool(Script script, string pool, string? suggestion) => new(
        "PSCR1032",
        script.Place,
        $"Script '{script.Name}' needs a place in pool '{pool}', but no ScriptPool has that name.",
        suggestion is null ? $"Add <ScriptPool Include=\"{pool}\" Depth=\"1\" />, or remove it from Pool." : $"Did you mean '{suggestion}'?");

    internal static Problem NotADepth(PoolDeclaration pool) => new(
        "PSCR1033",
        pool.Place,
        $"ScriptPool '{pool.Name}' has Depth '{pool.Depth}', which is not a number of scripts.",
        "Set it to a whole number from 1 up: how many scripts have a place in it at once.");

    internal static Problem SamePool(PoolDeclaration pool) => new(
        "PSCR1033",
        pool.Place,
        $"There are two ScriptPools named '{pool.Name}'.",
        "Remove one, or write Update instead of a second Include.");

    internal static Problem MoreCoresThanSlots(Script script, int slots) => new(
        "PSCR1034",
        script.Place,
        $"Script '{script.Name}' needs {script.Cores} slots, and there {(slots == 1 ? "is 1" : string.Create(CultureInfo.InvariantCulture, $"are {slots}"))}: it could never start.",
        "Lower its Cores, or raise ScriptsMaxDegreeOfParallelism.");

    internal static Problem MoreMemoryThanThereIs(Script script, long total) => new(
        "PSCR1034",
        script.Place,
        $"Script '{script.Name}' needs {script.Memory} of memory, and there are {Sizes.Show(total)}: it could never start.",
        "Lower its Memory, or run it on a larger machine.");

    internal static Problem NotAPriority(Script script) => new(
        "PSCR1035",
        script.Place,
        $"Script '{script.Name}' has Priority '{script.Priority}', which is not a whole number.",
        "Set it to a whole number; higher starts first, 0 is what a script has that sets none, and it may be negative.");

    internal static Problem NoJobServerHere(Setting setting) => new(
        "PSCR1037",
        setting.Place,
        $"{setting.Name} is '{setting.Value}', and on this system there is no job server for what runs inside scripts.",
        "It needs Linux; set it with a Condition, such as $([MSBuild]::IsOSPlatform('Linux')).")
    {
        IsWarning = true,
    };

    internal static Problem NoSuchRun(Setting setting, IReadOnlyList<string> last) => new(
        "PSCR1040",
        setting.Place,
        $"{setting.Name} is '{setting.Value}', and no report of such a run is in the history.",
        last.Count == 0 ? "There is none of any run yet: run the scripts first." : $"The last runs are {string.Join(", ", last)}; without {setting.Name} you get the report of the last.");

    /// <param name="why">What is wrong with the history; null if it merely has no report.</param>
    internal static Problem NothingToReport(RunPlace place, string? why = null) => new(
        "PSCR1041",
        new Place(place.Project),
        why is null
            ? $"There is nothing to report: no run of these scripts is in the history in '{place.StateDirectory}'."
            : $"There is nothing to report: the history in '{place.StateDirectory}' cannot be read: {why}.",
        "Run the scripts with -t:RunAnalyses; each run writes its report.");

    internal static Problem OptionIsOurs(Script script, string option) => new(
        "PSCR1050",
        script.Place,
        $"Script '{script.Name}' has '{option}' in SlurmOptions, which we say to sbatch ourselves.",
        "Remove it; docs/slurm.md has what to write in place of it.");

    internal static Problem NotAnOptionOfSlurm(Script script, string word) => new(
        "PSCR1051",
        script.Place,
        $"Script '{script.Name}' has SlurmOptions that begin with '{word}', which is no option.",
        "Write options of sbatch, such as --partition=long --gres=gpu:1.");

    internal static Problem NotANumberOfJobs(Setting setting) => new(
        "PSCR1052",
        setting.Place,
        $"{setting.Name} is '{setting.Value}', which is not a number of jobs.",
        "Set it to a whole number from 1 up: how many jobs wait in the queue or run at once.");

    internal static Problem NotAVariableOfAShell(Script script, string variable) => new(
        "PSCR1053",
        script.Place,
        $"Script '{script.Name}' sets the environment variable '{variable}', whose name no shell can set: it cannot be handed to a job.",
        "Use letters, digits and _ only, or let the script run on this machine with Executor=\"Local\".");

    internal static Problem ExitedNonZero(Script script, Launch launch, ProcessEnd end, LogReference log) => new(
        "PSCR2001",
        script.Place,
        $"Script '{script.Name}' {Deaths.Describe(end)}.",
        $"{log} {ByHand(launch)}");

    /// <param name="place">Where the script itself says that it went wrong.</param>
    /// <param name="text">What it says.</param>
    /// <param name="ended">How it ended.</param>
    internal static Problem OwnError(Place place, string text, Problem ended) => new(
        "PSCR2001",
        place,
        text.AsSpan().TrimEnd("\"')’") is [.., '.' or '!' or '?' or '…'] ? text : text + ".",
        ended.ToString());

    internal static Problem KilledBySignal(Script script, Launch launch, ProcessEnd end, LogReference log) => new(
        "PSCR2002",
        script.Place,
        $"Script '{script.Name}' {Deaths.Describe(end)}.",
        $"{log} {ByHand(launch)}");

    internal static Problem NotStarted(Script script, Launch launch, string reason) => new(
        "PSCR2003",
        script.Place,
        $"Script '{script.Name}' could not be started: {reason.TrimEnd('.')}.",
        ByHand(launch));

    internal static Problem NotCompiled(Script script, Launch launch, LogReference log) => new(
        "PSCR2004",
        script.Place,
        $"Script '{script.Name}' does not compile.",
        $"{(log.File is null ? "" : $"What the compiler said is in {log.File}. ")}{ByHand(launch)}");

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

    /// <param name="percent">Of which share of its median <paramref name="limit"/> is, or null if it was given as a time.</param>
    internal static Problem TimedOut(Script script, Launch launch, TimeSpan limit, double? percent, LogReference log) => new(
        "PSCR2008",
        script.Place,
        $"Script '{script.Name}' was ended because it ran longer than its Timeout of {Durations.Show(limit.TotalSeconds)}{(percent is { } of ? string.Create(CultureInfo.InvariantCulture, $" ({of}% of what it usually takes)") : "")}.",
        $"{log} {ByHand(launch)}");

    /// <summary>A warning that a script printed, by its own code if it has one.</summary>
    internal static Problem PrintedWarning(Place place, string code, string text, Script script) => new(
        code == "" ? "PSCR2010" : code,
        place,
        text,
        code == "" ? $"[{script.Name}]" : "")
    {
        IsWarning = true,
    };

    internal static Problem MoreWarnings(Script script, int count) => new(
        "PSCR2010",
        script.Place,
        $"Script '{script.Name}' printed {count} more warning{(count == 1 ? "" : "s")} than are shown here.",
        "The log file has them.")
    {
        IsWarning = true,
    };

    /// <summary>An error that a script printed in the form of build tools, by its own code if it has one.</summary>
    internal static Problem PrintedError(Place place, string code, string text, Script script) => new(
        code == "" ? "PSCR2011" : code,
        place,
        text,
        code == "" ? $"[{script.Name}]" : "");

    internal static Problem MoreErrors(Script script, int count) => new(
        "PSCR2011",
        script.Place,
        $"Script '{script.Name}' printed {count} more error{(count == 1 ? "" : "s")} than are shown here.",
        "The log file has them.");

    internal static Problem SucceededWithErrors(Script script, int count) => new(
        "PSCR2012",
        script.Place,
        $"Script '{script.Name}' exited with code 0, but printed {(count == 1 ? "an error" : $"{count} errors")}.",
        "Repair what the lines above say. If they are no errors, set IgnoreStandardErrorWarningFormat=\"true\" on it, or take the code out of WarningsAsErrors.");

    internal static Problem OutputNotLogged(Script script, string logFile, string reason) => new(
        "PSCR2014",
        script.Place,
        $"What script '{script.Name}' printed could not all be written to its log '{logFile}': {reason.TrimEnd('.')}.",
        "Make room or give the right to write there; or, as the run goes on all the same, pass over this, which is said once a run.")
    {
        IsWarning = true,
    };

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

    internal static Problem NotRemoved(RunPlace place, string reason) => new(
        "PSCR3005",
        new Place(place.Project),
        $"Not everything could be removed: {reason.TrimEnd('.')}.",
        "Mend what this says, and clean again.");

    internal static Problem BesideReportNotWritten(RunPlace place, string file, string why) => new(
        "PSCR3020",
        new Place(place.Project),
        $"What belongs to the report cannot be written to '{file}': {why.TrimEnd('.')}.",
        "Close the program that holds the file, or free the disk, and write it with -t:ReportAnalyses.")
    {
        IsWarning = true,
    };

    internal static Problem StepSummaryNotWritten(RunPlace place, string file, string why) => new(
        "PSCR3021",
        new Place(place.Project),
        $"The summary for the page of this job cannot be appended to '{file}': {why.TrimEnd('.')}.",
        $"It is in '{Path.Combine(place.StateDirectory, RunSummary.FileName)}'; look whether {StepSummary.Variable} names a file that can be written.")
    {
        IsWarning = true,
    };

    internal static Problem GraphNotWritten(RunPlace place, string why) => new(
        "PSCR3022",
        new Place(place.Project),
        $"The graph cannot be written to '{place.StateDirectory}': {why.TrimEnd('.')}.",
        "Mend what this says, and call GraphAnalyses again.");

    internal static Problem ReportNotWritten(RunPlace place, string why) => new(
        "PSCR3023",
        new Place(place.Project),
        $"The report cannot be written to '{Reports.FileOf(place.StateDirectory)}': {why.TrimEnd('.')}.",
        "Close the program that holds the file, or free the disk, and write it with -t:ReportAnalyses.")
    {
        IsWarning = true,
    };

    internal static Problem ProgressNotWritten(RunPlace place, string why) => new(
        "PSCR3024",
        new Place(place.Project),
        $"How far the run is cannot be written to '{ProgressFile.FileOf(place.StateDirectory)}': {why.TrimEnd('.')}.",
        "Close the program that holds the file, or free the disk. The scripts run all the same.")
    {
        IsWarning = true,
    };

    /// <param name="script">The first of those that need it.</param>
    internal static Problem NoSlurmHere(Script script, int count) => new(
        "PSCR4001",
        script.Place,
        $"Script '{script.Name}' {(count == 1 ? "is" : string.Create(CultureInfo.InvariantCulture, $"and {count - 1} more are"))} to run on Slurm, but there is no 'sbatch' on the PATH.",
        "Start the build on a machine of the cluster that jobs are submitted from, or run the scripts here with ScriptsExecutor=Local.");

    internal static Problem SlurmSilentFor(Script script, string said, TimeSpan patience) => new(
        "PSCR4002",
        script.Place,
        $"Nothing is known of the job of script '{script.Name}': Slurm has not answered for {Durations.Show(patience.TotalSeconds)}, and said '{said}'.",
        "The job may go on; the next run takes it over. Run again when Slurm answers, or raise SlurmPatience.");

    internal static Problem NotTaken(Script script, string said, TimeSpan patience) => new(
        "PSCR4002",
        script.Place,
        $"The job of script '{script.Name}' was not submitted: Slurm has taken none for {Durations.Show(patience.TotalSeconds)}, and said '{said}'.",
        "Run again when it does, or raise SlurmPatience.");

    internal static Problem RefusedBySlurm(Script script, string said) => new(
        "PSCR4003",
        script.Place,
        $"Slurm does not take the job of script '{script.Name}': {said}.",
        "Correct SlurmOptions, Cores, Memory or Timeout; 'sinfo' and 'sacctmgr show assoc user=$USER' list what there is.");

    internal static Problem FolderNotShared(Script script, string node, string folder) => new(
        "PSCR4004",
        script.Place,
        $"Node '{node}' does not see '{folder}', so nothing that a job of script '{script.Name}' does there arrives here.",
        "Put the project, and ScriptsStateDirectory, where all nodes see them under the same path, or leave nodes out with --exclude in SlurmOptions.");

    internal static Problem OutOfSlurmsMemory(Script script, string node, LogReference log) => new(
        "PSCR4005",
        script.Place,
        $"Script '{script.Name}' was killed on node '{node}': it took more memory than its job had{(script.Memory == "" ? "" : $", {script.Memory}")}.",
        $"Raise its Memory. {log}");

    internal static Problem NodeLost(Script script, string node, string state, LogReference log) => new(
        "PSCR4006",
        script.Place,
        $"The job of script '{script.Name}' was lost while it ran{(node == "" ? "" : $" on node '{node}'")}: {state}.",
        $"Run again; or set its Retries, and it is tried again elsewhere. {log}");

    internal static Problem CanceledInSlurm(Script script, string id, LogReference log) => new(
        "PSCR4007",
        script.Place,
        $"The job of script '{script.Name}' ({id}) was cancelled, and not by this run.",
        $"Ask who did, perhaps yourself with scancel, and run again. {log}");

    internal static Problem NeverStarts(Script script, string id, string reason) => new(
        "PSCR4008",
        script.Place,
        $"The job of script '{script.Name}' ({id}) would wait for ever: {reason}.",
        "It has been cancelled. Correct what the reason says, in SlurmOptions or with whoever runs the cluster.");

    internal static Problem JobLost(Script script, LogReference log) => new(
        "PSCR4009",
        script.Place,
        $"The job of script '{script.Name}' began, and is not known to Slurm any more; it left no result.",
        $"Run again. If it happens often, ask whoever runs the cluster what becomes of jobs when slurmctld is restarted. {log}");

    internal static Problem Requeued(Script script, LogReference log) => new(
        "PSCR4010",
        script.Place,
        $"The job of script '{script.Name}' was put back into the queue by Slurm after it had begun; the script is not run a second time by itself.",
        $"Run again; or set its Retries. {log}");

    internal static Problem OutOfSlurmsTime(Script script, string node, LogReference log) => new(
        "PSCR4011",
        script.Place,
        $"Script '{script.Name}' was ended on node '{node}': it ran longer than jobs of that partition may by default.",
        $"Set its Timeout to what it needs. {log}");

    internal static Problem NeverBegan(Script script, QueuedJob? job, string said) => new(
        "PSCR4012",
        script.Place,
        $"The job of script '{script.Name}' ended before the script began{(job is null ? "" : $": {job.State} ({job.Reason}){(job.Node == "" ? "" : $" on node '{job.Node}'")}")}{(said == "" ? "" : $": {said}")}.",
        "It was submitted several times. Look at the node's slurmd log, or leave the node out with --exclude in SlurmOptions.");

    internal static Problem NoResult(Script script, QueuedJob? job, LogReference log) => new(
        "PSCR4012",
        script.Place,
        $"The job of script '{script.Name}' began and ended{(job is null ? "" : $" ({job.State}, {job.Reason}{(job.Node == "" ? "" : $", on node '{job.Node}'")})")}, and left no result.",
        $"Something killed the whole job, or the node cannot write to the state directory. {log}");

    internal static Problem NotOnNode(Script script, string node, string what, string path) => new(
        "PSCR4013",
        script.Place,
        $"Script '{script.Name}' cannot run on node '{node}': there is no {what} '{path}'.",
        "Put it where all nodes have it under the same path, or choose nodes that do with SlurmOptions.");

    internal static Problem SlurmSilent(RunPlace place, string said, TimeSpan patience) => new(
        "PSCR4014",
        new Place(place.Project),
        $"Slurm does not answer, or takes no jobs just now: {said}.",
        $"The run waits for it, up to {Durations.Show(patience.TotalSeconds)} (SlurmPatience). Jobs that run go on.")
    {
        IsWarning = true,
    };

    internal static Problem NoClusterHere(Script script, string said) => new(
        "PSCR4015",
        script.Place,
        $"Script '{script.Name}' is to run on Slurm, but 'sbatch' knows of no cluster: {said}.",
        "Start the build on a machine of the cluster that jobs are submitted from, or set SLURM_CONF to the cluster's slurm.conf.");

    internal static Problem NotHandedOver(Script script, string reason, int more = 0) => new(
        "PSCR4020",
        script.Place,
        $"Script '{script.Name}' has to run ({reason}){(more == 0 ? "" : $", and so {(more == 1 ? "has" : "have")} {more.ToString(CultureInfo.InvariantCulture)} more")}, on this machine: that cannot be handed over to Slurm with the rest.",
        "Run it first, with ScriptsOnly and SlurmSubmit=Ready, or let it run on Slurm too.");

    internal static Problem PoolNotHandedOver(Script script) => new(
        "PSCR4021",
        script.Place,
        $"Script '{script.Name}' has a place in pool '{script.Pool[0]}', which only the build can keep, and with SlurmSubmit=Whole it does not stay.",
        "Ask for a licence of the cluster in SlurmOptions (--licenses=NAME), or submit with SlurmSubmit=Ready.");

    internal static Problem AcceptedWhileHandedOver(Setting setting) => new(
        "PSCR4022",
        setting.Place,
        $"{setting.Name} is '{setting.Value}', and with SlurmSubmit=Whole nothing can be accepted: what the scripts before it will write is not known.",
        "Accept first, in a run with SlurmSubmit=Ready.");

    private static string Listed(IReadOnlyList<LeftProcess> processes)
    {
        const int Most = 5;
        return (processes.Count == 1 ? "process " : "processes ") + string.Join(", ", processes.Take(Most))
            + (processes.Count > Most ? $" and {processes.Count - Most} more" : "");
    }

    private static string ByHand(Launch launch) =>
        $"To run it by hand, in '{launch.WorkingDirectory}': {string.Concat(launch.Environment.Select(variable => $"{variable.Key}={(launch.Secrets.ContainsKey(variable.Key) ? "***" : CommandLine.Show([variable.Value]))} "))}{CommandLine.Show(launch.CommandForPeople)}";
}
