"""Draws the namespaces in a circle and the links between them as curves."""

import math
from collections import Counter

from apidocs import reported
from svg import Chart

SIZE, RADIUS, FEWEST, FAMILIES = 1080, 265, 4, 8


def main() -> None:
    reports = reported("links")
    # Most namespaces speak of System itself: those curves would hide all others.
    links = [link for link in reports["links"] if "System" not in link[:2] and link[2] >= FEWEST]
    taken = {row[0]: row[3] for row in reports["rows"]}
    namespaces = sorted({namespace for link in links for namespace in link[:2]})
    angles = {namespace: 2 * math.pi * number / len(namespaces) - math.pi / 2 for number, namespace in enumerate(namespaces)}
    largest = [family for family, count in Counter(map(family_of, namespaces)).most_common(FAMILIES) if count > 1]
    colors = {namespace: f"var(--c{sorted(largest).index(family_of(namespace)) + 1 if family_of(namespace) in largest else 0})" for namespace in namespaces}

    chart = Chart("Links from the documentation of one namespace into another", SIZE, SIZE)
    for source, target, count in sorted(links, key=lambda link: link[2]):
        chart.shape("path", f"{source} to {target}: {count:,} links", class_="edge", d=curve(angles[source], angles[target]),
                    stroke=colors[source], stroke_width=0.5 + math.sqrt(count) / 2.2, stroke_opacity=0.42)
    for namespace in namespaces:
        angle = angles[namespace]
        x, y = point(angle, RADIUS + 7)
        chart.shape("circle", f"{namespace}: {taken.get(namespace, 0):,} links from elsewhere", cx=x, cy=y,
                    r=2 + math.sqrt(taken.get(namespace, 0)) / 4.5, fill=colors[namespace])
        label(chart, namespace, angle)
    chart.text(12, 24, "A curve has the colour of the namespace that links,", class_="soft")
    chart.text(12, 42, "a dot the size of what it is linked to.", class_="soft")
    chart.save("links")


def family_of(namespace):
    """System.Text of System.Text.Json.Serialization, and Microsoft of whatever is Microsoft's."""
    return ".".join(namespace.split(".")[: 2 if namespace.startswith("System.") else 1])


def point(angle, radius):
    return SIZE / 2 + radius * math.cos(angle), SIZE / 2 + radius * math.sin(angle)


def curve(start, end):
    """Through the middle between opposite points, and close to the circle between neighbours, so that families stay together."""
    apart = abs((end - start + math.pi) % (2 * math.pi) - math.pi) / math.pi
    pull = RADIUS * (0.82 - 0.72 * math.sqrt(apart))
    path = [point(start, RADIUS), point(start, pull), point(end, pull), point(end, RADIUS)]
    return "M{} C{} {} {}".format(*(f"{x:.1f} {y:.1f}" for x, y in path))


def label(chart, namespace, angle):
    words = namespace[len("System.") :] if namespace.startswith("System.") else namespace
    turn, anchor, outward = math.degrees(angle), "start", RADIUS + 22
    if math.cos(angle) < 0:
        # On the left a label is turned round, or it would stand on its head.
        turn, anchor = turn + 180, "end"
    x, y = point(angle, outward)
    chart.text(x, y, words, transform=f"rotate({turn:.1f} {x:.1f} {y:.1f})", text_anchor=anchor, dominant_baseline="central", class_="small")


main()
