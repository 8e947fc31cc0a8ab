using System.Text.RegularExpressions;

namespace ParallelScripts.Tests;

/// <summary>The report of a run that goes on: it loads itself again, nothing jumps, and it can be told from that of a run that was killed.</summary>
public sealed partial class WhileRunning(Browsers browsers) : ReportTest(browsers)
{
    [Fact]
    public async Task Loads_itself_again_until_the_run_has_ended()
    {
        await OpenAsync(Write(OtherRuns.Running(200), JustNow));
        await Expect(Page.Locator("#ps-outcome")).ToHaveTextAsync("running");
        await Expect(Page.Locator("#ps-live-words")).ToHaveTextAsync(Words());

        Write(200);

        await Expect(Page.Locator("#ps-outcome")).ToHaveTextAsync("failed", new() { Timeout = UntilItLoadsItselfAgain });
        await Expect(Page.Locator("#ps-live")).ToBeHiddenAsync();
        AllWasWell();
    }

    [Fact]
    public async Task Keeps_all_that_a_person_has_chosen()
    {
        await OpenAsync(Write(OtherRuns.Running(1000), JustNow), dark: true);
        await Page.Locator("#ps-pause").ClickAsync();
        await Page.Locator("#ps-theme").ClickAsync();
        await Page.Locator("#ps-time-in").ClickAsync();
        await Page.Locator("#ps-modes button").Last.ClickAsync();
        await Page.Locator("#ps-graph-in").ClickAsync();
        await Page.Locator("#ps-filters [data-kind=Succeeded]").ClickAsync();
        await Page.Locator("#ps-head button").First.ClickAsync();
        await Page.Locator("#ps-search").FillAsync("py");
        await EvaluateAsync("document.querySelector('#ps-scroll').scrollTop = 2800");
        await Page.Locator("#ps-rows tr[data-script] button").Nth(12).ClickAsync();
        await Page.Locator("#ps-search").FocusAsync();
        await EvaluateAsync("scrollTo(0, 500)");
        const string Chosen = """
            await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))),
            JSON.stringify([location.hash, scrollY, document.activeElement.id, document.documentElement.dataset.theme, document.querySelector('#ps-scroll').scrollTop, document.querySelector('#ps-search').value, document.querySelector('#ps-count').textContent,
              [...document.querySelectorAll('[aria-pressed=true]')].map(one => one.textContent), [...document.querySelectorAll('[aria-sort]')].map(one => one.ariaSort), document.querySelectorAll('#ps-path li').length, document.querySelector('#ps-details h2').textContent,
              document.querySelector('#ps-timeline').toDataURL().length, document.querySelector('#ps-graph').toDataURL().length])
            """;
        await UntilAsync("document.querySelector('#ps-rows tr.selected') !== null");
        var before = await EvaluateAsync($"({Chosen})");

        await Page.ReloadAsync();

        Assert.Equal(before, await EvaluateAsync($"({Chosen})"));
        Assert.Equal("Go on", await Page.Locator("#ps-pause").InnerTextAsync());
        AllWasWell();
    }

    [Fact]
    public async Task Begins_anew_when_it_is_opened_anew()
    {
        var file = Write(1000);
        await OpenAsync(file);
        await Page.Locator("#ps-search").FillAsync("py");

        await Page.GotoAsync("about:blank");
        await Page.GotoAsync(AddressOf(file));

        await Expect(Page.Locator("#ps-search")).ToHaveValueAsync("");
        await Expect(Page.Locator("#ps-count")).ToHaveTextAsync("1,000 scripts");
    }

    [Fact]
    public async Task Does_not_load_itself_again_while_it_is_paused()
    {
        await OpenAsync(Write(OtherRuns.Running(200), JustNow));
        await Page.Locator("#ps-pause").ClickAsync();
        Write(200);

        // Two times what it rests between two loads: something that does not happen can only be waited for.
        await EvaluateAsync("await new Promise(passed => setTimeout(passed, 7000))");
        await Expect(Page.Locator("#ps-outcome")).ToHaveTextAsync("running");
        await Expect(Page.Locator("#ps-live-state")).ToHaveTextAsync("Paused.");

        await Page.Locator("#ps-pause").ClickAsync();
        await Expect(Page.Locator("#ps-outcome")).ToHaveTextAsync("failed", new() { Timeout = UntilItLoadsItselfAgain });
    }

    [Fact]
    public async Task Says_that_a_run_seems_to_have_stopped_when_nobody_writes_it_any_more()
    {
        await OpenAsync(Write(OtherRuns.Running(200), DateTimeOffset.UtcNow.AddMinutes(-3)));

        await Expect(Page.Locator("#ps-live-state")).ToHaveTextAsync("It seems to have stopped.");
        await Expect(Page.Locator("#ps-live-words")).ToContainTextAsync("This page was last written 3 m ");
        await Expect(Page.Locator("#ps-h-running")).ToHaveTextAsync("What ran");
        await Expect(Page.Locator("#ps-outcome")).ToHaveTextAsync("not finished");

        // The next run writes its own in this place, and the page that is open follows.
        Write(OtherRuns.Running(200), JustNow);
        await Expect(Page.Locator("#ps-live-words")).ToHaveTextAsync(Words(), new() { Timeout = UntilItLoadsItselfAgain });
        AllWasWell();
    }

    [GeneratedRegex(@"^Running for \d+ s: 135 of 200 scripts ended, 6 running, about \d+ s left by earlier runs\. As of .*\.$")]
    private static partial Regex Words();
}
