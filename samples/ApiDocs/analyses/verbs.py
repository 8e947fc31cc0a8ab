"""Does a method's name foretell how its summary begins? Pairs the first word of names with the first verb of summaries."""

import math
import re
from collections import Counter, defaultdict

from apidocs import members, percent, report, words_of, write_csv


def main() -> None:
    wordings = defaultdict(Counter)
    seen = set()
    for member in members():
        # Overloads count once, or Convert.ToInt32 would be heard nineteen times. The summaries of hardware
        # intrinsics are declarations in C and have no verb.
        method = (member.namespace, member.type, member.name)
        if member.kind == "method" and member.summary and method not in seen and ".Intrinsics" not in member.namespace:
            seen.add(method)
            verb = first_verb(member.summary)
            if verb:
                wordings[words_of(member.name)[0]][verb] += 1

    rows = sorted(((sum(verbs.values()), word, verbs) for word, verbs in wordings.items()), key=lambda row: (-row[0], row[1]))
    write_csv("results/verbs.csv", ["name begins with", "methods", "ways to begin", "most often", "share", "then", "share"],
              [(word, count, f"{ways(verbs):.1f}", *flat(verbs, count)) for count, word, verbs in rows if count >= 10])

    frequent = rows[:24]
    sure = min(frequent, key=lambda row: ways(row[2]))
    unsure = max(frequent, key=lambda row: ways(row[2]))
    get = wordings["get"]
    report(
        "verbs",
        [
            f"A method that begins with `{title(sure[1])}` is the most predictable: {percent(sure[2].most_common(1)[0][1], sure[0])} of the summaries "
            f"begin with “{title(sure[2].most_common(1)[0][0])}”. The least is `{title(unsure[1])}`: to guess its beginning is to draw one of {ways(unsure[2]):.0f}.",
            f"`Get` “gets” in {percent(get['gets'], sum(get.values()))} of its {sum(get.values()):,} methods, "
            f"“returns” in {percent(get['returns'], sum(get.values()))} and “retrieves” in {percent(get['retrieves'], sum(get.values()))}.",
        ],
        methods=len(seen),
        rows=[[word, count, round(ways(verbs), 2), verbs.most_common(6)] for count, word, verbs in frequent],
    )


def first_verb(summary):
    # "When overridden in a derived class, returns …" and "Asynchronously reads …" begin later than they seem to.
    start = re.sub(r"^When [^,]*, |^Asynchronously ", "", summary)
    word = re.match(r"(?!This\b|Its\b)[A-Za-z]+s\b", start)
    return word and word.group().lower()


def ways(verbs) -> float:
    """How many equally frequent beginnings would be as hard to guess: e to the entropy."""
    total = sum(verbs.values())
    return math.exp(-sum(count / total * math.log(count / total) for count in verbs.values()))


def flat(verbs, count):
    return [cell for verb, times in verbs.most_common(2) for cell in (verb, f"{times / count:.2f}")]


def title(word: str) -> str:
    return word[0].upper() + word[1:]


main()
