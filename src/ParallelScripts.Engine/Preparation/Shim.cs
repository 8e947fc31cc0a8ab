using System.Text.RegularExpressions;

namespace ParallelScripts;

/// <summary>
/// A small script in front of an interpreter, by which pyenv, rbenv, nodenv, plenv or asdf look up the real one each time, for tens of
/// milliseconds. Recognised by what it says, so that no other wrapper is ever taken for one.
/// </summary>
/// <param name="Manager">The word of the manager, in lower case.</param>
/// <param name="Root">Its folder, the one that the folder of shims is in.</param>
/// <param name="Plugin">With asdf, which of its plugins: the folder below <c>installs</c>.</param>
internal sealed partial record Shim(string Manager, string Root, string Plugin)
{
    /// <summary>Managers write shims of a few hundred bytes.</summary>
    private const int LargestShim = 4096;

    /// <summary>What the managers themselves bring to be run before every start, and what need not be: they act on pip and gem only.</summary>
    private static readonly string[] _harmlessHooks = ["pip-rehash.bash", "gem-rehash.bash"];

    /// <summary>Where installed versions are; it changes when one is added or removed.</summary>
    public string Versions => Plugin == "" ? Path.Combine(Root, "versions") : Path.Combine(Root, "installs", Plugin);

    /// <summary>The shim that a program is, or null if it is anything else.</summary>
    public static Shim? Of(string program)
    {
        try
        {
            var file = new FileInfo(program);
            if (!file.Exists || file.Length > LargestShim || file.LinkTarget is not null || Shebang.Read(program) == "")
            {
                return null;
            }

            return Read(File.ReadAllText(program), program);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The same, from its text.</summary>
    public static Shim? Read(string text, string program)
    {
        if (Path.GetDirectoryName(program) is not { } folder || Path.GetFileName(folder) != "shims" || Path.GetDirectoryName(folder) is not { } root)
        {
            return null;
        }

        return EnvExec().Match(text) is { Success: true } env ? new Shim(env.Groups["manager"].Value, root, "")
            : AsdfExec().IsMatch(text) && AsdfPlugin().Match(text) is { Success: true } plugin ? new Shim("asdf", root, plugin.Groups["plugin"].Value)
            : null;
    }

    /// <summary>Whether all that it does for a script is to look a version up and to put that version's folder on the <c>PATH</c>.</summary>
    public bool OnlyLooksUp()
    {
        if (Manager == "asdf")
        {
            // A plugin may set an environment of its own.
            return !File.Exists(Path.Combine(Root, "plugins", Plugin, "bin", "exec-env"));
        }

        string[] hooks =
        [
            Path.Combine(Root, $"{Manager}.d", "exec"), $"/usr/local/etc/{Manager}.d/exec", $"/etc/{Manager}.d/exec", $"/usr/lib/{Manager}/hooks/exec",
            .. Folders(Path.Combine(Root, "plugins")).Select(plugin => Path.Combine(plugin, "etc", $"{Manager}.d", "exec")),
        ];
        return hooks.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.bash")).All(file => _harmlessHooks.Contains(Path.GetFileName(file)));
    }

    private static string[] Folders(string folder) => Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];

    // exec "/home/me/.pyenv/libexec/pyenv" exec "$program" "$@"
    [GeneratedRegex("""^exec\s+"?[^"\n]*/?(?<manager>pyenv|rbenv|nodenv|plenv)"?\s+exec\s+"\$program"\s+"\$@"\s*$""", RegexOptions.Multiline)]
    private static partial Regex EnvExec();

    // exec /home/me/.asdf/bin/asdf exec "python3" "$@" # asdf_allow: ' asdf '
    [GeneratedRegex("""^exec\s+"?[^"\n]*/?asdf"?\s+exec\s+"[^"\n]+"\s+"\$@"\s*(#.*)?$""", RegexOptions.Multiline)]
    private static partial Regex AsdfExec();

    // # asdf-plugin: python 3.11.2
    [GeneratedRegex("""^# asdf-plugin: (?<plugin>[^\s/]+) """, RegexOptions.Multiline)]
    private static partial Regex AsdfPlugin();
}
