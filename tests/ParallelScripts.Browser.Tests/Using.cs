using Microsoft.Playwright;

namespace ParallelScripts.Tests;

/// <summary>The report as a person uses it: searches, filters, selects, clicks, and goes by keys.</summary>
public sealed class Using(Browsers browsers) : ReportTest(browsers)
{
    [Theory]
    [InlineData(20)]
    [InlineData(1000)]
    [InlineData(10_000)]
    public async Task Every_part_can_be_clicked(int scripts)
    {
        await OpenAsync(Write(scripts));

        // What is there at first, and what comes into being by clicking: whoever is clicked may disappear, and the rest is clicked all the same.
        foreach (var part in new[] { "#ps-theme", "#ps-failed button.link", "#ps-details button.link", "#ps-details .close", "[data-zoom]", "#ps-path button.link", "button.more", "#ps-modes button", "#ps-head button", "#ps-filters button", "#ps-clear", "#ps-rows tr[data-script]", "#ps-words summary" })
        {
            var some = Page.Locator(part);
            Assert.True(await some.CountAsync() > 0, part);
            for (var number = 0; number < Math.Min(30, await some.CountAsync()); number++)
            {
                if (await some.Nth(number).IsVisibleAsync())
                {
                    await some.Nth(number).ClickAsync();
                    await Page.Keyboard.PressAsync("Escape");
                }
            }

            if (part == "#ps-failed button.link")
            {
                await some.First.ClickAsync();
                await Expect(Page.Locator("#ps-details")).ToBeVisibleAsync();
            }
        }

        foreach (var canvas in new[] { "#ps-timeline", "#ps-graph" })
        {
            var box = (await Page.Locator(canvas).BoundingBoxAsync())!;
            for (var y = 5; y < box.Height; y += 30)
            {
                await Page.Locator(canvas).HoverAsync(new() { Position = new() { X = box.Width / 3, Y = y } });
                await Page.Locator(canvas).ClickAsync(new() { Position = new() { X = box.Width / 2, Y = y } });
            }

            await Page.Locator(canvas).DblClickAsync();
            await Page.Locator(canvas).FocusAsync();
            foreach (var key in new[] { "+", "-", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "Home", "Enter", "Escape" })
            {
                await Page.Keyboard.PressAsync(key);
            }
        }

        AllWasWell();
    }

    [Fact]
    public async Task Finds_scripts_by_words()
    {
        await OpenAsync(Write(1000));

        await Page.Keyboard.PressAsync("/");
        await Page.Keyboard.TypeAsync("fit 0555");

        await Expect(Page.Locator("#ps-count")).ToHaveTextAsync("1 of 1,000 scripts");
        await Expect(Page.Locator("#ps-rows tr[data-script] button")).ToHaveTextAsync("fit/fit-0555.R");
        await Page.Locator("#ps-clear").ClickAsync();
        await Expect(Page.Locator("#ps-count")).ToHaveTextAsync("1,000 scripts");
    }

    [Fact]
    public async Task Filters_by_outcome_and_sorts()
    {
        await OpenAsync(Write(1000));

        await Page.Locator("#ps-filters [data-kind=Failed]").ClickAsync();
        await Expect(Page.Locator("#ps-count")).ToHaveTextAsync("5 of 1,000 scripts");
        await Page.Locator("#ps-head button", new() { HasText = "Duration" }).ClickAsync();

        Assert.All(await Page.Locator("#ps-rows tr[data-script] td:nth-child(2)").AllInnerTextsAsync(), outcome => Assert.EndsWith("failed", outcome));
        Assert.Equal(["1.58 s", "0.91 s", "0.68 s", "0.37 s", "0.21 s"], await Page.Locator("#ps-rows tr[data-script] td:nth-child(4)").AllInnerTextsAsync());
        await Expect(Page.Locator("#ps-head th", new() { HasText = "Duration" })).ToHaveAttributeAsync("aria-sort", "descending");
    }

    [Fact]
    public async Task Keeps_the_selection_in_the_address()
    {
        var file = Write(20);
        await OpenAsync(file);

        await Page.Locator("#ps-rows tr[data-script='4'] button").ClickAsync();
        await Assertions.Expect(Page).ToHaveURLAsync(AddressOf(file) + "#clean%2Fclean-0004.py");
        await Expect(Page.Locator("#ps-details h2")).ToHaveTextAsync("clean/clean-0004.py");
        await Page.Keyboard.PressAsync("Escape");
        await Expect(Page.Locator("#ps-details")).ToBeHiddenAsync();
        await Page.GoBackAsync();
        await Expect(Page.Locator("#ps-details h2")).ToHaveTextAsync("clean/clean-0004.py");

        await OpenAsync(file, "#clean%2Fclean-0005.R");
        await Expect(Page.Locator("#ps-details h2")).ToHaveTextAsync("clean/clean-0005.R");
        AllWasWell();
    }

    [Fact]
    public async Task Goes_from_script_to_script_and_to_its_details_by_keys()
    {
        await OpenAsync(Write(20));

        await Page.Locator("#ps-timeline").FocusAsync();
        await Page.Keyboard.PressAsync("ArrowRight");
        await Expect(Page.Locator("#ps-details")).ToBeVisibleAsync();
        var first = await EvaluateAsync("location.hash");
        await Page.Keyboard.PressAsync("ArrowDown");
        Assert.NotEqual(first, await EvaluateAsync("location.hash"));
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("#ps-details")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Escape");
        await Expect(Page.Locator("#ps-timeline")).ToBeFocusedAsync();

        await Page.Locator("#ps-rows tr[data-script] button").First.FocusAsync();
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(Page.Locator("#ps-rows tr.selected")).ToHaveAttributeAsync("aria-rowindex", "3");
        await Expect(Page.Locator("#ps-rows tr.selected button")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Shows_the_longest_path_what_is_around_a_selection_and_all()
    {
        await OpenAsync(Write(1000), "#fit%2Ffit-0555.R");

        await Expect(Page.Locator("#ps-modes [aria-pressed=true]")).ToHaveTextAsync("Longest path");
        await Page.GetByText("Around selection").ClickAsync();
        await Expect(Page.Locator("#ps-shown")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^(\d|\d\d|\d\d\d) of 1,000 scripts$"));
        await Page.Locator("#ps-modes button").Last.ClickAsync();
        await Expect(Page.Locator("#ps-shown")).ToHaveTextAsync("1,000 of 1,000 scripts");
        AllWasWell();
    }

    [Fact]
    public async Task Tells_of_a_script_all_that_is_known()
    {
        await OpenAsync(Write(SampleRuns.Small()), "#fit.py");
        var failed = await Page.Locator("#ps-details").InnerTextAsync();
        Assert.Contains("failed in 2.25 s, exit code 1, 2 attempts", failed);
        Assert.Contains("at 1.75 s, timed out in 0.50 s. It took longer than 500 ms.", failed);
        Assert.Equal(3, await Page.Locator("#ps-details .when i").CountAsync() + 1);

        await Page.Locator("#ps-details button.link", new() { HasText = "load.py" }).ClickAsync();
        var loaded = await Page.Locator("#ps-details").InnerTextAsync();
        Assert.Contains("/usr/bin/python3 load.py --year 'two words'", loaded);
        Assert.Contains("survey.csv 1.2 KB", loaded);
        Assert.Contains("Now 1.50 s, before usually 1.25 s (1 success). The highest is 1.50 s.", loaded);
        await Expect(Page.Locator("#ps-details a")).ToHaveAttributeAsync("href", "logs/load.py.log");
    }

    [Fact]
    public async Task Tells_what_a_script_waited_for_where_many_waited_for_the_same()
    {
        await OpenAsync(Write(SampleRuns.AllToAll(20)), "#b7.sh");

        await Page.Locator("#ps-details button.link", new() { HasText = "a12.sh" }).ClickAsync();
        await Expect(Page.Locator("#ps-details button.link", new() { HasText = "b19.sh" })).ToHaveCountAsync(1);
        AllWasWell();
    }

    [Fact]
    public async Task Has_a_lane_for_each_node_of_a_cluster_and_shows_the_queue_apart()
    {
        await OpenAsync(Write(OtherRuns.OnNodes(200)));

        Assert.Contains("Queued", await Page.Locator("#ps-head").InnerTextAsync());
        await Page.Locator("#ps-rows tr[data-script] button").Nth(20).ClickAsync();
        Assert.Matches(@"Queued\s+[\d.]+ m?s\s+Ran\s+.* on node0\d", await Page.Locator("#ps-details").InnerTextAsync());
        Assert.True(await Page.Locator("#ps-details .when i.is-queued").CountAsync() == 1);
        AllWasWell();
    }

    [Fact]
    public async Task Prints_in_light_what_is_there()
    {
        await OpenAsync(Write(1000), "#fit%2Ffit-0555.R", dark: true);

        var pdf = await Page.PdfAsync(new() { Format = "A4", PrintBackground = true });

        Assert.True(pdf.Length > 20_000, $"{pdf.Length} bytes");
        Assert.Equal("undefined", await EvaluateAsync("document.documentElement.dataset.theme"));
        AllWasWell();
    }
}
