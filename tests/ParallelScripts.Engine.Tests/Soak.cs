namespace ParallelScripts.Tests;

/// <summary>
/// Scripts that behave in every bad way there is, many at once. Small in the default suite; <c>PARALLELSCRIPTS_SOAK</c> makes it
/// last for minutes.
/// </summary>
[Collection(nameof(Alone))]
public sealed class Soak : IDisposable
{
    private static readonly bool _isLong = int.TryParse(Environment.GetEnvironmentVariable("PARALLELSCRIPTS_SOAK"), out _);

    /// <summary>What a script may do, and how it ends then. <c>$id</c> is its own number.</summary>
    private static readonly (string Text, Outcome Outcome)[] _behaviours =
    [
        ("exit 0", Outcome.Succeeded),
        ("echo some words; exit 0", Outcome.Succeeded),
        ("exit $((id % 125 + 1))", Outcome.Failed),
        ("kill -SEGV $$", Outcome.Failed),
        ("kill -KILL $$", Outcome.Failed),
        ("sleep 600", Outcome.TimedOut),
        ("trap '' TERM INT HUP; while :; do sleep 600; done", Outcome.TimedOut),
        ("trap 'sleep 600' TERM; sleep 600", Outcome.TimedOut),
        ("head -c 3000000 /dev/zero | tr '\\0' 'x' | fold -w 60", Outcome.Succeeded),
        ("head -c 3000000 /dev/urandom", Outcome.Succeeded),
        ("yes '' | head -n 200000", Outcome.Succeeded),
        ("sleep 600 & exit 0", Outcome.Succeeded),
        ("sleep 600 > /dev/null 2>&1 < /dev/null & exit 0", Outcome.Succeeded),
        ("setsid sleep 600 & exit 0", Outcome.Succeeded),
        ("setsid sh -c 'trap \"\" TERM HUP; sleep 600 & sleep 600' > /dev/null 2>&1 < /dev/null & exit 0", Outcome.Succeeded),
        ("(setsid sh -c '(trap \"\" TERM; exec sleep 600) & exit 0' &) ; exit 3", Outcome.Failed),
        ("nohup sleep 600 > /dev/null 2>&1 & exit 0", Outcome.Succeeded),
        ("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 600 & done; exit 1", Outcome.Failed),
        ("i=0; while [ $i -lt 30 ]; do i=$((i + 1)); (exit 0); done", Outcome.Succeeded),
        ("exec 1>&- 2>&-; exit 0", Outcome.Succeeded),
        ("[ -e tried.$id ] && exit 0; : > tried.$id; exit 1", Outcome.Succeeded),
        ("[ -e tried.$id ] && exit 0; : > tried.$id; sleep 600", Outcome.Succeeded),
    ];

    private readonly TestProject _project = new() { OnFailure = OnFailure.KeepGoing };

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Ends_with_every_script_accounted_for_and_nothing_left_behind()
    {
        _project.Environment["SOAK"] = _project.Place.ProjectDirectory;
        _project.MaxDegreeOfParallelism = "32";
        _project.KillGrace = "300ms";

        // Once before anything is measured, so that what is loaded and pooled for good is there.
        Declare(seed: 1, count: 60);
        Check(_project.RunRecord());
        var (files, threads, memory) = Held();

        for (var round = 0; round < (_isLong ? 5 : 1); round++)
        {
            var count = _isLong ? 2000 : 120;
            Declare(seed: 2 + round, count);
            var record = _project.RunRecord();

            Check(record);
            Assert.Equal(count, record.Scripts.Count);
            Eventually.True(() => Survivors().Length == 0, "nothing is left running");
            Eventually.True(() => Held().Files <= files, $"no more than {files} files are open");
            Eventually.True(() => Held().Threads <= threads + 4, $"there are no more than {threads} threads and a few of the pool's");
            Assert.InRange(Held().Memory, 0, memory + (20 << 20));
        }
    }

    private void Declare(int seed, int count)
    {
        var random = new Random(seed);
        _project.Scripts.Clear();
        foreach (var mark in Directory.GetFiles(_project.Place.ProjectDirectory, "tried.*"))
        {
            File.Delete(mark);
        }

        for (var script = 0; script < count; script++)
        {
            var behaviour = random.Next(_behaviours.Length);
            var after = script > 10 && random.Next(4) == 0 ? new[] { $"s{random.Next(script)}.sh" } : [];
            _project.Add($"s{script}.sh", $"id={script}\n: {behaviour}\n{_behaviours[behaviour].Text}\n", after: after);

            // How long the others take is for the machine to say, which may be busy.
            var timeout = _behaviours[behaviour].Outcome == Outcome.TimedOut ? "2s" : _behaviours[behaviour].Text.Contains("tried.$id; sleep", StringComparison.Ordinal) ? "10s" : "5m";
            _project.Change($"s{script}.sh", declared => declared with { Timeout = timeout, Retries = _behaviours[behaviour].Text.Contains("tried", StringComparison.Ordinal) ? "1" : "", RetryDelay = "10ms" });
        }
    }

    /// <summary>Every script ended as what it does makes it end, or was skipped because one before it failed.</summary>
    private void Check(RunRecord record)
    {
        var outcomes = record.Scripts.ToDictionary(script => script.Name, script => script.Outcome);
        foreach (var script in record.Scripts)
        {
            var text = _project.Read(script.Name);
            var behaviour = int.Parse(text.Split('\n')[1][2..]);
            var expected = script.DependsOn.Any(before => outcomes[before] != Outcome.Succeeded) ? Outcome.Skipped : _behaviours[behaviour].Outcome;
            Assert.True(expected == script.Outcome, $"{script.Name} is {script.Outcome} and not {expected}:\n{text}\n{string.Join('\n', _project.Notes.Where(note => note.Contains(script.Name)))}");
        }
    }

    /// <summary>Processes that a script of this project started and that still live.</summary>
    private string[] Survivors() =>
    [
        .. Directory.GetDirectories("/proc").Where(process => int.TryParse(Path.GetFileName(process), out var id) && Eventually.IsAlive(id)).Where(process =>
        {
            try
            {
                return File.ReadAllText($"{process}/environ").Contains($"SOAK={_project.Place.ProjectDirectory}", StringComparison.Ordinal);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }),
    ];

    private (int Files, int Threads, long Memory) Held()
    {
        // The test's own memory of what was shown.
        _project.Shown.Clear();
        _project.Notes.Clear();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // Assemblies are loaded when they are first used, and stay open.
        var files = Directory.GetFiles("/proc/self/fd").Count(file => new FileInfo(file).LinkTarget?.EndsWith(".dll", StringComparison.Ordinal) == false);
        return (files, Directory.GetDirectories("/proc/self/task").Length, GC.GetTotalMemory(forceFullCollection: true));
    }
}
