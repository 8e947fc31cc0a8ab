// Shows how the documentation and the public members fit each other: puts findings and tables on one page, index.html.

using System.Globalization;
using System.Net;

var folder = args[0];
var coverage = Rows("coverage.tsv").Select(row => (Namespace: row[0], Members: Number(row[1]), Described: Number(row[2]))).Where(row => row.Described < row.Members).ToList();
var misspelt = Rows("unasked.tsv").Where(row => row[1] != "").ToList();
var parameters = Rows("parameters.tsv").ToList();

var page = $$"""
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Does the documentation of .NET fit its members?</title>
    <style>
      :root { color-scheme: light dark; --paper: #fff; --ink: #1c2430; --soft: #5b6676; --rule: #dfe3ea; --there: #2f8f5b; --gone: #e9ecf1; --link: #2563a8 }
      @media (prefers-color-scheme: dark) { :root { --paper: #14181f; --ink: #e6e9ef; --soft: #9aa5b5; --rule: #2c333f; --there: #62c08d; --gone: #262d38; --link: #6aa9ea } }
      body { margin: 0 auto; max-width: 960px; padding: 48px clamp(16px, 4vw, 40px); background: var(--paper); color: var(--ink); font: 17px/1.6 system-ui, sans-serif }
      h1 { font-size: clamp(28px, 5vw, 42px); line-height: 1.15; letter-spacing: -.02em; margin: 0 0 16px; text-wrap: balance }
      h2 { font-size: 24px; margin: 48px 0 8px } p { max-width: 44em; margin: 0 0 12px } .soft { color: var(--soft) } a { color: var(--link) }
      table { border-collapse: collapse; width: 100%; font-size: 15px } th { font-weight: 500; color: var(--soft) } th, td { text-align: left; vertical-align: top; padding: 5px 16px 5px 0 }
      td { border-top: 1px solid var(--rule); overflow-wrap: anywhere } .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
      code { font: .9em ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace }
      .bar { background: var(--gone); border-radius: 3px; height: 12px; margin-top: 6px; width: clamp(60px, 24vw, 260px); overflow: hidden } .bar i { display: block; height: 100%; background: var(--there) }
    </style>
    <h1>Does the documentation of .NET fit its members?</h1>
    {{string.Concat(File.ReadLines(Path.Combine(folder, "findings.txt")).Select(finding => $"<p>{Text(finding)}</p>\n"))}}
    <h2>Namespaces with gaps</h2>
    <p class="soft">How many of the public members have a description, the emptiest first. Overrides are left out: editors show the text of what they override. All of it: <a href="coverage.tsv">coverage.tsv</a>, <a href="undescribed.tsv">undescribed.tsv</a>.</p>
    {{Table(["namespace", "#members", "#described", ""], coverage.Select(row => new[]
    {
        Code(row.Namespace), row.Members.ToString("N0", CultureInfo.InvariantCulture), Percent(row.Described, row.Members),
        $"<div class=\"bar\"><i style=\"width:{Percent(row.Described, row.Members)}\"></i></div>",
    }))}}
    <h2>Written, but never shown</h2>
    <p class="soft">These entries stand under an id that no compiler asks for, while the member of the same name has none. All of it: <a href="unasked.tsv">unasked.tsv</a>.</p>
    {{Table(["the id in the documentation, and below it the id of the member"], misspelt.Select(row => new[] { $"{Code(row[0])}<br>{Code(row[1])}" }))}}
    <h2>Parameters that do not exist</h2>
    <p class="soft">The entry explains one name, the member has others. All of it: <a href="parameters.tsv">parameters.tsv</a>.</p>
    {{Table(["member", "documented", "existing"], parameters.Select(row => row.Select(Code)))}}
    </html>

    """;

// Whoever finds the page finds all of it: it gets its name when it is complete.
var path = Path.Combine(folder, "index.html");
File.WriteAllText(path + ".tmp", page);
File.Move(path + ".tmp", path, overwrite: true);
Console.WriteLine($"{path}: {coverage.Count} namespaces with gaps, {misspelt.Count} entries never shown, {parameters.Count} parameters that do not exist");

IEnumerable<string[]> Rows(string name) => File.ReadLines(Path.Combine(folder, name)).Skip(1).Select(line => line.Split('\t'));

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static string Percent(int part, int whole) => (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + "%";

static string Text(string text) => WebUtility.HtmlEncode(text);

// A long name may break after a dot.
static string Code(string text) => $"<code>{Text(text).Replace(".", ".<wbr>")}</code>";

// A column whose header begins with # holds numbers.
static string Table(string[] header, IEnumerable<IEnumerable<string>> rows)
{
    var kinds = header.Select(name => name.StartsWith('#') ? " class=\"number\"" : "").ToArray();
    var head = header.Select((name, column) => $"<th{kinds[column]}>{name.TrimStart('#')}</th>");
    var body = rows.Select(row => $"<tr>{string.Concat(row.Select((cell, column) => $"<td{kinds[column]}>{cell}</td>"))}</tr>\n");
    return $"<table>\n<tr>{string.Concat(head)}</tr>\n{string.Concat(body)}</table>";
}
