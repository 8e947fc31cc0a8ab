namespace ParallelScripts.Tests;

/// <summary>A real <c>make</c> inside a script, whose jobs are to take their room from the slots of the run.</summary>
public sealed class JobsOfMake : IDisposable
{
    /// <summary>
    /// A job enters a folder, counts who is there, and stays until there is a file: at any time as many are there as run at once. The
    /// limit only turns a hang into a failure.
    /// </summary>
    private const string Functions = """
        enter() { mkdir -p here; : > "here/$1"; ls here | wc -l >> counts.txt; }
        leave() { rm "here/$1"; }
        until_there() { i=0; while [ ! -e "$1" ]; do i=$((i+1)); [ $i -lt 10000 ] || exit 99; sleep 0.02; done; }
        until_so_many() { i=0; while n=$(ls here | wc -l); [ "$n" -lt "$1" ] && [ ! -e "full-$1" ]; do i=$((i+1)); [ $i -lt 10000 ] || exit 99; sleep 0.02; done; echo "$n" >> counts.txt; : > "full-$1"; }

        """;

    private readonly TestProject _project = new() { JobServer = "Pipe" };

    public JobsOfMake()
    {
        Assert.SkipUnless(JobServer.IsSupported && File.Exists("/usr/bin/make"), "There is no make to try it with.");
        _project.Write("functions.sh", Functions);
    }

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Fill_the_free_slots_and_no_more()
    {
        _project.MaxDegreeOfParallelism = "3";
        Makefile("jobs", count: 7, job: "enter $@; until_so_many 3; leave $@");
        _project.Add("build.sh", "make -f jobs");

        Assert.Equal(Outcome.Succeeded, _project.RunRecord().Outcome);

        Assert.Equal(3, MostAtOnce());
    }

    [Fact]
    public void Leave_the_slots_of_other_scripts_to_them()
    {
        _project.MaxDegreeOfParallelism = "3";
        Makefile("jobs", count: 6, job: "enter $@; until_so_many 3; leave $@");
        _project.Add("other.sh", ". ./functions.sh; enter other; until_there done; leave other");
        _project.Add("build.sh", "make -f jobs && : > done");

        Assert.Equal(Outcome.Succeeded, _project.RunRecord().Outcome);

        // Two jobs beside the other script.
        Assert.Equal(3, MostAtOnce());
    }

    [Fact]
    public void Are_waited_for_by_a_script_that_needs_their_slot()
    {
        // When first.sh has ended, its slot is for next1.sh. next2.sh waits for the second job.
        _project.MaxDegreeOfParallelism = "3";
        Makefile("jobs", count: 2, job: "enter $@; : > began-$@; until_there next1-began; [ $@ = j1 ] || until_there next2-began; leave $@");
        _project.Add("first.sh", ". ./functions.sh; enter first; until_there began-j1; until_there began-j2; leave first");
        _project.Add("build.sh", "make -f jobs");
        _project.Add("next1.sh", ". ./functions.sh; enter next1; : > next1-began; until_there next2-began; leave next1", after: ["first.sh"]);
        _project.Add("next2.sh", ". ./functions.sh; enter next2; : > next2-began; leave next2", after: ["first.sh"]);

        Assert.Equal(Outcome.Succeeded, _project.RunRecord().Outcome);

        Assert.Equal(3, MostAtOnce());
    }

    [Fact]
    public void Of_a_make_that_was_killed_free_their_slots_when_its_script_ends()
    {
        _project.MaxDegreeOfParallelism = "3";
        Makefile("killed.mk", count: 2, job: ": > killed-began-$@; until_there never");
        Makefile("jobs", count: 6, job: "enter $@; until_so_many 3; leave $@");
        _project.Add("killed.sh", """
            . ./functions.sh
            make -f killed.mk & made=$!
            until_there killed-began-j1; until_there killed-began-j2
            kill -9 $made; wait $made
            : > killed
            exit 0
            """);
        _project.Add("build.sh", ". ./functions.sh; until_there killed; make -f jobs");

        Assert.Equal(Outcome.Succeeded, _project.RunRecord().Outcome);

        Assert.Equal(3, MostAtOnce());
    }

    [Fact]
    public void Find_their_way_through_a_named_pipe_that_anybody_can_open()
    {
        // A client that keeps to the protocol: what is asserted is that there are two tokens, and not a third.
        _project.JobServer = "Fifo";
        _project.MaxDegreeOfParallelism = "3";
        _project.Write("client.py", """
            import os, re
            path = re.search(r"-j3 --jobserver-auth=fifo:(\S+)", os.environ["MAKEFLAGS"]).group(1)
            read = os.open(path, os.O_RDONLY)
            write = os.open(path, os.O_WRONLY)
            tokens = os.read(read, 1) + os.read(read, 1)
            os.set_blocking(read, False)
            try:
                tokens += os.read(read, 1)
            except BlockingIOError:
                pass
            print(len(tokens), "tokens")
            os.write(write, tokens)
            """);
        _project.Scripts.Add(new Script { Name = "client.py", Include = "client.py" });

        Assert.Equal(Outcome.Succeeded, _project.RunRecord().Outcome);

        Assert.Equal(["[client.py] 2 tokens"], _project.Shown);
    }

    [Fact]
    public void Of_cargo_fill_the_free_slots_and_no_more()
    {
        // One that rustup stands in for may have no version to run.
        var cargo = FolderOf("cargo");
        Assert.SkipUnless(cargo is not null && Printed(Path.Combine(cargo, "cargo"), "--version") != "", "There is no cargo to try it with.");
        _project.Environment["PATH"] += $":{cargo}";
        _project.Environment["HOME"] = Environment.GetEnvironmentVariable("HOME")!;
        _project.JobServer = "Fifo";
        _project.MaxDegreeOfParallelism = "3";
        string[] crates = ["c1", "c2", "c3", "c4", "c5"];
        _project.Write("Cargo.toml", $"[workspace]\nresolver = \"2\"\nmembers = [{string.Join(", ", crates.Select(crate => $"\"{crate}\""))}]\n");
        foreach (var crate in crates)
        {
            _project.Write($"{crate}/Cargo.toml", $"[package]\nname = \"{crate}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n");
            _project.Write($"{crate}/src/lib.rs", "");
            _project.Write($"{crate}/build.rs", $$"""
                fn main() {
                    let job = std::process::Command::new("sh").current_dir("..").arg("-c").arg(". ./functions.sh; enter {{crate}}; until_so_many 3; leave {{crate}}").status();
                    assert!(job.unwrap().success());
                }
                """);
        }

        _project.Add("build.sh", "cargo build --offline");

        Assert.True(_project.RunRecord().Outcome == Outcome.Succeeded, string.Join('\n', _project.Shown));

        Assert.Equal(3, MostAtOnce());
    }

    [Fact]
    public void Of_ninja_fill_the_free_slots_and_no_more()
    {
        var ninja = FolderOf("ninja");
        Assert.SkipUnless(ninja is not null && Version.TryParse(Printed(Path.Combine(ninja, "ninja"), "--version").Split(".git")[0], out var version) && version >= new Version(1, 13), "There is no ninja 1.13 to try it with.");
        _project.Environment["PATH"] = $"{ninja}:{_project.Environment["PATH"]}";
        _project.JobServer = "Fifo";

        // Left to itself it runs 2, 3, 5 or more jobs, by the number of cores; never 4.
        _project.MaxDegreeOfParallelism = "4";
        string[] jobs = [.. Enumerable.Range(1, 9).Select(number => $"j{number}")];
        _project.Write("build.ninja", $"rule job\n  command = . ./functions.sh; enter $out; until_so_many 4; leave $out\n{string.Concat(jobs.Select(job => $"build {job}: job\n"))}");
        _project.Add("build.sh", "ninja");

        Assert.True(_project.RunRecord().Outcome == Outcome.Succeeded, string.Join('\n', _project.Shown));

        Assert.Equal(4, MostAtOnce());
    }

    [Theory]
    [InlineData(null, JobServerStyle.Fifo)]
    [InlineData("GNU Make 3.81\nCopyright", JobServerStyle.Pipe)]
    [InlineData("GNU Make 4.3\nBuilt for x86_64-pc-linux-gnu", JobServerStyle.Pipe)]
    [InlineData("GNU Make 4.4.1\n", JobServerStyle.Fifo)]
    [InlineData("GNU Make 5.0\n", JobServerStyle.Fifo)]
    [InlineData("bmake", JobServerStyle.Fifo)]
    public void Are_offered_what_the_installed_make_understands(string? version, object style) =>
        Assert.Equal(style, JobServer.StyleOf(version));

    [Fact]
    public void Keep_to_a_job_server_that_is_there_already()
    {
        _project.Environment["MAKEFLAGS"] = "-j2 --jobserver-auth=3,4";
        _project.Add("flags.sh", "echo \"$MAKEFLAGS\"");

        _ = _project.RunRecord();

        Assert.Equal(["[flags.sh] -j2 --jobserver-auth=3,4"], _project.Shown);
    }

    [Fact]
    public void Keep_the_flags_that_are_set_already()
    {
        _project.JobServer = "true";
        _project.MaxDegreeOfParallelism = "3";
        _project.Environment["MAKEFLAGS"] = "-k";
        _project.Add("flags.sh", "echo \"$MAKEFLAGS\"");

        _ = _project.RunRecord();

        Assert.Matches(@"^\[flags\.sh\] -k -j3 --jobserver-auth=(\d+,\d+|fifo:/.+)$", Assert.Single(_project.Shown));
    }

    private void Makefile(string name, int count, string job)
    {
        var jobs = string.Join(' ', Enumerable.Range(1, count).Select(number => $"j{number}"));
        _project.Write(name, $"all: {jobs}\n{jobs}:\n\t@. ./functions.sh; {job}\n.PHONY: all {jobs}\n");
    }

    private int MostAtOnce() => _project.Read("counts.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Max(count => int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Where on the test's own PATH a program is.</summary>
    private static string? FolderOf(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').FirstOrDefault(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>What a program prints; nothing if it fails.</summary>
    private static string Printed(string program, string argument)
    {
        using var asked = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var printed = asked.StandardOutput.ReadToEnd();
        asked.WaitForExit();
        return asked.ExitCode == 0 ? printed.Trim() : "";
    }
}
