namespace ParallelScripts;

/// <summary>Finds for every script what starts it (file, interpreter, folder, environment), and everything that is not there.</summary>
internal sealed class LaunchResolver(RunRequest request, ReadAhead ahead, ICollection<Problem> problems)
{
    private readonly SearchPath _path = new(request.Environment);
    private readonly Interpreters _interpreters = new(request.Interpreters, problems);

    /// <summary>Scripts by the programs that are not installed for them: one message a program, not one a script.</summary>
    private readonly Dictionary<(string Programs, string Install), List<Script>> _missing = [];

    private static readonly Dictionary<string, string> _nothing = [];

    /// <summary>A larger file than scripts usually are is asked only for what is needed of it.</summary>
    private const int LargeFile = 256 * 1024;

    private IReadOnlyList<string>? _projectPython;

    /// <summary>How to start each of these scripts.</summary>
    public IReadOnlyList<Launch> Resolve(IEnumerable<Script> scripts)
    {
        var launches = scripts.Select(Resolve).ToArray();
        foreach (var ((programs, install), needing) in _missing)
        {
            problems.Add(Problems.MissingInterpreter(needing, programs, install));
        }

        return launches;
    }

    private Launch Resolve(Script script)
    {
        var directory = script.WorkingDirectory == "" ? request.Place.ProjectDirectory : Path.GetFullPath(script.WorkingDirectory, request.Place.ProjectDirectory);
        if (script.WorkingDirectory != "" && !Directory.Exists(directory))
        {
            problems.Add(Problems.MissingWorkingDirectory(script));
        }

        var (command, csharpFile) = script.Command != "" ? (ShellCommand(script), null) : FileCommand(script);
        return new Launch
        {
            Program = command[0],
            Arguments = ArgumentsOf(script, command),
            InterpreterOptions = script.Command == "" && command.Count > 2 ? CommandLine.Show(command.Skip(1).SkipLast(1)) : "",
            WorkingDirectory = directory,
            Environment = EnvironmentOf(script),
            CSharpFile = csharpFile,
        };
    }

    private List<string> ArgumentsOf(Script script, IReadOnlyList<string> command)
    {
        var own = Split(script, nameof(Script.Arguments), script.Arguments);
        var arguments = new List<string>(command.Count - 1 + own.Count);
        for (var i = 1; i < command.Count; i++)
        {
            arguments.Add(command[i]);
        }

        arguments.AddRange(own);
        return arguments;
    }

    private IReadOnlyList<string> ShellCommand(Script script)
    {
        var file = Path.GetFullPath(script.Include, request.Place.ProjectDirectory);
        foreach (var metadata in (string[])[.. script.Interpreter != "" ? [nameof(Script.Interpreter)] : Array.Empty<string>(), .. script.Arguments != "" ? [nameof(Script.Arguments)] : Array.Empty<string>()])
        {
            problems.Add(Problems.CommandAndMore(script, metadata));
        }

        if (File.Exists(file) && (InterpreterFor(Path.GetExtension(file)) is not null || LineOf(file) is not null || IsCSharp(file)))
        {
            problems.Add(Problems.CommandAndFile(script));
        }

        return OperatingSystem.IsWindows()
            ? [_path.Find("cmd", request.Place.ProjectDirectory) ?? "cmd.exe", "/d", "/s", "/c", script.Command]
            : ["/bin/sh", "-c", script.Command];
    }

    private (IReadOnlyList<string> Command, string? CSharpFile) FileCommand(Script script)
    {
        var file = ahead.Files.AbsoluteOf(ahead.Files.NameOf(script.Include));
        if (!Exists(file))
        {
            problems.Add(Problems.MissingFile(script, request.Place.ProjectDirectory, isFolder: Directory.Exists(file)));
            return ([file], null);
        }

        if (script.Interpreter != "")
        {
            var own = Split(script, nameof(Script.Interpreter), script.Interpreter);
            return own.Count == 0 ? ([file], null) : (Found(script, new Interpreter([own], "Install it, or correct Interpreter"), file), null);
        }

        var extension = Path.GetExtension(file);
        if (InterpreterFor(extension) is { } interpreter)
        {
            return (extension is ".sh" && _interpreters.Declared(extension) is null && LineOf(file) is { } ownLine
                ? Found(script, ByItsLine(ownLine), file)
                : Found(script, interpreter, file), null);
        }

        if (IsCSharp(file))
        {
            return ([Found(script, Dotnet, file)[0]], file);
        }

        if (LineOf(file) is { } line)
        {
            return (Found(script, ByItsLine(line), file), null);
        }

        if (SearchPath.IsExecutable(file))
        {
            return ([file], null);
        }

        problems.Add(Problems.NoInterpreter(script));
        return ([file], null);
    }

    /// <summary>Whether there is such a file.</summary>
    private bool Exists(string file)
    {
        try
        {
            return ahead.Hashes.TryQuickly(ahead.Files.NameOf(file), LargeFile, out var hash) ? hash is not null : FileStamp.Of(file) is not null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // What runs it will say why not.
            return true;
        }
    }

    /// <summary>The interpreter and arguments that the file names itself, or null.</summary>
    private IReadOnlyList<string>? LineOf(string file)
    {
        var name = ahead.Files.NameOf(file);
        try
        {
            return Shebang.Parse((ahead.Hashes.TryQuickly(name, LargeFile, out _) ? ahead.Hashes.ShebangOf(name) : Shebang.Read(file)) ?? "");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private Interpreter? InterpreterFor(string extension)
    {
        if (_interpreters.Declared(extension) is { } declared)
        {
            return declared;
        }

        var builtIn = Interpreters.BuiltIn(extension);
        return builtIn is not null && IsPython(extension) ? builtIn with { Candidates = [.. ProjectPython, .. builtIn.Candidates] } : builtIn;
    }

    private static bool IsPython(string file) => Path.GetExtension(file).Equals(".py", StringComparison.OrdinalIgnoreCase);

    private static bool IsCSharp(string file) => Path.GetExtension(file).Equals(".cs", StringComparison.OrdinalIgnoreCase);

    private static Interpreter ByItsLine(IReadOnlyList<string> line) => new([line], "Install it, or correct the #! line");

    /// <summary>The dotnet that runs this build, and only else the one on the path (dotnet/docs: DOTNET_HOST_PATH).</summary>
    private static Interpreter Dotnet => new([[Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet"]], "Install the .NET SDK");

    /// <summary>The Python of the project's virtual environment, or of the active one; none if there is neither.</summary>
    private IEnumerable<IReadOnlyList<string>> ProjectPython
    {
        get
        {
            _projectPython ??= new[] { Path.Combine(request.Place.ProjectDirectory, ".venv"), request.Environment.GetValueOrDefault("VIRTUAL_ENV") }
                .Where(environment => !string.IsNullOrEmpty(environment))
                .Select(environment => OperatingSystem.IsWindows() ? Path.Combine(environment!, "Scripts", "python.exe") : Path.Combine(environment!, "bin", "python"))
                .Where(File.Exists)
                .Take(1)
                .ToArray();
            return _projectPython.Select(python => new[] { python });
        }
    }

    private List<string> Found(Script script, Interpreter interpreter, string file)
    {
        foreach (var candidate in interpreter.Candidates)
        {
            if (_path.Find(candidate[0], request.Place.ProjectDirectory) is { } program)
            {
                return [program, .. candidate.Skip(1), file];
            }
        }

        var key = (string.Join("' or '", interpreter.Candidates.Select(candidate => candidate[0])), interpreter.Install);
        if (!_missing.TryGetValue(key, out var scripts))
        {
            _missing[key] = scripts = [];
        }

        scripts.Add(script);
        return [file];
    }

    private IReadOnlyList<string> Split(Script script, string metadata, string line)
    {
        if (CommandLine.TrySplit(line) is { } words)
        {
            return words;
        }

        problems.Add(Problems.QuoteNotClosed(script.Place, $"Script '{script.Name}'", metadata, line));
        return [];
    }

    private Dictionary<string, string> EnvironmentOf(Script script)
    {
        if (script.EnvironmentVariables.Count == 0 && !IsPython(script.Include))
        {
            return _nothing;
        }

        var environment = new Dictionary<string, string>();
        if (script.Command == "" && IsPython(script.Include))
        {
            // Output is read line by line while the script runs, and as UTF-8 on every system.
            AddUnlessInherited("PYTHONUNBUFFERED", "1");
            AddUnlessInherited("PYTHONUTF8", "1");
        }

        foreach (var pair in script.EnvironmentVariables)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || pair[..equals].Trim() == "")
            {
                problems.Add(Problems.NotAPair(script, pair));
                continue;
            }

            environment[pair[..equals].Trim()] = pair[(equals + 1)..];
        }

        return environment;

        void AddUnlessInherited(string name, string value)
        {
            if (!request.Environment.ContainsKey(name))
            {
                environment[name] = value;
            }
        }
    }
}
