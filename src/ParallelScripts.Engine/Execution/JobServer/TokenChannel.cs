using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ParallelScripts;

/// <summary>
/// Where what runs inside one script takes its tokens and puts them back: a named pipe with a byte for each. One a script, so
/// that what a killed <c>make</c> took can be told from what others have.
/// </summary>
/// <remarks>https://www.gnu.org/software/make/manual/html_node/POSIX-Jobserver.html</remarks>
internal sealed unsafe class TokenChannel : IDisposable
{
    /// <summary><c>select</c> of an older make knows no larger number.</summary>
    private const int LargestDescriptor = 1000;

    private const byte Token = (byte)'+';

    private readonly string _path;
    private readonly int _ours;
    private readonly List<int> _theirs = [];

    /// <exception cref="IOException">The system has no room for it.</exception>
    public TokenChannel(string path, JobServerStyle style)
    {
        _path = path;
        Check(LibC.mkfifo(path, 0x180 /* 0600 */));
        try
        {
            // Both ways, so that it opens without anybody at the other end, and never seems closed to who reads.
            _ours = Check(LibC.open(path, LibC.O_RDWR | LibC.O_NONBLOCK | LibC.O_CLOEXEC));
            if (style == JobServerStyle.Pipe)
            {
                // Opened anew, because whether reading waits belongs to each opening: make before 4.3 counts on it, and makes since change it.
                _theirs.Add(Check(LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC)));
                _theirs.Add(Check(LibC.open(path, LibC.O_WRONLY | LibC.O_CLOEXEC)));
                if (_theirs.Exists(descriptor => descriptor > LargestDescriptor))
                {
                    throw new IOException("too many files are open for the job server of a make");
                }

                File.Delete(path);
            }
        }
        catch (IOException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How many slots are lent through it.</summary>
    public int Lent { get; private set; }

    /// <summary>What the script has to inherit.</summary>
    public IReadOnlyList<int> Descriptors => _theirs;

    /// <summary>Where make finds it, as one of its options.</summary>
    public string Option => string.Create(CultureInfo.InvariantCulture, $"--jobserver-auth={(_theirs.Count == 0 ? $"fifo:{_path.Replace(" ", "\\ ", StringComparison.Ordinal)}" : $"{_theirs[0]},{_theirs[1]}")}");

    /// <summary>Whether something that was lent through it lies there, and nobody takes it.</summary>
    public bool HasUnused
    {
        get
        {
            var descriptor = new LibC.PollDescriptor { Descriptor = _ours, Events = LibC.POLLIN };
            return Lent > 0 && LibC.poll(&descriptor, 1, 0) == 1 && (descriptor.Happened & LibC.POLLIN) != 0;
        }
    }

    /// <summary>Gives tokens for slots that the script has anyway, beside the one that every make has without a token.</summary>
    public void PutOwn(int tokens)
    {
        for (; tokens > 0; tokens--)
        {
            Write();
        }
    }

    public bool TryLend()
    {
        if (!Write())
        {
            return false;
        }

        Lent++;
        return true;
    }

    public bool TryTakeBack()
    {
        byte token;
        if (Lent == 0 || LibC.read(_ours, &token, 1) != 1)
        {
            return false;
        }

        Lent--;
        return true;
    }

    public void Dispose()
    {
        foreach (var descriptor in _theirs.Append(_ours).Where(descriptor => descriptor > 0))
        {
            _ = LibC.close(descriptor);
        }

        File.Delete(_path);
    }

    private bool Write()
    {
        var token = Token;
        return LibC.write(_ours, &token, 1) == 1;
    }

    private static int Check(int result) => result >= 0 ? result : throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
}
