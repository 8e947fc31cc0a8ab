using System.Collections;

namespace ParallelScripts;

/// <summary>The environment that scripts inherit.</summary>
public static class RunEnvironment
{
    /// <summary>
    /// What <c>dotnet</c> and MSBuild set for themselves. Left in, a script that calls another <c>dotnet</c>, or another
    /// version of it, would be sent to the SDK of this build.
    /// </summary>
    private static readonly HashSet<string> _builds = new(StringComparer.OrdinalIgnoreCase)
    {
        "DOTNET_HOST_PATH",
        "MSBuildExtensionsPath",
        "MSBuildSDKsPath",
        "MSBuildLoadMicrosoftTargetsReadOnly",
        "MSBUILDFAILONDRIVEENUMERATINGWILDCARD",
        "_MSBUILDTLENABLED",
        "MSBUILD_EXE_PATH",
        "MSBuildToolsPath",
        "MSBUILDUSESERVER",
        "MSBUILDLOGIMPORTS",
        "MSBUILDBINARYLOGGERENABLED",
        "MSBUILDTARGETOUTPUTLOGGING",
        "DOTNET_NUGET_SIGNATURE_VERIFICATION",
    };

    /// <summary>This process' environment without the build's own variables.</summary>
    public static IReadOnlyDictionary<string, string> WithoutTheBuilds()
    {
        var environment = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!_builds.Contains(name))
            {
                environment[name] = (string?)variable.Value ?? "";
            }
        }

        return environment;
    }
}
