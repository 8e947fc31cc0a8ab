namespace ParallelScripts;

/// <summary>Why a script ran or did not, in words; the same words in the log, the items and <c>run.json</c>.</summary>
public static class Reasons
{
    public const string NoOutputs = "it declares no Outputs, so it always runs";

    public static string Skipped(ScriptGraph graph, SkippedScript skipped) =>
        skipped.Because is not { } blamed ? "the run was cancelled"
        : skipped.DependsOnIt ? $"it depends on '{graph[blamed].Name}', which did not succeed"
        : $"the run stopped when '{graph[blamed].Name}' failed";
}
