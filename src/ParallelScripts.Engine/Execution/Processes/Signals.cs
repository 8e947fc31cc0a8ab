using System.Globalization;

namespace ParallelScripts;

/// <summary>Signals by name, as <c>kill -l</c> has them on Linux.</summary>
internal static class Signals
{
    /// <summary>A shell whose last command was killed by signal n exits with this plus n.</summary>
    public const int OfShell = 128;

    private static readonly string[] _names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The signal that an exit code of a shell speaks of; null if of none.</summary>
    public static string? OfExitCode(int code) => code > OfShell && code - OfShell < _names.Length ? NameOf(code - OfShell) : null;

    public static string NameOf(int signal) =>
        signal > 0 && signal < _names.Length ? "SIG" + _names[signal] : "signal " + signal.ToString(CultureInfo.InvariantCulture);
}
