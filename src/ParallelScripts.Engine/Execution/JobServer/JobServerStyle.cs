namespace ParallelScripts;

/// <summary>How a <c>make</c> inside a script gets slots of the run: the two forms of GNU make's job server.</summary>
public enum JobServerStyle
{
    /// <summary>It gets none, and does what it would do anywhere.</summary>
    None,

    /// <summary><see cref="Fifo"/> if the <c>make</c> on the PATH knows it, or there is none; else <see cref="Pipe"/>.</summary>
    ByMake,

    /// <summary>A named pipe, which anybody can open who is told its name: GNU make 4.4, ninja 1.13, cargo.</summary>
    Fifo,

    /// <summary>Two open files, which every GNU make knows, and lost where a program between does not pass them on.</summary>
    Pipe,
}
