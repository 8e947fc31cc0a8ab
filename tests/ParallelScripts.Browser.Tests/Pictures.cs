namespace ParallelScripts.Tests;

/// <summary>Pictures of reports of every kind, for a person to look at.</summary>
public sealed class Pictures(Browsers browsers) : ReportTest(browsers)
{
    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(1000)]
    [InlineData(10_000)]
    public async Task Of_runs_of_all_sizes(int scripts)
    {
        var file = Write(scripts == 3 ? SampleRuns.Small() : SampleRuns.Of(scripts));
        foreach (var (width, dark) in new[] { (400, false), (400, true), (1000, true), (1280, false), (1920, false), (1920, true) })
        {
            await OpenAsync(file, width: width, dark: dark);
            await PictureAsync($"{scripts}-{width}-{Theme(dark)}");
        }

        foreach (var (width, dark) in new[] { (1400, false), (1400, true), (400, false) })
        {
            await OpenAsync(file, scripts == 3 ? "#fit.py" : $"#{Uri.EscapeDataString($"check/check-{scripts - 2:0000}.{((scripts - 2) % 5 == 0 ? "R" : "py")}")}", width, 900, dark);
            await PictureAsync($"{scripts}-selected-{width}-{Theme(dark)}", whole: false);
        }

        AllWasWell();
    }

    [Theory]
    [InlineData("running")]
    [InlineData("stopped")]
    [InlineData("canceled")]
    [InlineData("up-to-date")]
    [InlineData("succeeded")]
    [InlineData("nodes")]
    [InlineData("64-slots")]
    public async Task Of_runs_of_all_kinds(string kind)
    {
        var file = kind switch
        {
            "running" => Write(OtherRuns.Running(200), JustNow),
            "stopped" => Write(OtherRuns.Running(200), DateTimeOffset.UtcNow.AddMinutes(-3)),
            "canceled" => Write(OtherRuns.Canceled(200)),
            "up-to-date" => Write(OtherRuns.UpToDate(200)),
            "succeeded" => Write(OtherRuns.Succeeded(200)),
            "64-slots" => Write(SampleRuns.Of(2000, slots: 64)),
            _ => Write(OtherRuns.OnNodes(200)),
        };
        foreach (var (width, dark) in new[] { (400, false), (1280, false), (1280, true) })
        {
            await OpenAsync(file, width: width, dark: dark);
            await StayAsItIsAsync();
            await PictureAsync($"{kind}-{width}-{Theme(dark)}");
        }

        AllWasWell();
    }

    [Fact]
    public async Task Of_a_run_on_paper()
    {
        await OpenAsync(Write(20), "#check%2Fcheck-0018.py", width: 794, dark: true);
        await Page.EmulateMediaAsync(new() { Media = Microsoft.Playwright.Media.Print });
        await EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        await PictureAsync("20-on-paper");
        AllWasWell();
    }

    private static string Theme(bool dark) => dark ? "dark" : "light";
}
