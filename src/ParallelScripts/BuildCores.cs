using Microsoft.Build.Framework;

namespace ParallelScripts.Tasks;

/// <summary>
/// The cores that MSBuild grants to this task, which it shares out among all that runs in the build. To each task that asks it grants one more
/// than it counts, for the node that the task is in; of all those it counts a single one. So the others have to be taken off.
/// </summary>
/// <remarks>https://github.com/dotnet/msbuild/blob/main/documentation/specs/resource-management.md</remarks>
/// <param name="engine">The build.</param>
/// <param name="build">What runs of the same build have in common.</param>
internal sealed class BuildCores(IBuildEngine engine, string build) : ICoreGrant, IDisposable
{
    /// <summary>Between giving back and asking, nobody of this process takes what others still run scripts on.</summary>
    private static readonly Lock _between = new();

    private IBuildEngine9? _engine = engine as IBuildEngine9;
    private Neighbours? _neighbours;
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
                if (_engine is null)
                {
                    return wanted;
                }

                _neighbours ??= new Neighbours(build);
                _granted = _engine.RequestCores(wanted);
                return Neighbours.ShareOf(_granted, _neighbours.CountOthers(), Environment.ProcessorCount);
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
    public void Dispose()
    {
        Release();
        _neighbours?.Dispose();
    }

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
