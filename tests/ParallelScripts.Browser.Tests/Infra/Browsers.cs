using Microsoft.Playwright;
using ParallelScripts.Tests;

[assembly: AssemblyFixture(typeof(Browsers))]

namespace ParallelScripts.Tests;

/// <summary>The browsers that are installed, each started once for all tests. Nothing is downloaded.</summary>
public sealed class Browsers : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _chromium;
    private IBrowser? _firefox;

    public ValueTask InitializeAsync()
    {
        // Only turns a hang into a failure: two browsers share a machine that may be busy.
        Assertions.SetDefaultExpectTimeout(60_000);
        return ValueTask.CompletedTask;
    }

    public async Task<IBrowser> ChromiumAsync()
    {
        var program = Installed("PARALLELSCRIPTS_CHROMIUM", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
        Assert.SkipWhen(program is null, "Chromium is not installed (PARALLELSCRIPTS_CHROMIUM, /usr/bin/chromium).");
        return await OnceAsync(async playwright => _chromium ??= await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"], Timeout = 180_000 }));
    }

    /// <summary>As it is on the system: Playwright's own Firefox is another, and speaks another protocol than this one (WebDriver BiDi).</summary>
    public async Task<IBrowser> FirefoxAsync()
    {
        var program = Installed("PARALLELSCRIPTS_FIREFOX", "/usr/bin/firefox-esr", "/usr/bin/firefox");
        Assert.SkipWhen(program is null, "Firefox is not installed (PARALLELSCRIPTS_FIREFOX, /usr/bin/firefox-esr).");
        return await OnceAsync(async playwright => _firefox ??= await playwright.Firefox.LaunchAsync(new() { Channel = "moz-firefox", ExecutablePath = program, Timeout = 180_000 }));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in new[] { _chromium, _firefox })
        {
            if (browser is not null)
            {
                await browser.CloseAsync();
            }
        }

        _playwright?.Dispose();
        _starting.Dispose();
    }

    private async Task<IBrowser> OnceAsync(Func<IPlaywright, Task<IBrowser>> start)
    {
        await _starting.WaitAsync();
        try
        {
            return await start(_playwright ??= await Playwright.CreateAsync());
        }
        finally
        {
            _starting.Release();
        }
    }

    private static string? Installed(string variable, params string[] usual) => usual.Prepend(Environment.GetEnvironmentVariable(variable)).FirstOrDefault(File.Exists);
}
