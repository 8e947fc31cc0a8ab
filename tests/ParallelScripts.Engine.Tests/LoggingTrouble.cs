using System.Diagnostics;

namespace ParallelScripts.Tests;

/// <summary>A log that cannot be written costs the log and nothing else: the script runs to its end, and a warning says what is missing.</summary>
public sealed class LoggingTrouble : IDisposable
{
    private readonly TestProject _project = new();

    [Fact]
    public void With_a_full_disk_lets_the_script_go_on()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs a device that is always full.");
        _project.Add("a.sh", "mkdir -p obj/scripts/logs; ln -s /dev/full obj/scripts/logs/a.sh.log; echo printed; echo more; echo result > out.txt", outputs: ["out.txt"]);

        Assert.Equal(["a.sh runs: it has not run before"], _project.Run());
        Assert.Equal([$"PSCR2014: What script 'a.sh' printed could not all be written to its log '{_project["obj/scripts/logs/a.sh.log"]}': No space left on device : '{_project["obj/scripts/logs/a.sh.log"]}'. {Advice}"], _project.Notes);
        Assert.Equal(["[a.sh] printed", "[a.sh] more"], _project.Shown);
        Assert.Empty(_project.Run());
    }

    [Fact]
    public void Is_said_of_the_failed_script_as_well()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs a device that is always full.");
        _project.Add("a.sh", "mkdir -p obj/scripts/logs; ln -s /dev/full obj/scripts/logs/a.sh.log; echo printed; exit 3");
        _project.Run();

        Assert.Contains(_project.Notes, note => note.StartsWith($"PSCR2001: Script 'a.sh' exited with code 3. The beginning of its output is in {_project["obj/scripts/logs/a.sh.log"]}. To run", StringComparison.Ordinal));
    }

    [Fact]
    public void With_a_file_where_the_folder_of_logs_should_be_is_said_once()
    {
        _project.Write("obj/scripts/logs", "in the way");
        _project.Add("a.sh", "echo a; exit 3");
        _project.Add("b.sh", "echo b");
        _project.MaxDegreeOfParallelism = "1";
        var record = _project.RunRecord();

        Assert.Equal([Outcome.Failed, Outcome.Succeeded], record.Scripts.Select(script => script.Outcome));
        Assert.Single(_project.Notes, note => note.StartsWith("PSCR2014: ", StringComparison.Ordinal));
        Assert.Contains(_project.Notes, note => note.StartsWith("PSCR2001: Script 'a.sh' exited with code 3. What it printed could not be logged. To run", StringComparison.Ordinal));
        Assert.Equal(["[a.sh] a", "[b.sh] b"], _project.Shown);
        Assert.All(record.Scripts, script => Assert.Null(script.LogFile));
    }

    [Fact]
    public void With_the_logs_deleted_while_scripts_run_names_no_file_that_is_not_there()
    {
        _project.Add("a.sh", "echo printed; until [ -e obj/scripts/logs/a.sh.log ]; do :; done; rm -r obj/scripts/logs");
        _project.Add("b.sh", "echo also printed", after: ["a.sh"]);
        Directory.CreateDirectory(_project["obj/scripts/logs"]);
        var record = _project.RunRecord();

        Assert.Equal([Outcome.Succeeded, Outcome.Succeeded], record.Scripts.Select(script => script.Outcome));
        Assert.Equal([null, "logs/b.sh.log"], record.Scripts.Select(script => script.LogFile));
        Assert.Equal([$"PSCR2014: What script 'a.sh' printed could not all be written to its log '{_project["obj/scripts/logs/a.sh.log"]}': '{_project["obj/scripts/logs/a.sh.log"]}' was deleted while the script ran. {Advice}"], _project.Notes);
    }

    [Fact]
    public void On_a_disk_that_fills_up_keeps_the_beginning_and_shows_the_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root may mount a small disk.");
        var logs = _project["obj/scripts/logs"];
        Directory.CreateDirectory(logs);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", logs) == 0, "This root may not mount.");
        try
        {
            _project.Add("a.sh", "i=0; while [ $i -lt 10000 ]; do echo \"line $i, and so long that there are more than fit\"; i=$((i+1)); done");
            _project.GroupOutput = "true";
            var record = _project.RunRecord();

            Assert.Equal(Outcome.Succeeded, record.Scripts[0].Outcome);
            Assert.Equal("PSCR2014", Assert.Single(_project.Notes).Split(':')[0]);
            Assert.Equal(256 * 1024, new FileInfo(Path.Combine(logs, "a.sh.log")).Length);
            Assert.Equal("[a.sh] line 0, and so long that there are more than fit", _project.Shown.First());
            Assert.Contains(_project.Shown, line => line.StartsWith("[a.sh] … 7,800 lines (", StringComparison.Ordinal) && line.EndsWith(" left out; not all of it could be logged", StringComparison.Ordinal));
            Assert.Equal("[a.sh] line 9999, and so long that there are more than fit", _project.Shown.Last());
        }
        finally
        {
            // What another test is just starting has, for a moment, a copy of what is open here.
            Eventually.True(() => Run("umount", logs) == 0, "the small disk is unmounted");
        }
    }

    public void Dispose() => _project.Dispose();

    private const string Advice = "Make room or give the right to write there; or, as the run goes on all the same, pass over this, which is said once a run.";

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
