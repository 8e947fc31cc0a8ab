namespace ParallelScripts;

/// <summary>The colours of outcomes in a drawing: a pale fill, and a border in the colour that the page of the report has for it. Text on them is black.</summary>
internal static class OutcomeColours
{
    /// <summary>The longest path.</summary>
    public const string Path = "#a0168c";

    public static readonly IReadOnlyList<(string Outcome, string Fill, string Border)> All =
    [
        (nameof(Outcome.Succeeded), "#d8f0df", "#2d7d46"),
        (nameof(Outcome.UpToDate), "#dfe8f5", "#5a7aa8"),
        (nameof(Outcome.Failed), "#fbd5d8", "#c4212f"),
        (nameof(Outcome.TimedOut), "#fbe0cc", "#a3470b"),
        (DrawnNode.Tolerated, "#f6e9c5", "#8a6100"),
        (nameof(Outcome.Canceled), "#e6e0f2", "#6a5a8c"),
        (nameof(Outcome.Skipped), "#eceef0", "#69737e"),
        (nameof(Outcome.HandedOver), "#eceef0", "#69737e"),
    ];

    /// <summary>Null for what has none.</summary>
    public static (string Outcome, string Fill, string Border)? Of(string? outcome)
    {
        foreach (var one in All)
        {
            if (one.Outcome == outcome)
            {
                return one;
            }
        }

        return null;
    }
}
