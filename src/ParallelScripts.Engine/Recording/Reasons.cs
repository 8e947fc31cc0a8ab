namespace ParallelScripts;

/// <summary>Why a script ran or did not, in words; the same words in the log, the items and <c>run.json</c>.</summary>
public static class Reasons
{
    public const string NoOutputs = "it declares no Outputs, so it always runs";

    public const string UpToDate = "nothing that decides its result has changed";

    public const string Forced = "ScriptsForce says so";

    public const string FirstTime = "it has not run before";

    public const string NotFinished = "it did not finish last time";

    public const string FailedBefore = "it did not succeed last time";

    public static string HistoryNotRead(string why) => $"the history of earlier runs cannot be read ({why})";

    public const string WasHandedOver = "a run before this one handed it over";

    public static string AfterHandedOver(string script) => $"{script}, which it depends on, is handed over";

    public static string OutputMissing(string output) => $"{output} is missing";

    public const string OutputsAreNew = "it declares Outputs now, and did not before";

    public static string OutputIsStrange(string output) => $"{output} is among its outputs, and it did not write that";

    public static string OutputChanged(string output) => $"{output} is not as it last wrote it";

    public static string Accepted(string why) => $"its outputs were accepted as they are, though {why}";

    public static string Skipped(ScriptGraph graph, SkippedScript skipped) =>
        skipped.Because is not { } blamed ? "the run was cancelled"
        : skipped.DependsOnIt ? $"it depends on '{graph[blamed].Name}', which did not succeed"
        : $"the run stopped when '{graph[blamed].Name}' failed";
}
