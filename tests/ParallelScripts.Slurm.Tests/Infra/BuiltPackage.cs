using System.Diagnostics;

namespace ParallelScripts.Tests;

/// <summary>What the package puts into a project, laid out from what was built last: for runs that a test can kill without ending itself.</summary>
internal static class BuiltPackage
{
    /// <summary>Lays it out in a folder, and gives the text of a project that uses it.</summary>
    public static string ProjectText(string folder, string items)
    {
        var root = Root();
        Copy(Path.Combine(root, "build"), Path.Combine(folder, "build"));

        // Where the set that was compiled ahead would be.
        Copy(Path.Combine(root, "src/ParallelScripts/bin/Debug/net10.0"), Path.Combine(folder, "tasks/net10.0/linux-x64"));
        return $"""
            <Project>
              <Import Project="{folder}/build/ParallelScripts.props" />
              <ItemGroup>
            {items}
              </ItemGroup>
              <Import Project="{folder}/build/ParallelScripts.targets" />
            </Project>
            """;
    }

    /// <summary>Starts a run; what it prints goes to a file beside the project.</summary>
    public static Process Start(string project, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet msbuild \"$1\" -t:RunAnalyses -nodeReuse:false >> \"$1.log\" 2>&1 < /dev/null", "sh", project]);
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ParallelScripts.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
