"""Reads one part of the XML documentation, such as part 2 of 4 for `2/4`, into a table with a row for each member."""

import glob
import os
import re
import sys
import xml.etree.ElementTree as ET

from apidocs import DATA, TSV, Member, write_table

KINDS = {"T": "type", "M": "method", "P": "property", "F": "field", "E": "event"}


def main() -> None:
    part, parts = map(int, sys.argv[1].split("/"))
    folder = os.environ["API_DOCS"]
    files = glob.glob(os.path.join(glob.escape(folder), "*.xml"))
    if not files:
        raise SystemExit(f"API_DOCS is '{folder}', and there is no *.xml file in it.")

    mine = deal(files, parts)[part - 1]
    rows = [member for file in mine for member in read(file)]
    write_table(f"{DATA}/members-{part}.tsv", Member._fields, rows, TSV)
    print(f"{len(rows):,} members of {len(mine)} assemblies")


def deal(files, parts):
    """Deals out the files, the largest first and each to whoever has least, so that all parts take about as long."""
    hands = [(0, number, []) for number in range(parts)]
    for size, file in sorted(((os.path.getsize(file), file) for file in files), reverse=True):
        total, number, hand = min(hands)
        hands[number] = (total + size, number, hand + [file])
    return [sorted(hand) for _, _, hand in hands]


def read(file):
    assembly = os.path.basename(file)[: -len(".xml")]
    members = ET.parse(file).getroot().findall("members/member")
    types = {member.get("name")[2:] for member in members if member.get("name").startswith("T:")}
    for member in members:
        exceptions = {element.get("cref", "") for element in member.findall("exception")}
        links = {link.get("cref", "") for tag in ("see", "seealso") for link in member.iter(tag)}
        yield Member(
            member.get("name"),
            *locate(member.get("name"), assembly, types),
            text(member.find("summary")),
            ids(exceptions),
            ids(links - exceptions),
        )


def locate(id, assembly, types):
    """The columns kind to name. An id does not say where its namespace ends; the types around it do."""
    path = id[2:].split("(")[0].split("~")[0]
    type, _, name = (path, "", path.rpartition(".")[2]) if id.startswith("T:") else path.rpartition(".")
    outermost = type
    while outermost.rpartition(".")[0] in types:
        outermost = outermost.rpartition(".")[0]
    namespace = outermost.rpartition(".")[0]

    # A member that a type has for the sake of one interface only is called System#IDisposable#Dispose.
    name = name.rpartition("#")[2]
    kind = KINDS[id[0]]
    if name in ("ctor", "cctor"):
        kind, name = "constructor", type.rpartition(".")[2]
    elif name.startswith("op_"):
        kind = "operator"
    return kind, assembly, namespace, plain(type[len(namespace) :].lstrip(".")), plain(name)


def text(element):
    """The words of an element. A link has none of its own: it becomes the name of what it leads to."""
    if element is None:
        return ""
    words = [element.text or ""]
    for child in element:
        target = child.get("cref")
        if target:
            words.append(f"‹{plain(target[2:].split('(')[0]).rpartition('.')[2]}›")
        else:
            words.append(child.get("langword") or child.get("name") or text(child))
        words.append(child.tail or "")
    return " ".join("".join(words).split())


def plain(name):
    """Without the number of type parameters: Dictionary for Dictionary`2."""
    return re.sub(r"`+\d+", "", name)


def ids(crefs):
    return " ".join(sorted(cref for cref in crefs if re.match(r"[TMPFEN]:\S+$", cref)))


main()
