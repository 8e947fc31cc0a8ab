namespace ParallelScripts;

/// <summary>
/// Starts what a shim would start, without the shim: its answer is asked for once a run, when the first script has to run, and not at all
/// while the history remembers it. Wherever it could answer otherwise for a script, that script is started through it.
/// </summary>
internal sealed class RealInterpreters(InterpreterIdentity interpreters, RunPlace place, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>How to start a script: as it was found to be, or with the real interpreter in place of a shim.</summary>
    public Launch SeeThrough(Script script, Launch launch)
    {
        if (script.Command != "" || launch.CSharpFile is not null || interpreters.ShimAt(launch.Program) is not { } shim || !AnswersAsInTheProject(script, launch, shim)
            || interpreters.Of(launch.Program).Program is not { } real || real == launch.Program)
        {
            return launch;
        }

        // As the managers do: what is installed beside an interpreter is found before what is elsewhere. That of the system is in no folder of theirs.
        return !real.StartsWith(shim.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? launch with { Program = real }
            : launch with { Program = real, Environment = new Dictionary<string, string>(launch.Environment) { ["PATH"] = Path.GetDirectoryName(real) + Path.PathSeparator + Inherited(launch, "PATH") } };
    }

    /// <summary>The shim was asked in the project's folder, and in the environment of the run.</summary>
    private bool AnswersAsInTheProject(Script script, Launch launch, Shim shim)
    {
        var decides = shim.Manager.ToUpperInvariant() + "_";
        if (launch.Environment.Keys.Any(name => name == "PATH" || name.StartsWith(decides, StringComparison.Ordinal)))
        {
            return false;
        }

        // Some look in the folder of the script first.
        var files = InterpreterIdentity.VersionFilesFor(place.ProjectDirectory);
        var file = Path.GetFullPath(script.Include, place.ProjectDirectory);
        return SeesTheSame(launch.WorkingDirectory, files) && SeesTheSame(Path.GetDirectoryName(file)!, files);
    }

    private bool SeesTheSame(string folder, IReadOnlyList<string> files) =>
        folder == place.ProjectDirectory || InterpreterIdentity.VersionFilesFor(folder).SequenceEqual(files);

    private string Inherited(Launch launch, string name) =>
        launch.Environment.TryGetValue(name, out var own) ? own : environment.GetValueOrDefault(name) ?? "";
}
