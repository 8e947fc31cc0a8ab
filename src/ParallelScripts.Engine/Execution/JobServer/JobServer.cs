using System.Globalization;
using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// GNU make's job server with the slots of a run for its tokens. A <c>make</c> inside a script runs one job in the script's own slot and
/// takes a token for each further one; a token is a slot that no script needs, and while it is taken no script gets that slot.
/// </summary>
internal sealed partial class JobServer : ISlotLender, IDisposable
{
    /// <summary>How often it looks who has tokens that nobody takes, and who has none left. Nobody says so: a pipe tells only what lies in it.</summary>
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(10);

    private const string Variable = "MAKEFLAGS";

    private readonly Lock _gate = new();
    private readonly List<TokenChannel> _channels = [];
    private readonly Lazy<JobServerStyle> _style;
    private readonly Lazy<string> _folder = new(() => Directory.CreateTempSubdirectory("parallelscripts-").FullName);
    private readonly Timer _timer;
    private readonly int _slots;
    private int _most;
    private int _first;
    private int _opened;

    /// <param name="style">How tokens are offered.</param>
    /// <param name="slots">How many slots the run has at most.</param>
    /// <param name="makeVersion">Asks for what <c>make --version</c> prints; null if there is no make.</param>
    public JobServer(JobServerStyle style, int slots, Func<string?> makeVersion)
    {
        _style = new Lazy<JobServerStyle>(() => style == JobServerStyle.ByMake ? StyleOf(makeVersion()) : style);
        _slots = slots;
        _timer = new Timer(_ => Look());
    }

    /// <summary>Whether this system has what it takes.</summary>
    public static bool IsSupported => LinuxProcessRunner.IsSupported;

    public Action Returned { private get; set; } = () => { };

    /// <summary>The style that this make understands: a fifo since 4.4, which is more than a descriptor that must not be lost.</summary>
    internal static JobServerStyle StyleOf(string? makeVersion) =>
        makeVersion is not null && VersionOfMake().Match(makeVersion) is { Success: true } version
        && (int.Parse(version.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(version.Groups[2].ValueSpan, CultureInfo.InvariantCulture)) is var (major, minor)
        && (major < 4 || (major == 4 && minor < 4))
            ? JobServerStyle.Pipe
            : JobServerStyle.Fifo;

    /// <summary>Opens a way for what runs inside a script to take slots, until <see cref="Close"/>.</summary>
    /// <param name="cores">How many slots the script has.</param>
    /// <exception cref="IOException">The system has no room for it.</exception>
    public TokenChannel Open(int cores)
    {
        var channel = new TokenChannel(Path.Combine(_folder.Value, Interlocked.Increment(ref _opened).ToString(CultureInfo.InvariantCulture)), _style.Value);
        channel.PutOwn(cores - 1);
        lock (_gate)
        {
            _channels.Add(channel);
            Balance();
            _timer.Change(_look, _look);
        }

        return channel;
    }

    /// <summary>The script has ended, and all it has started: whatever was lent to it is free again, also what somebody took and died.</summary>
    public void Close(TokenChannel channel)
    {
        lock (_gate)
        {
            _channels.Remove(channel);
            if (_channels.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        channel.Dispose();
    }

    /// <summary>Tells a script's make where it is, unless that was told of another one.</summary>
    public void Add(IDictionary<string, string> environment, IReadOnlyDictionary<string, string> inherited, TokenChannel channel)
    {
        var present = environment.TryGetValue(Variable, out var own) ? own : inherited.GetValueOrDefault(Variable);

        // What is after -- are variables, and an option there would be none.
        if (present is null || !(present.Contains("--jobserver-", StringComparison.Ordinal) || present.Contains("-- ", StringComparison.Ordinal)))
        {
            environment[Variable] = string.Create(CultureInfo.InvariantCulture, $"{present} -j{_slots} {channel.Option}");
        }
    }

    public int Lend(int most)
    {
        lock (_gate)
        {
            _most = most;
            Balance();
            return Lent;
        }
    }

    public void Dispose()
    {
        using var over = new ManualResetEvent(initialState: false);
        if (_timer.Dispose(over))
        {
            over.WaitOne();
        }

        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        if (_folder.IsValueCreated)
        {
            Directory.Delete(_folder.Value, recursive: true);
        }
    }

    private int Lent
    {
        get
        {
            var lent = 0;
            foreach (var channel in _channels)
            {
                lent += channel.Lent;
            }

            return lent;
        }
    }

    private void Look()
    {
        var isLess = false;
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            var before = Lent;
            Balance();
            isLess = Lent < before;
        }
        finally
        {
            _gate.Exit();
        }

        if (isLess)
        {
            Returned();
        }
    }

    /// <summary>
    /// Takes back what is lent too much and lies unused. What is not lent, and what lies unused with one script, goes to those with
    /// nothing left, in turns: most of them will never take it, and one waits for it.
    /// </summary>
    private void Balance()
    {
        var satisfied = new List<TokenChannel>();
        var hungry = new List<TokenChannel>();
        for (var i = 0; i < _channels.Count; i++)
        {
            var channel = _channels[(i + _first) % _channels.Count];
            (channel.HasUnused ? satisfied : hungry).Add(channel);
        }

        _first++;
        foreach (var channel in satisfied)
        {
            while ((hungry.Count > 0 || Lent > _most) && channel.TryTakeBack())
            {
            }
        }

        for (var i = 0; hungry.Count > 0 && Lent < _most && hungry[i % hungry.Count].TryLend(); i++)
        {
        }
    }

    [GeneratedRegex(@"GNU Make (\d+)\.(\d+)")]
    private static partial Regex VersionOfMake();
}
