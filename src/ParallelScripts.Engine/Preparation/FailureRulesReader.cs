using System.Globalization;

namespace ParallelScripts;

/// <summary>Reads what a script says about its failures: <c>Timeout</c>, <c>Retries</c>, <c>RetryDelay</c> and <c>ContinueOnError</c>.</summary>
internal static class FailureRulesReader
{
    /// <summary>More would be a script that never ends by failing.</summary>
    private const int MostRetries = 1000;

    public static FailureRules Read(Script script, ICollection<Problem> problems) =>
        script is { Timeout: "", Retries: "", RetryDelay: "", ContinueOnError: "" }
            ? FailureRules.Default
            : new FailureRules
            {
                Timeout = ReadTimeout(script, problems),
                Retries = ReadRetries(script, problems),
                RetryDelay = ReadRetryDelay(script, problems),
                ContinueOnError = ReadContinueOnError(script, problems),
            };

    private static TimeLimit? ReadTimeout(Script script, ICollection<Problem> problems)
    {
        var text = script.Timeout.Trim();
        if (text.EndsWith('%'))
        {
            if (double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var percent) && percent > 100)
            {
                return new TimeLimit(null, percent);
            }

            problems.Add(Problems.NotATimeout(script, "a percentage is of what the script usually takes, and more than 100"));
            return null;
        }

        if (!TimeText.TryRead(text, out var time, out var wrong))
        {
            problems.Add(Problems.NotATimeout(script, wrong));
        }

        return time is { } limit ? new TimeLimit(limit, null) : null;
    }

    private static int ReadRetries(Script script, ICollection<Problem> problems)
    {
        if (script.Retries == "")
        {
            return 0;
        }

        if (!int.TryParse(script.Retries, NumberStyles.None, CultureInfo.InvariantCulture, out var retries) || retries > MostRetries)
        {
            problems.Add(Problems.NotRetries(script, MostRetries));
        }

        return retries;
    }

    private static TimeSpan ReadRetryDelay(Script script, ICollection<Problem> problems)
    {
        if (script.RetryDelay == "")
        {
            return Backoff.DefaultDelay;
        }

        if (!TimeText.TryRead(script.RetryDelay, out var delay, out var wrong))
        {
            problems.Add(Problems.NotALengthOfTime(script, nameof(Script.RetryDelay), script.RetryDelay, wrong));
        }

        return delay ?? TimeSpan.Zero;
    }

    private static ContinueOnError ReadContinueOnError(Script script, ICollection<Problem> problems)
    {
        // MSBuild's own: true is WarnAndContinue and false is ErrorAndStop.
        if (script.ContinueOnError == "" || (bool.TryParse(script.ContinueOnError, out var goesOn) && !goesOn))
        {
            return ContinueOnError.ErrorAndStop;
        }

        return goesOn
            ? ContinueOnError.WarnAndContinue
            : OptionReader.ReadName(new Setting($"ContinueOnError of script '{script.Name}'", script.ContinueOnError, script.Place), ContinueOnError.ErrorAndStop, problems);
    }
}
