using Microsoft.Data.Sqlite;

namespace ParallelScripts;

/// <summary>The state directory cannot be used.</summary>
public sealed class StateException(Problem problem, Exception? inner = null) : Exception(problem.ToString(), inner)
{
    public Problem Problem { get; } = problem;

    internal static void Watch(RunPlace place, Action write) => Watch(
        place,
        () =>
        {
            write();
            return true;
        });

    internal static T Watch<T>(RunPlace place, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or HistoryUnusableException or SqliteException)
        {
            throw new StateException(Problems.StateNotWritable(place, refused.Message), refused);
        }
    }
}
