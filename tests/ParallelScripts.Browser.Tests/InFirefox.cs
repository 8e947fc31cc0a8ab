namespace ParallelScripts.Tests;

/// <summary>The report in the Firefox of the system. What is tried in Chromium is tried here by its main paths.</summary>
public sealed class InFirefox(Browsers browsers) : ReportTest(browsers)
{
    [Theory]
    [InlineData(20)]
    [InlineData(1000)]
    [InlineData(10_000)]
    public async Task Opens_draws_and_can_be_used(int scripts)
    {
        var time = await OpenAsync(Write(scripts), inFirefox: true);
        TestContext.Current.TestOutputHelper?.WriteLine($"{scripts} scripts: usable after {time.TotalMilliseconds:0} ms");

        await Expect(Page.Locator("#ps-outcome")).ToHaveTextAsync("failed");
        Assert.True(int.Parse(await EvaluateAsync("new Set(document.querySelector('#ps-timeline').getContext('2d').getImageData(0, 0, 600, 120).data).size"), null) > 10);
        await Page.Locator("#ps-rows tr[data-script] button").First.ClickAsync();
        await Expect(Page.Locator("#ps-details")).ToBeVisibleAsync();
        await Page.Locator("#ps-modes button").Last.ClickAsync();
        await Page.Locator("#ps-search").FillAsync("fit");
        await Expect(Page.Locator("#ps-clear")).ToBeVisibleAsync();
        await Page.ReloadAsync();
        await Expect(Page.Locator("#ps-search")).ToHaveValueAsync("fit");
        await Expect(Page.Locator("#ps-details")).ToBeVisibleAsync();
        AllWasWell();

        // Last: for a picture, Playwright adds a style, which the page's policy refuses.
        await PictureAsync($"firefox-{scripts}", whole: false);
    }

    [Fact]
    public async Task Loads_itself_again_while_a_run_goes_on()
    {
        await OpenAsync(Write(OtherRuns.Running(200), JustNow), inFirefox: true);
        await Expect(Page.Locator("#ps-outcome")).ToHaveTextAsync("running");

        Write(200);

        await Expect(Page.Locator("#ps-outcome")).ToHaveTextAsync("failed", new() { Timeout = UntilItLoadsItselfAgain });
        AllWasWell();
    }
}
