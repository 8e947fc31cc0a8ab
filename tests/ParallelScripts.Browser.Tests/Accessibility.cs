using Deque.AxeCore.Playwright;

namespace ParallelScripts.Tests;

/// <summary>What axe-core, which knows the rules of WCAG, finds in a report: nothing, in light and in dark.</summary>
public sealed class Accessibility(Browsers browsers) : ReportTest(browsers)
{
    [Theory]
    [InlineData(20, false)]
    [InlineData(20, true)]
    [InlineData(1000, false)]
    [InlineData(1000, true)]
    [InlineData(10_000, false)]
    [InlineData(10_000, true)]
    public async Task Of_every_part_is_without_a_fault(int scripts, bool dark)
    {
        await OpenAsync(Write(scripts), dark: dark, trusted: true);
        await NothingIsWrongAsync("as it opens");

        while (await Page.Locator("button.more").CountAsync() > 0)
        {
            await Page.Locator("button.more").First.ClickAsync();
        }

        await Page.Locator("#ps-words summary").ClickAsync();
        await Page.Locator("#ps-filters button").First.ClickAsync();
        await Page.Locator("#ps-head button").Nth(3).ClickAsync();
        await Page.Locator("#ps-modes button").Nth(2).ClickAsync();
        await Page.Locator("#ps-rows tr[data-script] button").First.ClickAsync();
        await Expect(Page.Locator("#ps-details")).ToBeVisibleAsync();
        await NothingIsWrongAsync("with all open");

        await Page.Locator("#ps-search").FillAsync("there is no such script");
        await Expect(Page.Locator("#ps-count")).ToHaveTextAsync($"0 of {scripts:N0} scripts");
        await NothingIsWrongAsync("with nothing found");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_run_of_any_kind_is_without_a_fault(bool dark)
    {
        foreach (var file in (IEnumerable<Func<string>>)[
            () => Write(SampleRuns.Small()),
            () => Write(OtherRuns.Running(200), JustNow),
            () => Write(OtherRuns.Running(200), DateTimeOffset.UtcNow.AddMinutes(-3)),
            () => Write(OtherRuns.Canceled(200)),
            () => Write(OtherRuns.UpToDate(200)),
            () => Write(OtherRuns.Succeeded(200)),
            () => Write(OtherRuns.OnNodes(200))])
        {
            await OpenAsync(file(), dark: dark, trusted: true);
            await StayAsItIsAsync();
            await NothingIsWrongAsync(await Page.TitleAsync());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_a_narrow_screen_is_without_a_fault(bool dark)
    {
        await OpenAsync(Write(SampleRuns.Small()), "#fit.py", width: 400, dark: dark, trusted: true);
        await NothingIsWrongAsync("narrow");

        // Nothing makes the page itself wider than the screen.
        Assert.Equal("400", await EvaluateAsync("document.documentElement.scrollWidth"));
        await OpenAsync(Write(1000), width: 400, dark: dark);
        Assert.Equal("400", await EvaluateAsync("document.documentElement.scrollWidth"));
    }

    private async Task NothingIsWrongAsync(string when)
    {
        var found = await Page.RunAxe();

        Assert.True(found.Violations.Length == 0, $"{when}:\n" + string.Join('\n', found.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id}: {rule.Help}: {node.Html}\n{string.Join(' ', node.Any.Select(check => check.Message))}"))));
        Assert.NotEmpty(found.Passes);
    }
}
