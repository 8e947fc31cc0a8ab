"""How much of the documentation is said for the first time? Looks for summaries that are the same sentence."""

import re
from collections import Counter, defaultdict

from apidocs import members, percent, report, write_csv

# Sentences that differ in these alone were meant to be the same.
SMALL = {"a", "an", "the", "this", "that", "current", "specified", "given", "particular"}


def main() -> None:
    uses = Counter()
    types = defaultdict(set)
    namespaces = defaultdict(set)
    for member in members():
        if member.summary:
            # Two sentences are the same even when each links to its own class.
            sentence = re.sub("‹.*?›", "‹…›", member.summary)
            uses[sentence] += 1
            types[sentence].add((member.namespace, member.type))
            namespaces[sentence].add(member.namespace)

    ranked = sorted(uses, key=lambda sentence: (-uses[sentence], sentence))
    repeated = [sentence for sentence in ranked if uses[sentence] > 1]
    write_csv("results/copies.csv", ["uses", "types", "namespaces", "sentence"],
              [(uses[sentence], len(types[sentence]), len(namespaces[sentence]), sentence) for sentence in repeated])

    total = sum(uses.values())
    covered, curve = 0, []
    for rank, sentence in enumerate(ranked, 1):
        covered += uses[sentence]
        curve.append(covered)
    half = next(rank for rank, covered in enumerate(curve, 1) if covered >= total / 2)

    wavering = wordings(repeated, uses)
    write_csv("results/copies-wordings.csv", ["uses", "wordings"],
              [(sum(uses[sentence] for sentence in group), " | ".join(f"{sentence} ({uses[sentence]})" for sentence in group)) for group in wavering])
    undecided = max(wavering, key=lambda group: uses[group[1]])

    copies = sum(uses[sentence] for sentence in repeated)
    report(
        "copies",
        [
            f"{percent(copies, total)} of all summaries occur more than once, word for word but for their links; "
            f"{half:,} sentences are enough to say half of everything.",
            f"The most used sentence, “{ranked[0]}”, serves {uses[ranked[0]]:,} members of {len(types[ranked[0]]):,} types.",
            f"{len(wavering):,} sentences waver between wordings: “{undecided[0]}” stands {uses[undecided[0]]:,} times, "
            f"“{undecided[1]}” {uses[undecided[1]]:,} times.",
        ],
        total=total,
        sentences=len(ranked),
        copies=copies,
        half=half,
        # Enough points for a smooth line on a logarithmic axis.
        curve=[[rank, curve[rank - 1]] for rank in sorted({min(len(curve), round(1.06**power)) for power in range(400)})],
        top=[[uses[sentence], len(types[sentence]), sentence] for sentence in ranked[:12]],
        wavering=[[[uses[sentence], sentence] for sentence in group] for group in wavering[:8]],
    )


def wordings(sentences, uses):
    """Groups of sentences that differ in small words or punctuation only, the most used group first."""
    groups = defaultdict(list)
    for sentence in sentences:
        words = re.findall(r"‹…›|[\w'-]+", sentence.lower())
        groups[" ".join(word for word in words if word not in SMALL)].append(sentence)
    return sorted((group for group in groups.values() if len(group) > 1), key=lambda group: (-sum(uses[sentence] for sentence in group), group))


main()
