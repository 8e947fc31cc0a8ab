namespace ParallelScripts.Tests;

/// <summary>The report as a browser shows it and a person uses it.</summary>
public sealed class Report : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Browser _browser = null!;

    public async ValueTask InitializeAsync() => _browser = await Browser.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(1000)]
    [InlineData(10_000)]
    public async Task Opens_without_a_complaint_or_a_request(int scripts)
    {
        var file = Write(scripts);

        var first = await _browser.OpenAsync(file);
        var again = await _browser.OpenAsync(file);

        await PicturesAsync(file, scripts);
        TestContext.Current.TestOutputHelper?.WriteLine($"{scripts} scripts, {new FileInfo(file).Length / 1024} KB: usable after {first.TotalMilliseconds:0} ms, then {again.TotalMilliseconds:0} ms");
        Assert.Empty(_browser.Complaints);
        Assert.All(_browser.Requests, address => Assert.True(address.StartsWith("file:///", StringComparison.Ordinal) || address == "about:blank", address));
        Assert.Equal("survey.csproj failed", await _browser.EvaluateAsync("document.title"));
    }

    [Fact]
    public async Task Draws_ten_thousand_scripts_within_a_moment()
    {
        await _browser.OpenAsync(Write(10_000));

        // Ten steps of zoom, each drawn: what is fluid takes a few frames each, even here.
        var milliseconds = await _browser.EvaluateAsync("""
            (async () => {
                const canvas = document.querySelector('#ps-timeline'), start = performance.now();
                for (let k = 0; k < 10; k++) {
                    canvas.dispatchEvent(new KeyboardEvent('keydown', { key: '+' }));
                    await new Promise(requestAnimationFrame);
                }
                return (performance.now() - start) / 10;
            })()
            """);
        TestContext.Current.TestOutputHelper?.WriteLine($"a step of zoom: {milliseconds} ms");

        Assert.True(double.Parse(milliseconds!, System.Globalization.CultureInfo.InvariantCulture) < 250, milliseconds);
    }

    [Fact]
    public async Task Finds_scripts_by_words()
    {
        await _browser.OpenAsync(Write(1000));

        await _browser.ClickAsync("#ps-search");
        await _browser.TypeAsync("fit 0555");
        await _browser.UntilAsync("document.querySelector('#ps-count').textContent === '1 of 1,000 scripts'");

        Assert.Equal("fit/fit-0555.R", await _browser.EvaluateAsync("document.querySelector('#ps-rows tr[data-script] button').textContent"));
    }

    [Fact]
    public async Task Filters_by_outcome()
    {
        await _browser.OpenAsync(Write(1000));

        await _browser.ClickAsync("#ps-filters [data-kind=Failed]");

        await _browser.UntilAsync("[...document.querySelectorAll('#ps-rows tr[data-script]')].every(row => row.children[1].textContent.includes('failed'))");
    }

    [Fact]
    public async Task Keeps_the_selection_in_the_address()
    {
        var file = Write(20);
        await _browser.OpenAsync(file);

        await _browser.ClickAsync("#ps-rows tr[data-script='4'] button");

        await _browser.UntilAsync("location.hash === '#clean%2Fclean-0004.py'");
        Assert.Contains("clean/clean-0004.py", await _browser.EvaluateAsync("document.querySelector('#ps-details').innerText"));
        await _browser.PressAsync("Escape");
        await _browser.UntilAsync("location.hash === '' && document.querySelector('#ps-details').hidden");

        await _browser.OpenAsync(file, "#clean%2Fclean-0005.R");
        Assert.Contains("clean/clean-0005.R", await _browser.EvaluateAsync("document.querySelector('#ps-details h2').textContent"));
        Assert.Empty(_browser.Complaints);
    }

    [Fact]
    public async Task Shows_names_as_they_are_and_executes_none()
    {
        var file = Write(1000);
        for (var number = 0; number < SampleRuns.NastyNames.Count; number++)
        {
            await _browser.OpenAsync(file, "#" + Uri.EscapeDataString(SampleRuns.NastyNames[number]));
            Assert.Equal("survey.csproj failed", await _browser.EvaluateAsync("document.title"));
            Assert.Equal("0", await _browser.EvaluateAsync("document.querySelectorAll('img, b, iframe, object').length"));
            Assert.Equal(ShownAs(SampleRuns.NastyNames[number]), await _browser.EvaluateAsync("document.querySelector('#ps-details h2').textContent"));
        }

        Assert.Empty(_browser.Complaints);
    }

    [Fact]
    public async Task Goes_from_script_to_script_by_keys()
    {
        await _browser.OpenAsync(Write(20));

        await _browser.EvaluateAsync("document.querySelector('#ps-timeline').focus()");
        await _browser.PressAsync("ArrowRight");
        await _browser.UntilAsync("location.hash !== ''");
        var first = await _browser.EvaluateAsync("location.hash");
        await _browser.PressAsync("ArrowDown");
        await _browser.UntilAsync($"location.hash !== '{first}'");
    }

    [Fact]
    public async Task Shows_the_graph_around_a_selection_and_all_of_it()
    {
        await _browser.OpenAsync(Write(1000), "#fit%2Ffit-0555.R");

        await _browser.ClickAsync("#ps-modes button:nth-child(2)");
        await _browser.UntilAsync("parseInt(document.querySelector('#ps-shown').textContent) > 1 && !document.querySelector('#ps-shown').textContent.startsWith('1,000')");
        await _browser.ClickAsync("#ps-modes button:nth-child(3)");
        await _browser.UntilAsync("document.querySelector('#ps-shown').textContent === '1,000 of 1,000 scripts'");
        Assert.Empty(_browser.Complaints);
    }

    /// <summary>What can be hidden in a name is shown by its number.</summary>
    private static string ShownAs(string name) => string.Concat(name.Select(c => c < ' ' || c is '\u202e' ? $"⟨{(int)c:X4}⟩" : c.ToString()));

    private string Write(int scripts)
    {
        var file = Path.Combine(_folder.Path, $"report-{scripts}.html");
        using var page = File.Create(file);
        ReportPage.Write(ReportData.Of(scripts == 3 ? SampleRuns.Small() with { Project = "survey.csproj" } : SampleRuns.Of(scripts)), page);
        return file;
    }

    /// <summary>Where PARALLELSCRIPTS_PICTURES says, for a person to look at.</summary>
    private async Task PicturesAsync(string file, int scripts)
    {
        if (Environment.GetEnvironmentVariable("PARALLELSCRIPTS_PICTURES") is not { Length: > 0 } folder)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        foreach (var width in new[] { 1000, 400 })
        {
            foreach (var dark in new[] { false, true })
            {
                await _browser.OpenAsync(file, width: width, dark: dark);
                await _browser.PictureAsync(Path.Combine(folder, $"report-{scripts}-{width}-{(dark ? "dark" : "light")}.png"));
            }
        }

        await _browser.OpenAsync(file, scripts == 3 ? "#fit.py" : $"#{Uri.EscapeDataString($"check/check-{scripts - 2:0000}.{((scripts - 2) % 5 == 0 ? "R" : "py")}")}", width: 1400);
        await _browser.PictureAsync(Path.Combine(folder, $"report-{scripts}-selected.png"), whole: false);
    }
}
