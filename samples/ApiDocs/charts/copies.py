"""Draws how much of the documentation its most used sentences cover."""

import math

from apidocs import percent, reported
from svg import Chart

LEFT, RIGHT, TOP, BOTTOM = 64, 24, 44, 400


def main() -> None:
    copies = reported("copies")
    curve, total, sentences = copies["curve"], copies["total"], copies["sentences"]
    chart = Chart("Share of all summaries that the most used sentences cover", 1000, BOTTOM + 56)

    def x(rank):
        return LEFT + (chart.width - LEFT - RIGHT) * math.log(rank) / math.log(sentences)

    def y(covered):
        return BOTTOM - (BOTTOM - TOP) * covered / total

    for share in range(0, 101, 20):
        height = y(total * share / 100)
        chart.line(LEFT, height, chart.width - RIGHT, height, class_="rule")
        chart.text(LEFT - 10, height + 4, f"{share}%", text_anchor="end", class_="soft small")
    for rank in [10**power for power in range(1 + int(math.log10(sentences)))]:
        chart.text(x(rank), BOTTOM + 20, f"{rank:,}", text_anchor="middle", class_="soft small")
    chart.text((LEFT + chart.width - RIGHT) / 2, BOTTOM + 44, "sentences, the most used first (logarithmic)", text_anchor="middle", class_="soft")
    chart.text(LEFT - 44, 20, "of all summaries are one of these sentences", class_="soft")

    points = [(x(rank), y(covered)) for rank, covered in curve]
    path = " ".join(f"{across:.1f},{up:.1f}" for across, up in points)
    chart.shape("polygon", points=f"{LEFT},{BOTTOM} {path} {chart.width - RIGHT},{BOTTOM}", class_="main", fill_opacity=0.12)
    chart.shape("polyline", points=path, class_="line")

    for rank in (10, 100, 1000, copies["half"]):
        if rank <= sentences:
            covered = min(curve, key=lambda point: abs(point[0] - rank))[1] if rank != copies["half"] else total / 2
            chart.shape("circle", cx=x(rank), cy=y(covered), r=4.5, class_="main")
            chart.text(x(rank) - 8, y(covered) - 10, f"{rank:,} sentences: {percent(covered, total)}", text_anchor="end", class_="bold")

    copied = y(copies["copies"])
    chart.line(LEFT, copied, chart.width - RIGHT, copied, class_="mark")
    chart.text(LEFT + 12, copied - 7, f"{percent(copies['copies'], total)}: below this line a sentence occurs more than once", class_="soft small")
    chart.save("copies")


main()
