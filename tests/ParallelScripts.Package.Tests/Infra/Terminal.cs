using System.Diagnostics;
using System.Text;

namespace ParallelScripts.Package.Tests;

/// <summary>A <c>dotnet</c> command on a terminal of its own, 120 columns wide, and what a person sees there.</summary>
internal sealed class Terminal : IDisposable
{
    private const int Columns = 120;

    // Python has what .NET lacks: a pseudo-terminal, with a size. What has none is no terminal for MSBuild.
    private const string InTerminal = """
        import fcntl, os, pty, struct, sys, termios
        child, terminal = pty.fork()
        if child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 40, int(sys.argv[1]), 0, 0))
            os.execvp(sys.argv[2], sys.argv[2:])
        while True:
            try:
                printed = os.read(terminal, 65536)
            except OSError:
                break
            if not printed:
                break
            os.write(1, printed)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """;

    private readonly Process _process;
    private readonly StringBuilder _printed = new();
    private readonly Task _reading;

    private Terminal(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public int ExitCode => _process.ExitCode;

    /// <summary>Everything that was printed, with its escape sequences.</summary>
    public string Printed
    {
        get
        {
            lock (_printed)
            {
                return _printed.ToString();
            }
        }
    }

    /// <summary>What stands on the terminal at this moment, without the lines that are empty.</summary>
    public string[] Screen => Show(Printed);

    public static Terminal Start(Project project, string command, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        // Also where continuous integration runs these tests, which MSBuild would believe to have no terminal.
        var start = new ProcessStartInfo("python3", ["-c", InTerminal, $"{Columns}", Dotnet.Program, command, project.FileName, "-tl:on", "-nologo", .. arguments])
        {
            WorkingDirectory = project.Folder,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Dotnet.Environment.Concat(environment ?? new Dictionary<string, string>()))
        {
            start.Environment[name] = value;
        }

        start.Environment["TERM"] = "xterm-256color";
        return new Terminal(Process.Start(start)!);
    }

    /// <summary>Waits until a line like this can be seen.</summary>
    public async Task SeenAsync(Func<string, bool> line)
    {
        for (var limit = DateTime.UtcNow.AddMinutes(3); !Screen.Any(line); await Task.Delay(20))
        {
            if (DateTime.UtcNow > limit || _reading.IsCompleted)
            {
                Assert.Fail($"It was never to be seen:\n{string.Join('\n', Screen)}");
            }
        }
    }

    /// <summary>Waits for the end, and gives what is left on the terminal.</summary>
    public async Task<string[]> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        await _reading.WaitAsync(TimeSpan.FromMinutes(5));
        return Screen;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is var count and > 0)
        {
            lock (_printed)
            {
                _printed.Append(buffer, 0, count);
            }
        }
    }

    /// <summary>A terminal that knows what MSBuild uses of one: the cursor up and along a line, erasing, colours, links.</summary>
    private static string[] Show(string printed)
    {
        var rows = new List<StringBuilder> { new() };
        var (row, column) = (0, 0);
        for (var i = 0; i < printed.Length; i++)
        {
            switch (printed[i])
            {
                case '\r':
                    column = 0;
                    break;

                case '\n':
                    row++;
                    break;

                case '\e' when i + 1 == printed.Length:
                    break;

                case '\e' when printed[i + 1] == '[':
                    var end = i + 2;
                    while (end < printed.Length && printed[end] is < '@' or > '~')
                    {
                        end++;
                    }

                    if (end < printed.Length)
                    {
                        Obey(printed[end], printed[(i + 2)..end]);
                    }

                    i = end;
                    break;

                case '\e' when printed[i + 1] == ']':
                    var over = printed.IndexOf("\e\\", i, StringComparison.Ordinal);
                    i = over < 0 ? printed.Length : over + 1;
                    break;

                case '\e':
                    i++;
                    break;

                default:
                    if (column == Columns)
                    {
                        (row, column) = (row + 1, 0);
                    }

                    var line = Line();
                    line.Append(' ', Math.Max(0, column + 1 - line.Length));
                    line[column++] = printed[i];
                    break;
            }
        }

        return [.. rows.Select(line => line.ToString().TrimEnd()).Where(line => line != "")];

        StringBuilder Line()
        {
            while (rows.Count <= row)
            {
                rows.Add(new StringBuilder());
            }

            return rows[row];
        }

        void Obey(char command, string argument)
        {
            var number = int.TryParse(argument, out var given) ? given : 1;
            switch (command)
            {
                case 'F':
                    (row, column) = (Math.Max(0, row - number), 0);
                    break;

                case 'G':
                    column = Math.Min(Columns, number) - 1;
                    break;

                case 'D':
                    column = Math.Max(0, column - number);
                    break;

                case 'K':
                    Line().Length = Math.Min(Line().Length, column);
                    break;

                case 'J':
                    Line().Length = Math.Min(Line().Length, column);
                    rows.RemoveRange(row + 1, rows.Count - row - 1);
                    break;

                case 'm' or 'h' or 'l':
                    break;

                default:
                    Assert.Fail($"This terminal does not know ESC [ {argument} {command}.");
                    break;
            }
        }
    }
}
