namespace ParallelScripts;

/// <summary>
/// Finds the value of each name in <see cref="Script.SecretVariables"/>: in the script's own variables, in the environment, in the
/// project's user secrets, in this order. Says what has none, what is no secret any more, and what cannot be masked.
/// </summary>
internal sealed class SecretLookup(RunRequest request, ICollection<Problem> problems)
{
    private readonly Lazy<UserSecrets> _userSecrets = new(() => UserSecrets.Read(request.UserSecretsId, request.Environment));

    /// <summary>Scripts by the names that have no value for them: one message a name, not one a script.</summary>
    private readonly Dictionary<string, List<Script>> _missing = [];

    /// <summary>Values by their names, each with the first script that has it.</summary>
    private readonly Dictionary<(string Name, string Value), Script> _found = [];

    /// <summary>Each launch with the secrets of its script.</summary>
    /// <param name="scripts">The scripts that take part.</param>
    /// <param name="launches">How each of them is started.</param>
    public IReadOnlyList<Launch> AddTo(IReadOnlyList<Script> scripts, IReadOnlyList<Launch> launches)
    {
        if (scripts.All(script => script.SecretVariables.Count == 0))
        {
            return launches;
        }

        var withSecrets = launches.Select((launch, i) => AddTo(scripts[i], launch)).ToArray();
        foreach (var (name, needing) in _missing)
        {
            var known = request.Environment.Keys.Concat(_userSecrets.Value.Names).Concat(needing[0].EnvironmentVariables.Select(pair => pair.Split('=')[0].Trim()));
            problems.Add(Problems.SecretWithoutValue(needing, name, _userSecrets.Value.Trouble, Spelling.Closest(name, known), request.UserSecretsId != ""));
        }

        foreach (var ((name, value), script) in _found)
        {
            if (!Secrets.CanBeMasked(value))
            {
                problems.Add(Problems.SecretTooShort(script, name));
            }
            else
            {
                TellIfOpen(scripts, name, value);
            }
        }

        return withSecrets;
    }

    /// <summary>All that were found, to be masked from now on.</summary>
    public Secrets Found => _found.Count == 0 ? Secrets.None : field ??= new Secrets(_found.Keys.Select(found => found.Value));

    private Launch AddTo(Script script, Launch launch)
    {
        if (script.SecretVariables.Count == 0)
        {
            return launch;
        }

        var environment = new Dictionary<string, string>(launch.Environment);
        var secrets = new Dictionary<string, string>();
        foreach (var name in script.SecretVariables.Distinct())
        {
            if (name.Contains('='))
            {
                problems.Add(Problems.SecretIsAPair(script, name.Split('=')[0].Trim()));
            }
            else if (ValueOf(name, launch) is not { } value)
            {
                if (!_missing.TryGetValue(name, out var needing))
                {
                    _missing[name] = needing = [];
                }

                needing.Add(script);
            }
            else
            {
                environment[name] = secrets[name] = value;
                if (value != "")
                {
                    _found.TryAdd((name, value), script);
                }
            }
        }

        return launch with { Environment = environment, Secrets = secrets };
    }

    private string? ValueOf(string name, Launch launch) =>
        launch.Environment.TryGetValue(name, out var own) ? own
        : request.Environment.TryGetValue(name, out var inherited) && inherited != "" ? inherited
        : _userSecrets.Value.Find(name) is { Length: > 0 } kept ? kept
        : null;

    /// <summary>What a project declares, and what a build is given, stands in the build's own logs before we see it.</summary>
    private void TellIfOpen(IReadOnlyList<Script> scripts, string name, string value)
    {
        var secret = value.Trim();
        foreach (var script in scripts)
        {
            if (Metadata(script).FirstOrDefault(metadata => metadata.Value.Contains(secret, StringComparison.Ordinal)) is { Name: { } metadata })
            {
                problems.Add(Problems.SecretInMetadata(script, name, metadata));
                return;
            }
        }

        foreach (var (property, given) in request.GivenProperties)
        {
            if (given.Contains(secret, StringComparison.Ordinal))
            {
                problems.Add(Problems.SecretInProperty(request.Place, name, property));
                return;
            }
        }

        if (request.Environment.GetValueOrDefault(name) == value && request.PlaceReading(name) is { } place)
        {
            problems.Add(Problems.SecretReadByProject(place, name));
        }
    }

    private static IEnumerable<(string Name, string Value)> Metadata(Script script) =>
    [
        (nameof(Script.EnvironmentVariables), string.Join(';', script.EnvironmentVariables)),
        (nameof(Script.Arguments), script.Arguments),
        (nameof(Script.Command), script.Command),
        (nameof(Script.Interpreter), script.Interpreter),
        (nameof(Script.WorkingDirectory), script.WorkingDirectory),
        (nameof(Script.Name), script.Name),
        (nameof(Script.Include), script.Include),
        (nameof(Script.Inputs), string.Join(';', script.Inputs)),
        (nameof(Script.Outputs), string.Join(';', script.Outputs)),
        (nameof(Script.DependsOn), string.Join(';', script.DependsOn)),
    ];
}
