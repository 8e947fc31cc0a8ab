"""What the scripts share: the table of members, and files that are either whole or not there."""

import csv
import glob
import io
import json
import os
import re
from typing import Iterator, NamedTuple

DATA = "results/data"


class Member(NamedTuple):
    """One documented member, which is one row of results/data/members-*.tsv."""

    id: str  # as the compiler writes it: M:System.String.Trim(System.Char)
    kind: str  # type, constructor, method, operator, property, field or event
    assembly: str
    namespace: str
    type: str  # without its namespace; a nested one is Outer.Inner
    name: str  # Trim; of a type and of its constructors the name of the type
    summary: str  # on one line, a link in it as ‹Name›
    exceptions: str  # the ids of the documented exceptions, with spaces between
    links: str  # the ids of everything else the documentation links to, likewise

    @property
    def label(self) -> str:
        return self.type if self.kind in ("type", "constructor") else f"{self.type}.{self.name}"


class TSV(csv.Dialect):
    """Tabs and no quotes: no cell holds a tab or a line break."""

    delimiter = "\t"
    lineterminator = "\n"
    quoting = csv.QUOTE_NONE
    quotechar = None


def members() -> Iterator[Member]:
    """Every member that read.py found."""
    parts = sorted(glob.glob(f"{DATA}/members-*.tsv"))
    if not parts:
        raise SystemExit(f"There is no {DATA}/members-*.tsv. Run read.py first.")
    for part in parts:
        with open(part, encoding="utf-8", newline="") as file:
            rows = csv.reader(file, TSV)
            next(rows)
            yield from map(Member._make, rows)


def words_of(name: str) -> "list[str]":
    """The words an identifier is made of: to, utf8 and string for ToUtf8String."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+", name)]


def percent(part: float, whole: float = 1) -> str:
    share = 100 * part / whole if whole else 0
    return f"{share:.1f}%" if share < 10 or 99 < share < 100 else f"{share:.0f}%"


def report(analysis: str, findings: "list[str]", **numbers) -> None:
    """Prints the findings, and keeps them with their numbers for the charts and the page."""
    print("\n".join(findings))
    write(f"{DATA}/{analysis}.json", json.dumps({"findings": findings, **numbers}, indent=1, ensure_ascii=False) + "\n")


def reported(analysis: str) -> dict:
    with open(f"{DATA}/{analysis}.json", encoding="utf-8") as file:
        return json.load(file)


def write_table(path: str, header, rows, dialect="unix", **format) -> None:
    text = io.StringIO()
    table = csv.writer(text, dialect, **format)
    table.writerow(header)
    table.writerows(rows)
    write(path, text.getvalue())


def write_csv(path: str, header, rows) -> None:
    write_table(path, header, rows, quoting=csv.QUOTE_MINIMAL)


def write(path: str, text: str) -> None:
    """Writes under another name and renames, so that whoever finds the file finds all of it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    unfinished = f"{path}.{os.getpid()}.tmp"
    with open(unfinished, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    os.replace(unfinished, path)
