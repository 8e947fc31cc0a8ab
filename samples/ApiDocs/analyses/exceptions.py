"""Who says what can go wrong? Counts the exceptions that methods and properties document."""

from collections import Counter

from apidocs import members, percent, report, write_csv

CALLABLE = ("constructor", "method", "operator", "property")


def main() -> None:
    callables, documented, thrown, pairs = Counter(), Counter(), Counter(), Counter()
    exception_types, most = set(), None
    for member in members():
        if member.kind == "type" and member.name.endswith("Exception"):
            exception_types.add(member.id)
        if member.kind in CALLABLE:
            exceptions = member.exceptions.split()
            callables[member.namespace] += 1
            documented[member.namespace] += bool(exceptions)
            thrown.update(exceptions)
            pairs.update((member.namespace, exception) for exception in exceptions)
            if most is None or len(exceptions) > len(most.exceptions.split()):
                most = member

    ranked = sorted(thrown, key=lambda exception: (-thrown[exception], exception))
    write_csv("results/exceptions.csv", ["exception", "members", "namespaces"],
              [(exception[2:], thrown[exception], sum(pair[1] == exception for pair in pairs)) for exception in ranked])
    write_csv("results/exceptions-by-namespace.csv", ["namespace", "callable members", "with an exception"],
              [(namespace, callables[namespace], documented[namespace]) for namespace in sorted(callables)])

    large = sorted((namespace for namespace in callables if callables[namespace] >= 100), key=lambda namespace: (-documented[namespace] / callables[namespace], namespace))
    none = [namespace for namespace in large if not documented[namespace]]
    five = sum(thrown[exception] for exception in ranked[:5])
    never = sorted(exception_types - set(thrown))
    report(
        "exceptions",
        [
            f"{percent(sum(documented.values()), sum(callables.values()))} of the {sum(callables.values()):,} constructors, methods, operators and properties "
            f"name an exception, from {percent(documented[large[0]], callables[large[0]])} in `{large[0]}` to none at all in {len(none)} namespaces of a hundred such members or more.",
            f"Five of the {len(ranked)} exceptions make up {percent(five, sum(thrown.values()))} of what is documented; `{short(ranked[0])}` alone, {percent(thrown[ranked[0]], sum(thrown.values()))}.",
            f"{len(never)} of the library's own {len(exception_types)} exception types are named by no member at all, among them {listed(never)}.",
        ],
        share=sum(documented.values()) / sum(callables.values()),
        most=[f"{most.namespace}.{most.label}", [short(exception) for exception in most.exceptions.split()]],
        columns=[[short(exception), thrown[exception]] for exception in ranked[:12]],
        rows=[[namespace, callables[namespace], documented[namespace], [pairs[namespace, exception] for exception in ranked[:12]]] for namespace in large],
        never=[short(exception) for exception in never],
    )


def short(exception: str) -> str:
    return exception.rpartition(".")[2]


def listed(exceptions):
    """Three of them, from the least nested namespaces: those are the general ones."""
    first, second, third = (f"`{short(exception)}`" for exception in sorted(exceptions, key=lambda name: (name.count("."), len(name), name))[:3])
    return f"{first}, {second} and {third}"


main()
