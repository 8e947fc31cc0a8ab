using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace ParallelScripts.Tests;

/// <summary>A report in a file of its own, opened in a browser, and all that the page asked for and complained about.</summary>
public abstract class ReportTest(Browsers browsers) : IAsyncLifetime
{
    private readonly List<IBrowserContext> _contexts = [];

    internal TemporaryFolder Folder { get; } = new();

    /// <summary>What a page complained about: errors, warnings, and what its policy refused.</summary>
    protected ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Every address that was asked for.</summary>
    protected ConcurrentQueue<string> Requests { get; } = new();

    protected IPage Page { get; private set; } = null!;

    /// <summary>
    /// When a page was written that says what it says however long a busy machine takes to open it: for the page, what lies ahead is now.
    /// </summary>
    protected static DateTimeOffset JustNow => DateTimeOffset.UtcNow.AddMinutes(10);

    /// <summary>Milliseconds that only turn a hang into a failure: a page that was slow to open waits longer before it loads itself again.</summary>
    protected const int UntilItLoadsItselfAgain = 300_000;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
        {
            await context.CloseAsync();
        }

        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes a report, and gives the name of the file.</summary>
    internal string Write(ReportedRun run, DateTimeOffset? written = null) => Write(ReportData.Of(run), written);

    internal string Write(byte[] data, DateTimeOffset? written = null)
    {
        // In one step, as in a run: a page that loads itself again sees one or the other.
        var file = Folder["report.html"];
        using (var page = File.Create(file + ".new"))
        {
            ReportPage.Write(data, page, written);
        }

        File.Move(file + ".new", file, overwrite: true);
        return file;
    }

    internal string Write(int scripts) => Write(SampleRuns.Of(scripts));

    /// <summary>The data of a run, changed.</summary>
    internal static byte[] Changed(ReportedRun run, Action<JsonNode> change)
    {
        var data = JsonNode.Parse(ReportData.Of(run))!;
        change(data);
        return System.Text.Encoding.UTF8.GetBytes(data.ToJsonString());
    }

    /// <summary>Opens a report in a new window.</summary>
    /// <param name="fragment">With its <c>#</c>.</param>
    /// <param name="trusted">Whether others than the page may add scripts to it, as axe-core does.</param>
    /// <returns>How long it took until the page could be used: all of it is there, and a frame has been drawn.</returns>
    protected async Task<TimeSpan> OpenAsync(string file, string fragment = "", int width = 1200, int height = 900, bool dark = false, bool trusted = false, bool inFirefox = false)
    {
        var browser = inFirefox ? await browsers.FirefoxAsync() : await browsers.ChromiumAsync();
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, BypassCSP = trusted });
        _contexts.Add(context);
        Page = await context.NewPageAsync();
        Page.SetDefaultTimeout(120_000);
        Page.Console += (_, message) => Complaints.Enqueue($"{message.Type}: {message.Text}");
        Page.PageError += (_, error) => Complaints.Enqueue(error);
        Page.Request += (_, request) => Requests.Enqueue(request.Url);
        var watch = Stopwatch.StartNew();
        await Page.GotoAsync(AddressOf(file) + fragment);
        await Page.EvaluateAsync("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))");
        var time = watch.Elapsed;
        await Expect(Page.Locator("html")).ToHaveAttributeAsync("data-ready", "true");
        return time;
    }

    protected static string AddressOf(string file) => new Uri(file).AbsoluteUri;

    protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    protected async Task<string> EvaluateAsync(string expression) => (await Page.EvaluateAsync<string>($"async () => String({expression})"))!;

    /// <summary>From now on the page neither loads itself again nor goes on counting.</summary>
    protected Task StayAsItIsAsync() => Page.EvaluateAsync("() => { for (let timer = setInterval(() => { }, 1000000); timer > 0; timer--) clearInterval(timer); }");

    /// <summary>Waits until an expression is true.</summary>
    protected async Task UntilAsync(string expression)
    {
        for (var watch = Stopwatch.StartNew(); await EvaluateAsync(expression) != "true"; await Task.Delay(20))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(120), $"It never became true: {expression}");
        }
    }

    /// <summary>Nothing but the report itself was asked for, and nothing was wrong.</summary>
    protected void AllWasWell()
    {
        Assert.True(Complaints.IsEmpty, string.Join('\n', Complaints));
        Assert.All(Requests, address => Assert.StartsWith(AddressOf(Folder["report.html"]), address));
    }

    /// <summary>Keeps a picture of the page for a person to look at, in <c>artifacts/report</c> or where PARALLELSCRIPTS_PICTURES says.</summary>
    protected async Task PictureAsync(string name, bool whole = true)
    {
        var folder = Environment.GetEnvironmentVariable("PARALLELSCRIPTS_PICTURES") is { Length: > 0 } asked ? asked : Path.Combine(AppContext.BaseDirectory, "../../../../../artifacts/report");
        Directory.CreateDirectory(folder);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = whole });
    }
}
