using System.Globalization;

namespace ParallelScripts;

/// <summary>Signals by name, as <c>kill -l</c> has them on Linux.</summary>
internal static class Signals
{
    private static readonly string[] _names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    public static string NameOf(int signal) =>
        signal > 0 && signal < _names.Length ? "SIG" + _names[signal] : "signal " + signal.ToString(CultureInfo.InvariantCulture);
}
