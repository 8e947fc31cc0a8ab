using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>
/// Each script as an event of the build, for the binary log and whoever reads it. The names are those of the metadata of a result, and a few more. A custom
/// event without a message is for such loggers only: consoles pass it over, and so show each script once, in a line for people.
/// </summary>
internal static class ScriptEvents
{
    /// <summary>What tells our events from those of others.</summary>
    public const string Type = "ParallelScripts.Script";

    public static ExtendedCustomBuildEventArgs Of(ScriptRecord script, RunPlace place)
    {
        var facts = ScriptResult.Facts(script, place, text => text);
        facts["Slot"] = ScriptResult.Text(script.Slot);
        facts["Command"] = CommandLine.Show(script.Command);
        facts["Problem"] = script.Problem ?? "";
        return new ExtendedCustomBuildEventArgs(Type, message: null, helpKeyword: null, senderName: "ParallelScripts") { ExtendedMetadata = facts! };
    }
}
