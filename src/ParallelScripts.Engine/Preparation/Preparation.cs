namespace ParallelScripts;

/// <summary>Checks a request whole, so that either everything that is wrong with it is said at once, or it can run.</summary>
public static class Preparation
{
    /// <summary>Prepares, or adds every problem to <paramref name="problems"/> and gives null.</summary>
    /// <param name="ahead">What has been read of the request's place already, if something was.</param>
    public static PreparedRun? TryPrepare(RunRequest request, ICollection<Problem> problems, ReadAhead? ahead = null)
    {
        ahead ??= ReadAhead.From(request.Place);
        var found = new List<Problem>();
        var secrets = new SecretLookup(request, found);
        var run = TryPrepare(request, ahead, secrets, found);
        foreach (var problem in found)
        {
            problems.Add(secrets.Found.Mask(problem));
        }

        return run;
    }

    private static PreparedRun? TryPrepare(RunRequest request, ReadAhead ahead, SecretLookup secrets, List<Problem> problems)
    {
        var options = OptionReader.Read(request, problems);
        OptionReader.Check(request.Scripts, problems);

        // Where all scripts take part, files are looked up while another core builds the graph.
        var launchProblems = new List<Problem>();
        var all = string.IsNullOrWhiteSpace(request.Only.Value) && string.IsNullOrWhiteSpace(request.From.Value)
            ? Task.Run(() => new LaunchResolver(request, ahead, launchProblems).Resolve(request.Scripts))
            : null;
        var names = new NameIndex(request.Scripts);
        var project = ScriptGraph.TryBuild(request.Scripts, names, ahead.Files, problems);
        var selection = project is null ? null : new Selection(project, names, request, problems);

        // Without a graph nobody knows what takes part; what is wrong with any script is worth saying then.
        var chosen = selection is null || selection.Chosen.Count == request.Scripts.Count ? request.Scripts : [.. selection.Chosen.Select(script => request.Scripts[script])];
        var launches = all?.GetAwaiter().GetResult() ?? new LaunchResolver(request, ahead, launchProblems).Resolve(chosen);
        launchProblems.ForEach(problems.Add);
        launches = secrets.AddTo(chosen, launches);
        var failureRules = chosen.Select(script => FailureRulesReader.Read(script, problems)).ToArray();
        var placing = new PlacementReader(request, problems);
        var placements = chosen.Select(placing.Read).ToArray();
        var isAllHere = Array.TrueForAll(placements, placement => placement.Executor == ExecutorKind.Local);
        var reader = new DemandReader(request.Pools, options.Slots, request.Memory, problems);
        var slurm = isAllHere ? 0 : reader.AddPool(new ScriptPool(nameof(RunRequest.SlurmMaxJobs), placing.Settings.MaxJobs));
        var demands = chosen.Select((script, number) => placements[number].Executor == ExecutorKind.Local ? reader.Read(script) : reader.ReadElsewhere(script, slurm)).ToArray();
        HandoverCheck.Check(request, chosen, placements, placing.Settings, problems);
        SlurmHere.Check(request, chosen, placements, problems);
        if (problems.Exists(problem => !problem.IsWarning))
        {
            return null;
        }

        return new PreparedRun
        {
            Graph = selection!.Chosen.Count == project!.Count ? project : project.Only(selection.Chosen),
            Project = project,
            NumbersInProject = selection.Chosen,
            Launches = launches,
            FailureRules = failureRules,
            Demands = demands.Any(demand => demand != Demand.Default) ? demands : [],
            Cores = demands.Any(demand => demand.Cores != 1) ? [.. demands.Select(demand => demand.Cores)] : [],
            Pools = reader.Pools,
            Placements = isAllHere ? [] : placements,
            Slurm = placing.Settings,
            Memory = request.Memory,
            Forced = selection.Forced,
            Accepted = selection.Accepted,
            Secrets = secrets.Found,
            Options = options,
            Place = request.Place,
            Ahead = ahead,
        };
    }
}
