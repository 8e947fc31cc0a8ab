using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>The cores that MSBuild grants to this task, which it shares out among all that runs in the build.</summary>
/// <remarks>https://github.com/dotnet/msbuild/blob/main/documentation/specs/resource-management.md</remarks>
internal sealed class BuildCores(IBuildEngine engine) : ICoreGrant, IDisposable
{
    /// <summary>Between giving back and asking, nobody of this process takes what others still run scripts on.</summary>
    private static readonly Lock _between = new();

    private IBuildEngine9? _engine = engine as IBuildEngine9;
    private int _granted;

    public int Resize(int wanted)
    {
        try
        {
            // Only the first request of a task never waits for others, who may be waiting for us. After everything has been released, the
            // next one is a first one again.
            lock (_between)
            {
                Release();
                return _engine is null ? wanted : _granted = _engine.RequestCores(wanted);
            }
        }
        catch (NotImplementedException)
        {
            // A task host before MSBuild 18.6 has nobody to ask.
            _engine = null;
            return wanted;
        }
    }

    /// <summary>What is not released by the end of the task would be missing in the rest of the build (dotnet/msbuild#9474).</summary>
    public void Dispose() => Release();

    private void Release()
    {
        if (_granted > 0)
        {
            var granted = _granted;
            _granted = 0;
            _engine!.ReleaseCores(granted);
        }
    }
}
