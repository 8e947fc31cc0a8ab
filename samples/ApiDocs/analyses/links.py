"""Which namespaces speak of which? Counts the links from the documentation of one namespace into another."""

from collections import Counter, defaultdict

from apidocs import members, percent, report, write_csv


def main() -> None:
    everything = list(members())
    home = {member.id[2:]: member.namespace for member in everything if member.kind == "type"}
    home.update({f"N:{namespace}": namespace for namespace in home.values()})

    links, dead = Counter(), Counter()
    for member in everything:
        for target in member.links.split():
            namespace = namespace_of(target, home)
            if namespace:
                links[member.namespace, namespace] += 1
            else:
                dead[target] += 1

    across = {pair: count for pair, count in links.items() if pair[0] != pair[1]}
    sizes = Counter(member.namespace for member in everything)
    given, taken, speakers = Counter(), Counter(), defaultdict(set)
    for (source, target), count in across.items():
        given[source] += count
        taken[target] += count
        speakers[target].add(source)

    write_csv("results/links.csv", ["from", "to", "links"], [(*pair, count) for pair, count in sorted(links.items(), key=lambda link: (-link[1], link[0]))])
    write_csv("results/links-dead.csv", ["target", "links"], sorted(dead.items(), key=lambda link: (-link[1], link[0])))

    ranked = sorted(speakers, key=lambda namespace: (-len(speakers[namespace]), namespace))
    inward = {namespace: links[namespace, namespace] / (links[namespace, namespace] + given[namespace]) for namespace in sizes
              if links[namespace, namespace] + given[namespace] >= 200}
    closed, open_ = (pick(inward, key=lambda namespace: (inward[namespace], namespace)) for pick in (max, min))
    report(
        "links",
        [
            f"{percent(sum(links.values()) - sum(across.values()), sum(links.values()))} of the {sum(links.values()):,} links stay in their own namespace. "
            f"`{ranked[0]}` is linked to from {len(speakers[ranked[0]])} of the other {len(sizes) - 1}, then come `{ranked[1]}` ({len(speakers[ranked[1]])}) "
            f"and `{ranked[2]}` ({len(speakers[ranked[2]])}).",
            f"`{closed}` keeps most to itself ({percent(inward[closed])} of its links), `{open_}` least ({percent(inward[open_])}).",
            f"{sum(dead.values())} links lead to {len(dead)} names that are not in this library, such as `{dead.most_common(1)[0][0][2:]}`.",
        ],
        rows=[[namespace, sizes[namespace], len(speakers[namespace]), taken[namespace], given[namespace]] for namespace in ranked],
        links=sorted([source, target, count] for (source, target), count in across.items()),
    )


def namespace_of(target, home):
    """The namespace of the innermost type that the id names; none if the library has no such type."""
    if target.startswith("N:"):
        return home.get(target)
    path = target[2:].split("(")[0].split("~")[0]
    while path and path not in home:
        path = path.rpartition(".")[0]
    return home.get(path)


main()
