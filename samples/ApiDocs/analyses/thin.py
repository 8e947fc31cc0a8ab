"""Which parts of the library say the least? Counts members without a summary, and summaries that only repeat a name."""

import re
from collections import Counter, defaultdict
from statistics import median

from apidocs import members, percent, report, words_of, write_csv

# Words that say nothing about one member in particular: every property gets or sets a value.
FILLER = set("""
    a an and are as at be by current for from given gets get has if in indicates indicating initializes instance is it its
    new object of on or represents returns set sets specified that the this to type value values whether which with
    class delegate enumeration interface struct structure
""".split())


def main() -> None:
    everything = list(members())
    said = {member.id: what_is_said(member) for member in everything}

    namespaces = defaultdict(list)
    for member in everything:
        namespaces[member.namespace].append(member)
    rows = []
    for namespace, inside in namespaces.items():
        counts = Counter(said[member.id] for member in inside)
        rows.append((namespace, len(inside), counts["nothing"], counts["repeats"], median(words_in(member) for member in inside)))
    rows.sort(key=lambda row: (-(row[2] + row[3]) / row[1], row[0]))

    write_csv("results/thin.csv", ["namespace", "members", "no summary", "summary repeats the name", "median words"], rows)
    write_csv("results/thin-members.csv", ["id", "says", "summary"],
              [(member.id, said[member.id], member.summary) for member in everything if said[member.id] != "more"])

    counts = Counter(said.values())
    large = [row for row in rows if row[1] >= 100]
    silent = max(large, key=lambda row: row[2] / row[1])
    repeating = max(large, key=lambda row: row[3] / row[1])
    culprit, times = Counter(
        member.type for member in namespaces[repeating[0]] if said[member.id] == "repeats").most_common(1)[0]
    report(
        "thin",
        [
            f"{percent(counts['nothing'], len(everything))} of the {len(everything):,} members have no summary at all; "
            f"in `{silent[0]}` it is {percent(silent[2], silent[1])}.",
            f"Another {percent(counts['repeats'], len(everything))} have one that adds no word to the name of the member and its type. "
            f"`{repeating[0]}` leads with {percent(repeating[3], repeating[1])}, and `{culprit}` alone is {times:,} of its {repeating[3]:,}.",
        ],
        members=len(everything),
        assemblies=len({member.assembly for member in everything}),
        namespaces=len(namespaces),
        words=sum(map(words_in, everything)),
        nothing=counts["nothing"],
        repeats=counts["repeats"],
        rows=large,
        examples=examples(member for member in everything if said[member.id] == "repeats"),
    )


def what_is_said(member) -> str:
    """Nothing, or it repeats the name, or more."""
    if not member.summary:
        return "nothing"
    names = {stem(word) for word in words_of(member.type) + words_of(member.name)}
    words = (word for written in re.findall(r"[A-Za-z]\w*", member.summary) for word in words_of(written))
    return "repeats" if all(word in FILLER or stem(word) in names for word in words) else "more"


def stem(word: str) -> str:
    """Good enough to see that 'encodings' is Encoding."""
    return re.sub(r"(?<=...)(ing|ed|es|s|e)$", "", word)


def words_in(member) -> int:
    return len(member.summary.split())


def examples(repeating):
    """One of each namespace, from those that do it most: the method or property with the shortest summary."""
    namespaces = defaultdict(list)
    for member in repeating:
        if member.kind in ("method", "property") and "‹" not in member.summary:
            namespaces[member.namespace].append(member)
    most = sorted(namespaces.values(), key=lambda inside: (-len(inside), inside[0].id))[:8]
    best = (min(inside, key=lambda member: (words_in(member), -len(member.label), member.id)) for inside in most)
    return [[f"{member.namespace}.{member.label}", member.summary] for member in best]


main()
