using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>
/// The line that MSBuild's terminal logger has for a project while it is built. Of messages the logger shows nothing there, and there is no way for
/// a task to say how far it is (dotnet/msbuild#6944), but for those that run tests: in a project that has begun the target <c>_TestRunStart</c>, it takes
/// <c>TLTESTPASSED</c> and <c>TLTESTSKIPPED</c> for the line, in green and yellow, and prints <c>TLTESTOUTPUT</c> above it. For any other logger these
/// are messages as any others; where a future terminal logger does not know them, nothing is shown and nothing fails.
/// </summary>
/// <remarks>https://github.com/dotnet/msbuild/blob/main/src/Build/Logging/TerminalLogger/TerminalLogger.cs, MessageRaised</remarks>
internal sealed class TerminalLine
{
    /// <summary>The terminal logger drops a text that does not fit beside the project's name, its framework and the time; 80 columns are the fewest that people have.</summary>
    private const int Columns = 80 - 25;

    private readonly IBuildEngine3 _engine;
    private readonly BuildLog _log;
    private readonly string _project;
    private readonly bool _isWanted;

    /// <summary>Only the thread that runs the task may run a target.</summary>
    private readonly int _thread = Environment.CurrentManagedThreadId;

    private volatile bool _isOpen;

    private TerminalLine(IBuildEngine3 engine, BuildLog log, PreparedRun run)
    {
        (_engine, _log) = (engine, log);
        _project = Path.GetFileNameWithoutExtension(run.Place.Project);

        // A task host has no such targets, and what it is told so is lost.
        _isWanted = run.Options.ShowsLiveProgress && engine.GetType().Name != "OutOfProcTaskHostNode";
    }

    /// <summary>Null where no terminal logger shows the build.</summary>
    public static TerminalLine? Of(IBuildEngine engine, BuildLog log, PreparedRun run) =>
        Environment.GetEnvironmentVariable("_MSBUILDTLENABLED") == "1" && engine is IBuildEngine3 ours ? new TerminalLine(ours, log, run) : null;

    /// <summary>
    /// Gets the line. The project is one with tests from then on, also in its last line ("test succeeded"), so this is for when there is something to show.
    /// </summary>
    public bool TryOpen()
    {
        if (_isWanted && !_isOpen && Environment.CurrentManagedThreadId == _thread)
        {
            // As CallTarget does.
            _isOpen = _engine.BuildProjectFilesInParallel([null], ["_TestRunStart"], [null], [null], [null], returnTargetOutputs: true).Result;
        }

        return _isOpen;
    }

    /// <summary>Shows how far the run is; a failure stays to be read.</summary>
    public bool TryShow(ProgressNews news)
    {
        if (!TryOpen())
        {
            return false;
        }

        if (news.Kind == ProgressKind.Failed)
        {
            TryPrint($"{news.Line}: {news.Problem?.What}");
        }
        else
        {
            var counts = news.Counts;
            var metadata = new Dictionary<string, string?> { ["localizedResult"] = counts, ["displayName"] = news.InBrief(Math.Max(20, Columns - _project.Length - counts.Length)) };
            _log.Extended(news.Now.Failed > 0 ? "TLTESTSKIPPED" : "TLTESTPASSED", news.Line, metadata);
        }

        return true;
    }

    /// <summary>Prints a line above, at once; false if that cannot be done.</summary>
    public bool TryPrint(string line)
    {
        if (_isOpen)
        {
            _log.Extended("TLTESTOUTPUT", $"  {line}");
        }

        return _isOpen;
    }

    /// <summary>What the last line of the project says behind an arrow, in any case; a file is a link to its folder there. A build that compiles has something better to say.</summary>
    public void EndWith(string result) => _log.High($"{_project} -> {result}");
}
