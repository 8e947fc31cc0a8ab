using System.Collections.Concurrent;
using System.Text;
using Microsoft.Data.Sqlite;

namespace ParallelScripts;

/// <summary>
/// Which interpreter really runs a script: its version, and behind a shim (pyenv's, asdf's, rbenv's are shell scripts that look
/// the real one up each time) its real path. Asked once and remembered, so that a run of up-to-date scripts starts no process.
/// </summary>
internal sealed class InterpreterIdentity(ProjectFiles files, FileHashes hashes, HistoryStore? history, IProcessRunner processes, RunPlace place, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Files by which a shim decides, looked for in the project's folder and all above it.</summary>
    private static readonly string[] _versionFiles = [".python-version", ".ruby-version", ".node-version", ".tool-versions", "mise.toml"];

    /// <summary>How to ask for path and version, by the beginning of the program's name.</summary>
    private static readonly (string Name, string[] Arguments)[] _questions =
    [
        ("python", ["-c", "import sys; print(sys.executable); print('Python', sys.version.split()[0])"]),
        ("pypy", ["-c", "import sys; print(sys.executable); print('PyPy', sys.version.split()[0])"]),
        ("ruby", ["-rrbconfig", "-e", "puts RbConfig.ruby; puts 'Ruby ' + RUBY_VERSION"]),
        ("node", ["-p", "process.execPath + '\\n' + 'Node.js ' + process.version"]),
        ("perl", ["-e", "print \"$^X\\nPerl $^V\\n\""]),
        ("Rscript", ["-e", "cat(commandArgs()[1], R.version.string, sep = '\\n')"]),
        ("julia", ["-e", "println(joinpath(Sys.BINDIR, \"julia\")); println(\"Julia \", VERSION)"]),
    ];

    private readonly ConcurrentDictionary<string, Lazy<ProgramIdentity>> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Shim?> _shims = new(StringComparer.Ordinal);

    /// <summary>No interpreter thinks longer about its name; one that hangs must not hold the build, which cannot be cancelled meanwhile.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a program really is; asked once a run, however many ask at the same time.</summary>
    public ProgramIdentity Of(string program) => _known.GetOrAdd(program, asked => new Lazy<ProgramIdentity>(() => Ask(asked))).Value;

    /// <summary>The shim that a program is, if it does nothing for a script but look up the real one; else null.</summary>
    public Shim? ShimAt(string program) => _shims.GetOrAdd(program, static asked => Shim.Of(asked) is { } shim && shim.OnlyLooksUp() ? shim : null);

    /// <summary>The files by which a shim decides in a folder, nearest first.</summary>
    public static IReadOnlyList<string> VersionFilesFor(string folder)
    {
        var files = new List<string>();
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            files.AddRange(_versionFiles.Select(name => Path.Combine(at, name)).Where(File.Exists));
        }

        return files;
    }

    private ProgramIdentity Ask(string program)
    {
        var shown = Shown(program);
        var question = Array.Find(_questions, question => Path.GetFileName(program).StartsWith(question.Name, StringComparison.Ordinal));
        if (question.Name is null)
        {
            // Nobody to ask: what it is made of says which it is. A system's dotnet is one with its runtime.
            var content = Path.GetFileNameWithoutExtension(program) == "dotnet"
                ? Environment.Version.ToString()
                : hashes.Of(files.NameOf(program)) is { } hash ? hash.ToString()[..12] : "";
            return new ProgramIdentity($"{shown} {content}", program);
        }

        var key = KeyOf(program);
        if (Remembered(key) is { } remembered && File.Exists(remembered.Program))
        {
            return remembered;
        }

        var answer = new AllOutput();
        using var enough = new CancellationTokenSource(Patience);
        var end = processes.Run(
            new ProcessStart(program, question.Arguments, place.ProjectDirectory, new Dictionary<string, string>()), answer, enough.Token);
        var lines = answer.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (end.ExitCode != 0 || lines.Length != 2)
        {
            // It will say what is wrong with it when it runs the script.
            return new ProgramIdentity($"{shown} (which does not tell its version)", program);
        }

        var real = IsShim(program) && Path.IsPathRooted(lines[0]) && File.Exists(lines[0]) ? lines[0] : program;
        var identity = $"{Shown(real)}, {lines[1]}";
        Remember(key, identity, real);
        return new ProgramIdentity(identity, real);
    }

    private ProgramIdentity? Remembered(string key)
    {
        try
        {
            return history?.FindInterpreter(key);
        }
        catch (SqliteException)
        {
            // Then it is asked.
            return null;
        }
    }

    private void Remember(string key, string identity, string real)
    {
        try
        {
            history?.AddInterpreter(key, identity, real);
        }
        catch (SqliteException)
        {
            // Then it is asked again in the next run.
        }
    }

    /// <summary>Everything by which the answer may change, of the program and, for a shim, of what it decides by.</summary>
    private string KeyOf(string program)
    {
        var real = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        var key = new StringBuilder().Append(program).Append('\n').Append(real).Append('\n').Append(FileStamp.Of(real));
        if (!IsShim(program))
        {
            return key.ToString();
        }

        foreach (var (name, value) in environment.Where(variable => variable.Key.EndsWith("ENV_VERSION", StringComparison.Ordinal)
            || (variable.Key.StartsWith("ASDF_", StringComparison.Ordinal) && variable.Key.EndsWith("_VERSION", StringComparison.Ordinal))).OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            key.Append('\n').Append(name).Append('=').Append(value);
        }

        // A version that is installed now may be the one that the same words mean; the system's is looked up on the path.
        key.Append('\n').Append(environment.GetValueOrDefault("PATH"));
        if (ShimAt(program) is { } shim && Directory.Exists(shim.Versions))
        {
            key.Append('\n').Append(Directory.GetLastWriteTimeUtc(shim.Versions).Ticks);
        }

        // pyenv and rbenv keep the global choice in a file 'version' beside their folder of shims.
        var global = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(program))!, "version");
        foreach (var file in VersionFilesFor(place.ProjectDirectory).Append(global).Where(File.Exists))
        {
            key.Append('\n').Append(file).Append('=').Append(File.ReadAllText(file));
        }

        return key.ToString();
    }

    /// <summary>Relative within the project and absolute outside it, so that where the project is does not decide.</summary>
    private string Shown(string program) => files.NameOf(program) is var name && ProjectFiles.IsInsideProject(name) ? name : program;

    private static bool IsShim(string program) => Shebang.Read(program) != "";
}

/// <summary>What a program really is.</summary>
/// <param name="Identity">What decides, in words.</param>
/// <param name="Program">The program to start: the real one where the one found is a shim. Absolute.</param>
internal sealed record ProgramIdentity(string Identity, string Program);
