using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ParallelScripts;

/// <summary>
/// What we write into the environment of every process that we start for a script, so that it and all it starts are found wherever they
/// went: which state directory, which run, and the how many-th process of the run. A run inside a script adds its own mark to the one it
/// inherits: what it starts belongs to both.
/// </summary>
internal sealed class Marks
{
    public const string Variable = "PARALLELSCRIPTS_MARK";

    private const char Between = ':';

    private readonly string _inherited;
    private readonly string _own;
    private readonly byte[] _ofState;
    private readonly byte[] _ofRun;

    /// <param name="stateDirectory">Held by one run at a time.</param>
    /// <param name="run">Unlike that of any other run.</param>
    /// <param name="inherited">The mark of the script that this run is a part of, or empty.</param>
    public Marks(string stateDirectory, string run, string inherited)
    {
        var state = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.TrimEndingDirectorySeparator(stateDirectory))))[..16];
        _inherited = inherited == "" ? "" : inherited + Between;
        _own = $"{state}-{run}-";
        _ofState = Encoding.UTF8.GetBytes($"{state}-");
        _ofRun = Encoding.UTF8.GetBytes(_own);
    }

    public static Marks Of(RunPlace place, IReadOnlyDictionary<string, string> environment) =>
        new(place.StateDirectory, Guid.NewGuid().ToString("N"), environment.GetValueOrDefault(Variable, ""));

    /// <summary>Whether we come from a script of a run in this same state directory, which waits for us.</summary>
    public bool IsInsideItself => _inherited.Split(Between).Any(mark => mark.StartsWith(Encoding.UTF8.GetString(_ofState), StringComparison.Ordinal));

    /// <summary>The mark of a process of this run, and of all that it starts.</summary>
    public string Of(int number) => string.Create(CultureInfo.InvariantCulture, $"{_inherited}{_own}{number}");

    /// <summary>Which process of this run it comes from that this is the environment of; null if from none.</summary>
    public int? NumberIn(ReadOnlySpan<byte> environment)
    {
        foreach (var mark in Each(environment))
        {
            if (mark.StartsWith(_ofRun) && Utf8Parser.TryParse(mark[_ofRun.Length..], out int number, out _))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>
    /// Whether this is the environment of something that an earlier run in this state directory started. Not so if we come from
    /// that run ourselves.
    /// </summary>
    public bool IsOfEarlierRun(ReadOnlySpan<byte> environment)
    {
        foreach (var mark in Each(environment))
        {
            if (mark.StartsWith(_ofState) && !mark.StartsWith(_ofRun) && !_inherited.Split(Between).Contains(Encoding.UTF8.GetString(mark)))
            {
                return true;
            }
        }

        return false;
    }

    private static MarkEnumerator Each(ReadOnlySpan<byte> environment) => new(ValueIn(environment));

    private static ReadOnlySpan<byte> ValueIn(ReadOnlySpan<byte> environment)
    {
        var name = "PARALLELSCRIPTS_MARK="u8;
        var at = environment.StartsWith(name) ? 0 : environment.IndexOf("\0PARALLELSCRIPTS_MARK="u8) + 1;
        if (!environment[at..].StartsWith(name))
        {
            return [];
        }

        var value = environment[(at + name.Length)..];
        return value.IndexOf((byte)0) is var end and >= 0 ? value[..end] : value;
    }

    private ref struct MarkEnumerator(ReadOnlySpan<byte> value)
    {
        private ReadOnlySpan<byte> _rest = value;

        public ReadOnlySpan<byte> Current { get; private set; }

        public readonly MarkEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            var end = _rest.IndexOf((byte)Between);
            Current = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? [] : _rest[(end + 1)..];
            return true;
        }
    }
}
