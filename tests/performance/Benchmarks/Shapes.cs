namespace ParallelScripts.Benchmarks;

/// <summary>The shapes that graphs of scripts have.</summary>
public enum Shape
{
    /// <summary>Each after the one before it.</summary>
    Chain,

    /// <summary>None after another.</summary>
    Wide,

    /// <summary>Tiers of a hundred, each script after two of the tier before, as workflows of many samples are.</summary>
    Layered,

    /// <summary>The second half after all of the first, by a glob.</summary>
    AllToAll,

    /// <summary>Each after up to three of those before it.</summary>
    Random,
}

/// <summary>Declares graphs of a shape.</summary>
internal static class Shapes
{
    public static Script[] Of(Shape shape, int count)
    {
#pragma warning disable CA5394 // The same graph each time is what is wanted.
        var random = new Random(1);
        return
        [
            .. Enumerable.Range(0, count).Select(i => new Script
            {
                Name = Name(shape, i, count),
                Include = Name(shape, i, count),
                DependsOn = shape switch
                {
                    Shape.Chain when i > 0 => [Name(shape, i - 1, count)],
                    Shape.Layered when i >= 100 => [Name(shape, i - 100, count), Name(shape, ((i / 100) - 1) * 100 + ((i + 1) % 100), count)],
                    Shape.AllToAll when i >= count / 2 => ["first/*.sh"],
                    Shape.Random when i > 0 => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Name(shape, random.Next(i), count)).Distinct()],
                    _ => [],
                },
            }),
        ];
#pragma warning restore CA5394
    }

    private static string Name(Shape shape, int i, int count) => shape == Shape.AllToAll ? $"{(i < count / 2 ? "first" : "second")}/{i}.sh" : $"s{i}.sh";
}
