using System.Text;

namespace ParallelScripts.Tests;

/// <summary>Names and output that try to get out of the page, or to hide in it: they are shown as text, and nothing is executed.</summary>
public sealed class BadInput(Browsers browsers) : ReportTest(browsers)
{
    [Fact]
    public async Task In_names_is_shown_as_it_is()
    {
        var file = Write(1000);
        foreach (var name in SampleRuns.NastyNames)
        {
            await OpenAsync(file, "#" + Uri.EscapeDataString(name));
            await NothingGotOutAsync();
            Assert.Equal("survey.csproj failed", await Page.TitleAsync());
            await Expect(Page.Locator("#ps-details h2")).ToHaveTextAsync(ShownAs(name), new() { UseInnerText = false });
        }

        AllWasWell();
    }

    [Fact]
    public async Task Everywhere_is_shown_as_it_is()
    {
        // One run for each, in which it stands wherever a person's words can stand.
        foreach (var words in SampleRuns.NastyNames.Append("\e[31mred\e[0m \e]8;;file:///etc\a").Append("עברית العربية"))
        {
            var small = SampleRuns.Small();
            var scripts = small.Run.Scripts.Select((script, number) => script with
            {
                Name = number + words,
                DependsOn = [.. script.DependsOn.Select(_ => (number - 1) + words)],
                Reason = words,
                Problem = script.Problem is null ? null : words,
                Command = [words, words],
                LogFile = script.LogFile is null ? null : words,
                Project = words,
                FailedAttempts = [.. script.FailedAttempts.Select(attempt => attempt with { Problem = words })],
            }).ToArray();
            var details = new ReportedDetails { Environment = [words], Inputs = [new ReportedFile(words, 1)], Outputs = [new ReportedFile(words, null)], Log = new LogEnd(words, true), Earlier = [new EarlierRun(words, words, 1)] };
            var file = Write(new ReportedRun(small.Run with { Scripts = scripts, LongestPath = new PathRecord(1, [scripts[0].Name]) }, words, [details, details, null]));
            await OpenAsync(file, "#" + Uri.EscapeDataString(scripts[1].Name));

            await NothingGotOutAsync();
            Assert.Equal(ShownAs(words) + " failed", await Page.TitleAsync());
            await Expect(Page.Locator("#ps-title")).ToHaveTextAsync(ShownAs(words), new() { UseInnerText = false });
            Assert.Equal(ShownAs(words).Replace("⟨000A⟩", "\n", StringComparison.Ordinal), await Page.Locator("#ps-details pre").First.TextContentAsync());
            Assert.Equal(ShownAs(words), await Page.Locator("#ps-failed p").First.TextContentAsync());
        }

        AllWasWell();
    }

    [Fact]
    public async Task In_an_address_selects_nothing()
    {
        var file = Write(20);
        foreach (var fragment in new[] { "#%", "#%E0%A4%A", "#<img src=x onerror=alert(1)>", "#toString", "#__proto__", "#ps-table" })
        {
            await OpenAsync(file, fragment);
            await Expect(Page.Locator("#ps-details")).ToBeHiddenAsync();
        }

        AllWasWell();
    }

    [Fact]
    public async Task That_a_script_of_another_would_be_is_refused()
    {
        await OpenAsync(Write(20));

        await EvaluateAsync("document.body.appendChild(Object.assign(document.createElement('script'), { textContent: 'document.title = \"owned\"' }))");

        Assert.Equal("survey.csproj failed", await Page.TitleAsync());
        Assert.Contains("Content Security Policy", Assert.Single(Complaints));
    }

    [Fact]
    public async Task Of_a_gigabyte_is_shown_by_its_end_and_linked()
    {
        var log = Folder["logs/load.py.log"];
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        using (var stream = File.Create(log))
        {
            stream.SetLength(1L << 30);
            stream.Seek(0, SeekOrigin.End);
            stream.Write("\nthe end\n"u8);
        }

        var small = SampleRuns.Small();
        var file = Write(small with { Details = [small.Details[0]! with { Log = LogEnd.Of(log, LogEnd.LinesOfOthers, LogEnd.BytesOfOthers) }, null, null] });
        await OpenAsync(file, "#load.py");

        Assert.Equal("the end", await Page.Locator("#ps-details h3:text('The end of what it printed') + pre").TextContentAsync());
        Assert.Equal(AddressOf(log), await Page.Locator("#ps-details a").EvaluateAsync<string>("link => link.href"));
        Assert.True(new FileInfo(file).Length < 200_000);
    }

    private async Task NothingGotOutAsync()
    {
        Assert.Equal(0, await Page.Locator("img, iframe, object, main b:not(.legend b):not(#ps-live-state)").CountAsync());
        Assert.Equal(2, await Page.Locator("script").CountAsync());
    }

    /// <summary>What can hide in a name is shown by its number.</summary>
    private static string ShownAs(string name) => string.Concat(name.Select(c => c < ' ' || c is '\u202e' ? $"⟨{(int)c:X4}⟩" : c.ToString()));
}
