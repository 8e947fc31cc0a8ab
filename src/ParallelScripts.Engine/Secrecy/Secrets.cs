using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace ParallelScripts;

/// <summary>
/// The secrets of all scripts of a run. Whatever leaves the engine goes through <see cref="Mask(string)"/> or, while a script
/// prints it, through <see cref="InFrontOf"/>; one script may print what another was given.
/// </summary>
public sealed class Secrets
{
    /// <summary>A value of fewer characters is not masked: it can be guessed, and would be found in words that it has nothing to do with.</summary>
    public const int ShortestMasked = 6;

    /// <summary>What a rainbow table or a quick guess would have to repeat for each word; some 50 ms for each secret and run.</summary>
    private const int Rounds = 100_000;

    private readonly SecretPatterns? _patterns;

    /// <summary>Those that are not in use: each is for one text at a time.</summary>
    private readonly ConcurrentBag<Masker> _maskers = [];
    private readonly Lazy<ConcurrentDictionary<(string Value, string Salt), Hash128>> _fingerprints = new();

    /// <param name="values">What is to be kept secret; too short ones are passed over.</param>
    internal Secrets(IEnumerable<string> values)
    {
        var masked = values.Where(CanBeMasked).Distinct(StringComparer.Ordinal).ToArray();
        if (masked.Length > 0)
        {
            _patterns = new SecretPatterns(masked);
        }
    }

    /// <summary>Of a run that has none: costs nothing.</summary>
    public static Secrets None { get; } = new([]);

    internal static bool CanBeMasked(string value) => value.Trim().Count(c => c is not ('\r' or '\n')) >= ShortestMasked;

    /// <summary>The text with <c>***</c> instead of each secret, however it is spelt.</summary>
    public string Mask(string text)
    {
        if (_patterns is null || text.Length < ShortestMasked)
        {
            return text;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var masker = _maskers.TryTake(out var free) ? free : new Masker(_patterns);
        var passed = masker.Pass(bytes, isLast: true);
        var masked = passed.SequenceEqual(bytes) ? text : Encoding.UTF8.GetString(passed);
        masker.Reset();
        _maskers.Add(masker);
        return masked;
    }

    /// <summary>Whether a secret is part of the text.</summary>
    internal bool IsIn(string text) => _patterns is not null && !ReferenceEquals(Mask(text), text);

    public Problem Mask(Problem problem) =>
        _patterns is null ? problem : problem with { What = Mask(problem.What), Fix = Mask(problem.Fix) };

    internal ScriptEnd Mask(ScriptEnd end) => _patterns is null ? end : end with
    {
        Reason = Mask(end.Reason),
        Problem = end.Problem is { } problem ? Mask(problem) : null,
        Told = [.. end.Told.Select(Mask)],
        PartialOutputs = end.PartialOutputs is { } folder ? Mask(folder) : null,
    };

    /// <summary>The same lines without secrets, to be stored or shown; their hash is another one.</summary>
    internal Manifest Mask(Manifest manifest) => _patterns is null ? manifest : manifest.Select(line => line with { What = Mask(line.What), Text = Mask(line.Text), Note = Mask(line.Note) });

    /// <summary>What a script's output has to pass on its way to <paramref name="output"/>; null if there is nothing to mask.</summary>
    internal MaskingSink? InFrontOf(IOutputSink output) => _patterns is null ? null : new MaskingSink(new Masker(_patterns), output);

    /// <summary>A hash that tells whether a secret has changed, and without the salt nothing else.</summary>
    internal Hash128 Fingerprint(string value, byte[] salt) => _fingerprints.Value.GetOrAdd(
        (value, Convert.ToHexString(salt)),
        _ => Hash128.Read(Rfc2898DeriveBytes.Pbkdf2(value, salt, Rounds, HashAlgorithmName.SHA256, Hash128.Size)));
}
