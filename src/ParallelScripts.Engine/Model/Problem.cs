namespace ParallelScripts;

/// <summary>Something a person has to know about, in the form all our messages have. Made only by <see cref="Problems"/>.</summary>
/// <param name="Code"><c>PSCR</c> and four digits; the page docs/problems/{Code}.md says more.</param>
/// <param name="Place">Where to look: the project that declares the script, or the script's own line.</param>
/// <param name="What">One sentence: what is wrong with which thing.</param>
/// <param name="Fix">One sentence: what to do about it.</param>
public sealed record Problem(string Code, Place Place, string What, string Fix)
{
    /// <summary>Whether the run goes on all the same.</summary>
    public bool IsWarning { get; init; }

    /// <summary>The same, where the run is to go on all the same.</summary>
    public Problem AsWarning() => this with { IsWarning = true };

    /// <summary>Both sentences, as the log shows them.</summary>
    public override string ToString() => $"{What} {Fix}";
}
