using System.Globalization;

namespace ParallelScripts.Tests;

/// <summary>
/// A script in Recorded/, what its interpreter printed when it was recorded, and what we are to read in that. `Recorded/record`
/// records again; with RECORD_READINGS=1 in the environment, these tests write down what is read instead of comparing it.
/// </summary>
internal sealed class Recording
{
    private static readonly string _all = Path.Combine(AppContext.BaseDirectory, "Recorded");

    private readonly string _language;
    private readonly string _file;
    private readonly string[] _output;

    /// <param name="name"><c>python/exception.py</c></param>
    public Recording(string name)
    {
        (_language, _file) = (name.Split('/')[0], name.Split('/')[1]);
        Name = name;
        _output = File.ReadAllLines(Path.Combine(_all, name + ".out"));
        ExitCode = int.Parse(_output[0], CultureInfo.InvariantCulture);
    }

    public string Name { get; }

    public int ExitCode { get; }

    public string[] Expected => File.Exists(Reading) ? File.ReadAllLines(Reading) : [];

    public string Reading => Path.Combine(_all, Name + ".reads");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(_all, "*.out", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(_all, file).Replace('\\', '/')[..^".out".Length])
        .Order(StringComparer.Ordinal);

    /// <summary>What we read in the output as it was recorded.</summary>
    public string[] Read()
    {
        using var folder = new TemporaryFolder();
        Copy(folder);
        var script = ScriptIn(folder);
        var diagnosis = new Diagnosis(script, folder[_language], PlaceOf(folder));
        using (var output = new ScriptOutput(folder["log"], diagnosis.Read))
        {
            foreach (var line in _output.Skip(1))
            {
                output.Write(System.Text.Encoding.UTF8.GetBytes(line.Replace("/recorded", folder.Path, StringComparison.Ordinal) + "\n"));
            }
        }

        return Show(diagnosis.Conclude(EndOf(script), _ => false), folder.Path);
    }

    /// <summary>Runs the scripts, all at once, and gives for each what we read now.</summary>
    public static IReadOnlyList<string[]> Run(IReadOnlyList<Recording> recordings)
    {
        using var folder = new TemporaryFolder();
        Copy(folder);
        var request = new RunRequest
        {
            Scripts = [.. recordings.Select(recording => recording.ScriptIn(folder))],
            OnFailure = new Setting("ScriptsOnFailure", nameof(OnFailure.KeepGoing), Place.Nowhere),
            Place = PlaceOf(folder),
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = SearchPath,
                ["LC_ALL"] = "C.UTF-8",
                ["HOME"] = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_NOLOGO"] = "1",
            },
        };
        var problems = new List<Problem>();
        var run = Preparation.TryPrepare(request, problems) ?? throw new ArgumentException(string.Join('\n', problems));
        var ends = new Ends(recordings.Count);
        Runner.Run(run, RunStart.Now(), request.Environment, ends, CancellationToken.None);
        return [.. ends.Of.Select(end => Show(end!, folder.Path))];
    }

    /// <summary>The dotnet that runs this, not a link to it, and the system's own interpreters first: those are the ones that were recorded.</summary>
    public static string SearchPath { get; } =
        $"{Path.GetFullPath("../../..", Path.GetDirectoryName(typeof(object).Assembly.Location)!)}:/usr/bin:/bin:{Environment.GetEnvironmentVariable("PATH")}";

    private Script ScriptIn(TemporaryFolder folder) => new()
    {
        Name = _file,
        Include = $"{_language}/{_file}",
        WorkingDirectory = _language,
        Place = new Place(folder["work.csproj"], 3, 5),
    };

    private static RunPlace PlaceOf(TemporaryFolder folder) => new(folder["work.csproj"], folder.Path, folder["obj/scripts"]);

    private ScriptEnd EndOf(Script script)
    {
        var launch = new Launch { Program = "/program", Arguments = [], WorkingDirectory = "/" };
        var problem = ExitCode switch
        {
            0 => null,
            _ when _output.Any(line => line.Contains(": error CS", StringComparison.Ordinal)) => Problems.NotCompiled(script, launch, default),
            134 => Problems.KilledBySignal(script, launch, new ProcessEnd(null, 6, null, false), default),
            139 => Problems.KilledBySignal(script, launch, new ProcessEnd(null, 11, null, false), default),
            _ => Problems.ExitedNonZero(script, launch, new ProcessEnd(ExitCode, null, null, false), default),
        };
        return new ScriptEnd(ExitCode == 0 ? Outcome.Succeeded : Outcome.Failed) { Problem = problem };
    }

    /// <summary>All languages: a shell script may start Python.</summary>
    private static void Copy(TemporaryFolder folder)
    {
        foreach (var file in Directory.EnumerateFiles(_all, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is not (".out" or ".reads")))
        {
            var copy = folder[Path.GetRelativePath(_all, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static string[] Show(ScriptEnd end, string folder) =>
    [
        end.Outcome.ToString(),
        .. end.Told.Append(end.Problem).OfType<Problem>().Select(problem => string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetRelativePath(folder, problem.Place.File)}({problem.Place.Line},{problem.Place.Column}): {(problem.IsWarning ? "warning" : "error")} {problem.Code}: {problem.What.Replace(folder, "/recorded", StringComparison.Ordinal)}")),
    ];

    private sealed class Ends(int count) : IRunListener
    {
        public ScriptEnd?[] Of { get; } = new ScriptEnd?[count];

        public void Started(int script, int slot)
        {
        }

        public void Runs(int script, string reason)
        {
        }

        public void Output(int script, string line)
        {
        }

        public void Ended(int script, ScriptEnd end, int left) => Of[script] = end;

        public void Retrying(int script, ScriptEnd end, int attempt, TimeSpan wait)
        {
        }

        public void Skipped(SkippedScript skipped)
        {
        }

        public void Noted(string line)
        {
        }

        public void Warned(Problem problem)
        {
        }
    }
}
