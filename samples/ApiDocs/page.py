"""Puts the findings, the charts and the best rows of the tables on one page: results/index.html."""

import os
from html import escape
from pathlib import Path

from apidocs import percent, reported, write

STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1c2430; --soft: #5b6676; --rule: #dfe3ea; --tint: #f4f6f9; --accent: #2563a8 }
@media (prefers-color-scheme: dark) { :root { --paper: #14181f; --ink: #e6e9ef; --soft: #9aa5b5; --rule: #2c333f; --tint: #1b212a; --accent: #6aa9ea } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
main, header, footer { max-width: 1080px; margin: 0 auto; padding: 0 clamp(16px, 4vw, 40px) }
header { padding-top: clamp(32px, 7vw, 72px) }
h1 { font-size: clamp(30px, 5vw, 46px); line-height: 1.15; letter-spacing: -.02em; margin: 0 0 12px; max-width: 20em; text-wrap: balance }
h2 { font-size: clamp(22px, 3vw, 28px); line-height: 1.25; letter-spacing: -.01em; margin: 0 0 12px; text-wrap: balance }
section { border-top: 1px solid var(--rule); margin-top: 56px; padding-top: 40px }
p { max-width: 44em; margin: 0 0 12px } .soft, figcaption, footer { color: var(--soft) }
code { font: .9em ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; background: var(--tint); border-radius: 4px; padding: .1em .3em; overflow-wrap: anywhere }
a { color: var(--accent) }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 32px 0 0; padding: 0; list-style: none }
.numbers li { background: var(--tint); border-radius: 10px; padding: 14px 16px; color: var(--soft); font-size: 14px; line-height: 1.4 }
.numbers b { display: block; color: var(--ink); font-size: 26px; line-height: 1.25; font-variant-numeric: tabular-nums }
nav { margin-top: 24px; display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 15px }
figure { margin: 28px 0 0 } .wide { overflow-x: auto } .wide svg { display: block; min-width: 760px; width: 100%; height: auto }
figcaption { font-size: 14px; margin-top: 8px }
table { border-collapse: collapse; width: 100%; font-size: 15px; line-height: 1.45 } caption { text-align: left; font-weight: 600; padding: 0 0 8px }
th, td { text-align: left; vertical-align: top; padding: 3px 16px 3px 0 } th { color: var(--soft); font-weight: 500 }
tbody tr:first-child td { border-top: 1px solid var(--rule); padding-top: 7px } tbody tr:last-child td { padding-bottom: 7px }
td { overflow-wrap: anywhere } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal }
.table { margin-top: 32px; overflow-x: auto } footer { margin: 64px auto; font-size: 14px }
"""


def main() -> None:
    thin, copies, verbs, exceptions, links = map(reported, ("thin", "copies", "verbs", "exceptions", "links"))
    numbers = [
        (f"{thin['members']:,}", f"documented members in {thin['assemblies']} assemblies"),
        (f"{thin['words']:,}", f"words of summaries, about {thin['words'] / 230 / 60:.0f} hours of reading"),
        (percent(thin["nothing"] + thin["repeats"], thin["members"]), "of members say nothing beyond their name"),
        (percent(copies["copies"], copies["total"]), "of summaries occur more than once"),
        (percent(exceptions["share"]), "of callable members name an exception"),
    ]
    sections = [
        section("thin", "Which parts say the least?", thin, "thin.csv", "thin-members.csv",
                "Namespaces of a hundred members or more. Resting on a bar shows the numbers behind it.",
                table("Says it all", ["member", "its whole summary"], *([[f"`{member}`", summary]] for member, summary in thin["examples"]))),
        section("copies", "How much is said for the first time?", copies, "copies.csv", "copies-wordings.csv",
                "Two summaries are the same sentence if they differ in nothing but what they link to.",
                table("The most used sentences", ["#uses", "#types", "sentence"], *([row] for row in copies["top"]))
                + table("The same, but for small words", ["#uses", "sentence"], *copies["wavering"])),
        section("verbs", "Does the name foretell the summary?", verbs, "verbs.csv", None,
                "The most frequent first words of method names, the most predictable on top. Overloads count once; "
                "summaries that do not begin with a verb are left out, and so are hardware intrinsics, whose summaries are declarations in C.", ""),
        section("exceptions", "Who says what can go wrong?", exceptions, "exceptions.csv", "exceptions-by-namespace.csv",
                "The namespaces with the most constructors, methods, operators and properties; a number is the percentage of them that documents the exception.",
                f"<p class='table'>The longest list of exceptions belongs to {code(exceptions['most'][0])}: "
                f"{', '.join(map(code, exceptions['most'][1]))}.</p>"),
        section("links", "Which namespaces speak of which?", links, "links.csv", "links-dead.csv",
                "Links between namespaces, four or more in one direction. <code>System</code> itself is left out: its curves would hide all others.",
                table("Most spoken of", ["namespace", "#members", "#namespaces that link to it", "#links from elsewhere", "#links to elsewhere"],
                      *([[f"`{row[0]}`", *row[1:]]] for row in links["rows"][:10]))),
    ]
    write("results/index.html", f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What the documentation of .NET says about itself</title>
<style>{STYLE}</style>
<header>
<h1>What the documentation of .NET says about itself</h1>
<p class="soft">The texts that appear while you type come from XML files in the .NET SDK. Here they are read as data: {escape(source())}.</p>
<ul class="numbers">{"".join(f"<li><b>{number}</b>{what}</li>" for number, what in numbers)}</ul>
<nav>{"".join(f'<a href="#{name}">{title}</a>' for name, title, _ in sections)}</nav>
</header>
<main>{"".join(html for _, _, html in sections)}</main>
<footer>Every number on this page is computed from the files at hand; no sentence knows its result beforehand. The charts are files of their own next to this page, and so are the tables.</footer>
</html>
""")
    print(f"results/index.html: {len(sections)} questions, {sum(len(report['findings']) for report in (thin, copies, verbs, exceptions, links))} findings")


def source() -> str:
    """Microsoft.NETCore.App.Ref 10.0.0, where API_DOCS is …/Microsoft.NETCore.App.Ref/10.0.0/ref/net10.0."""
    folders = Path(os.environ["API_DOCS"]).parts
    return " ".join(folders[-4:-2]) if folders[-2:-1] == ("ref",) else folders[-1]


def section(name, title, report, *rest):
    *tables, caption, more = rest
    findings = "".join(f"<p>{code_spans(finding)}</p>" for finding in report["findings"])
    chart = Path(f"results/{name}.svg").read_text(encoding="utf-8")
    files = ", ".join(f'<a href="{file}">{file}</a>' for file in [f"{name}.svg", *filter(None, tables)])
    return name, title, f"""
<section id="{name}">
<h2>{title}</h2>
{findings}
<figure><div class="wide">{chart}</div><figcaption>{caption} Files: {files}.</figcaption></figure>
{more}
</section>
"""


def table(caption, header, *groups):
    """Groups of rows, with a line between one group and the next. A column whose header begins with # holds numbers."""
    numeric = [' class="number"' if name.startswith("#") else "" for name in header]
    head = "".join(f"<th{kind}>{name.lstrip('#')}</th>" for name, kind in zip(header, numeric))
    bodies = "".join("<tbody>" + "".join(f"<tr>{cells(row, numeric)}</tr>" for row in rows) + "</tbody>" for rows in groups)
    return f'<div class="table"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>{bodies}</table></div>'


def cells(row, kinds) -> str:
    return "".join(f"<td{kind}>{f'{value:,}' if isinstance(value, int) else code_spans(value)}</td>" for value, kind in zip(row, kinds))


def code(name: str) -> str:
    # A long name may break after a dot.
    return f"<code>{escape(name).replace('.', '.<wbr>')}</code>"


def code_spans(words: str) -> str:
    return "".join(code(part) if number % 2 else escape(part) for number, part in enumerate(words.split("`")))


main()
