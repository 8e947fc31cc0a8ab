using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParallelScripts.Tests;

/// <summary>
/// Chromium without a window, spoken to by its own protocol (chromedevtools.github.io/devtools-protocol). It needs nothing but the browser
/// that is installed, and tells of every request and of everything that a page complains about.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TemporaryFolder _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode?>> _asked = [];
    private readonly CancellationTokenSource _end = new();
    private TaskCompletionSource _loaded = new();
    private int _number;

    private Browser(Process process, TemporaryFolder profile)
    {
        _process = process;
        _profile = profile;
    }

    /// <summary>The browser; null if none is installed.</summary>
    public static string? Program { get; } = new[] { Environment.GetEnvironmentVariable("PARALLELSCRIPTS_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    /// <summary>What the page complained about: errors, warnings and what its policy refused.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Every address that was asked for.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<Browser> StartAsync()
    {
        Assert.SkipWhen(Program is null, "Chromium is not installed (PARALLELSCRIPTS_CHROMIUM, /usr/bin/chromium).");
        var profile = new TemporaryFolder();
        var start = new ProcessStartInfo(Program!, ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--disable-extensions", "--disable-background-networking", "--remote-debugging-port=0", $"--user-data-dir={profile.Path}", "about:blank"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var browser = new Browser(Process.Start(start)!, profile);
        const string Listening = "DevTools listening on ws://";
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        browser._process.OutputDataReceived += (_, _) => { };
        browser._process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith(Listening, StringComparison.Ordinal) == true)
            {
                listening.TrySetResult(line.Data[Listening.Length..].Split('/')[0]);
            }
        };
        browser._process.BeginOutputReadLine();
        browser._process.BeginErrorReadLine();
        try
        {
            await browser.ConnectAsync(await listening.Task.WaitAsync(_limit));
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a file, and gives how long it took until the page could be used.</summary>
    public async Task<TimeSpan> OpenAsync(string file, string fragment = "", int width = 1200, int height = 900, bool dark = false)
    {
        await AskAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await AskAsync("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }) });
        await LoadAsync("about:blank");
        var watch = Stopwatch.StartNew();
        await LoadAsync(new Uri(file).AbsoluteUri + fragment);
        Assert.Equal("true", await EvaluateAsync("document.documentElement.dataset.ready"));
        await EvaluateAsync("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn(''))))");
        return watch.Elapsed;
    }

    /// <summary>The value of an expression, as text.</summary>
    public async Task<string?> EvaluateAsync(string expression)
    {
        var answer = await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = $"(async () => String(await ({expression})))()", ["awaitPromise"] = true, ["returnByValue"] = true });
        return answer?["exceptionDetails"] is { } thrown ? throw new InvalidOperationException(thrown.ToJsonString()) : (string?)answer!["result"]!["value"];
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task UntilAsync(string expression)
    {
        for (var watch = Stopwatch.StartNew(); await EvaluateAsync(expression) != "true"; await Task.Delay(20))
        {
            Assert.True(watch.Elapsed < _limit, $"It never became true: {expression}");
        }
    }

    /// <summary>Clicks what a selector finds first.</summary>
    public async Task ClickAsync(string selector)
    {
        var text = JsonSerializer.Serialize(selector);
        var at = (await EvaluateAsync($"(() => {{ const one = document.querySelector({text}); one.scrollIntoView({{ block: 'center' }}); const box = one.getBoundingClientRect(); return Math.round(box.left + box.width / 2) + ' ' + Math.round(box.top + box.height / 2); }})()"))!.Split(' ');
        foreach (var kind in new[] { "mousePressed", "mouseReleased" })
        {
            await AskAsync("Input.dispatchMouseEvent", new JsonObject { ["type"] = kind, ["x"] = int.Parse(at[0], null), ["y"] = int.Parse(at[1], null), ["button"] = "left", ["clickCount"] = 1 });
        }
    }

    public async Task TypeAsync(string text) => await AskAsync("Input.insertText", new JsonObject { ["text"] = text });

    public async Task PressAsync(string key)
    {
        foreach (var kind in new[] { "keyDown", "keyUp" })
        {
            await AskAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = kind, ["key"] = key });
        }
    }

    /// <summary>A picture of the page, or of all that one could scroll to.</summary>
    public async Task PictureAsync(string file, bool whole = true)
    {
        var picture = await AskAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png", ["captureBeyondViewport"] = whole });
        await File.WriteAllBytesAsync(file, Convert.FromBase64String((string)picture!["data"]!));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _end.Dispose();
        _profile.Dispose();
    }

    private async Task LoadAsync(string address)
    {
        _loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await AskAsync("Page.navigate", new JsonObject { ["url"] = address });
        await _loaded.Task.WaitAsync(_limit);
    }

    private async Task ConnectAsync(string host)
    {
        using var http = new HttpClient();
        var pages = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://{host}/json/list")))!.AsArray();
        var page = pages.First(one => (string?)one!["type"] == "page")!;
        await _socket.ConnectAsync(new Uri((string)page["webSocketDebuggerUrl"]!), CancellationToken.None).WaitAsync(_limit);
        _ = ListenAsync();
        foreach (var domain in new[] { "Page", "Runtime", "Network", "Log" })
        {
            await AskAsync($"{domain}.enable");
        }
    }

    private async Task<JsonNode?> AskAsync(string method, JsonObject? parameters = null)
    {
        var number = Interlocked.Increment(ref _number);
        var answered = _asked[number] = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["id"] = number, ["method"] = method, ["params"] = parameters ?? [] };
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        return await answered.Task.WaitAsync(_limit);
    }

    private async Task ListenAsync()
    {
        var (buffer, message) = (new byte[1 << 16], new MemoryStream());
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer, _end.Token);
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Hear(JsonNode.Parse(message.ToArray())!);
                    message.SetLength(0);
                }
            }
        }
        catch (Exception over) when (over is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private void Hear(JsonNode message)
    {
        if (message["id"] is { } number)
        {
            if (message["error"] is { } error)
            {
                _asked[(int)number].SetException(new InvalidOperationException(error.ToJsonString()));
            }
            else
            {
                _asked[(int)number].SetResult(message["result"]);
            }

            return;
        }

        switch ((string?)message["method"])
        {
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Network.requestWillBeSent":
                Requests.Enqueue((string)message["params"]!["request"]!["url"]!);
                break;
            case "Runtime.exceptionThrown" or "Log.entryAdded" or "Runtime.consoleAPICalled":
                Complaints.Enqueue(message["params"]!.ToJsonString());
                break;
        }
    }
}
