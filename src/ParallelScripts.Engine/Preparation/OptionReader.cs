using System.Globalization;

namespace ParallelScripts;

/// <summary>Reads what a person wrote into properties.</summary>
internal static class OptionReader
{
    public static RunOptions Read(RunRequest request, ICollection<Problem> problems) => new()
    {
        Slots = (ReadSlots(request.MaxDegreeOfParallelism, problems) is var slots && slots > 0) ? slots : Environment.ProcessorCount,
        AreSlotsExact = slots > 0,
        Grant = request.Grant,
        SetsThreadVariables = ReadBoolean(request.SetThreadVariables, true, problems),
        JobServer = ReadJobServer(request.JobServer, problems),
        Schedule = ReadName(request.Schedule, Schedule.Eager, problems),
        OnFailure = ReadName(request.OnFailure, OnFailure.StopStarting, problems),
        Wait = ReadBoolean(request.Wait, true, problems),
        Output = ReadName(request.Output, ShownOutput.All, problems),
        GroupOutput = ReadBoolean(request.GroupOutput, false, problems),
        ShowsLiveProgress = ReadBoolean(request.LiveProgress, true, problems),
        CountsAsError = request.CountsAsError,
        MinFreeMemory = ReadMinFreeMemory(request.MinFreeMemory, problems),
        KillGrace = ReadTime(request.KillGrace, new RunOptions().KillGrace, problems) ?? TimeSpan.Zero,
    };

    /// <summary>Whether every script's own switches can be read; what cannot is a problem.</summary>
    public static void Check(IEnumerable<Script> scripts, ICollection<Problem> problems)
    {
        foreach (var script in scripts)
        {
            ReadBoolean(new Setting($"{nameof(Script.IgnoreStandardErrorWarningFormat)} of script '{script.Name}'", script.IgnoreStandardErrorWarningFormat, script.Place), false, problems);
        }
    }

    private static bool ReadBoolean(Setting setting, bool otherwise, ICollection<Problem> problems)
    {
        if (string.IsNullOrWhiteSpace(setting.Value))
        {
            return otherwise;
        }

        if (!bool.TryParse(setting.Value, out var value))
        {
            problems.Add(Problems.NotTrueOrFalse(setting));
        }

        return value;
    }

    /// <summary>Null if it is 0.</summary>
    public static TimeSpan? ReadTime(Setting setting, TimeSpan? otherwise, ICollection<Problem> problems)
    {
        if (string.IsNullOrWhiteSpace(setting.Value))
        {
            return otherwise;
        }

        if (!TimeText.TryRead(setting.Value, out var time, out var wrong))
        {
            problems.Add(Problems.NotALengthOfTime(setting, wrong));
        }

        return time;
    }

    private static MinFreeMemory? ReadMinFreeMemory(Setting setting, ICollection<Problem> problems)
    {
        if (!MinFreeMemory.TryRead(setting.Value ?? "", out var free))
        {
            problems.Add(Problems.NotMinFreeMemory(setting));
        }

        return free;
    }

    /// <summary>0 if that is left to others.</summary>
    private static int ReadSlots(Setting setting, ICollection<Problem> problems)
    {
        if (string.IsNullOrWhiteSpace(setting.Value))
        {
            return 0;
        }

        if (!int.TryParse(setting.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var slots) || slots < 0)
        {
            problems.Add(Problems.NotADegree(setting));
        }

        return slots;
    }

    private static JobServerStyle ReadJobServer(Setting setting, ICollection<Problem> problems)
    {
        if (string.IsNullOrWhiteSpace(setting.Value))
        {
            return JobServerStyle.None;
        }

        var style = JobServerStyle.None;
        switch (setting.Value.Trim().ToLowerInvariant())
        {
            case "false":
                return JobServerStyle.None;

            case "true":
                style = JobServerStyle.ByMake;
                break;

            case "fifo":
                style = JobServerStyle.Fifo;
                break;

            case "pipe":
                style = JobServerStyle.Pipe;
                break;

            default:
                problems.Add(Problems.NotOneOf(setting, ["false", "true", nameof(JobServerStyle.Fifo), nameof(JobServerStyle.Pipe)]));
                return JobServerStyle.None;
        }

        if (!JobServer.IsSupported)
        {
            problems.Add(Problems.NoJobServerHere(setting));
        }

        return style;
    }

    public static T ReadName<T>(Setting setting, T otherwise, ICollection<Problem> problems)
        where T : struct, Enum
    {
        if (string.IsNullOrWhiteSpace(setting.Value))
        {
            return otherwise;
        }

        // Enum.TryParse would take '7' and 'Eager,Tiers' too.
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(value.ToString(), setting.Value.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        problems.Add(Problems.NotOneOf(setting, Enum.GetNames<T>()));
        return otherwise;
    }
}
