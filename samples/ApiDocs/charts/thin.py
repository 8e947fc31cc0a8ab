"""Draws the namespaces that say the least, each as a bar of the members that say nothing or only repeat a name."""

from apidocs import reported
from svg import Chart

ROW, LEFT, RIGHT, TOP = 24, 330, 76, 62


def main() -> None:
    thin = reported("thin")
    rows = thin["rows"][:24]
    chart = Chart("Members without a summary, or with one that only repeats the name", 1000, TOP + ROW * len(rows) + 40)
    bottom = TOP + ROW * len(rows)
    across = chart.width - LEFT - RIGHT

    chart.bar(LEFT, 8, 12, 12, class_="main")
    chart.text(LEFT + 18, 18, "no summary")
    chart.bar(LEFT + 120, 8, 12, 12, class_="second")
    chart.text(LEFT + 138, 18, "a summary that only repeats the name")
    chart.text(chart.width, 48, "members", text_anchor="end", class_="soft small")

    for share in range(0, 101, 20):
        x = LEFT + across * share / 100
        chart.line(x, TOP - 4, x, bottom, class_="rule")
        chart.text(x, bottom + 18, f"{share}%", text_anchor="middle", class_="soft small")

    for number, (namespace, members, nothing, repeats, _) in enumerate(rows):
        y = TOP + ROW * number
        first, second = across * nothing / members, across * repeats / members
        chart.text(LEFT - 10, y + 15, namespace, text_anchor="end")
        chart.bar(LEFT, y + 3, first, ROW - 7, f"{nothing:,} of {members:,} members without a summary", class_="main")
        chart.bar(LEFT + first, y + 3, second, ROW - 7, f"{repeats:,} of {members:,} summaries repeat the name", class_="second")
        chart.text(chart.width, y + 15, f"{members:,}", text_anchor="end", class_="soft small")

    everywhere = LEFT + across * (thin["nothing"] + thin["repeats"]) / thin["members"]
    chart.line(everywhere, TOP - 8, everywhere, bottom, class_="mark")
    chart.text(everywhere, TOP - 13, "whole library", text_anchor="middle", class_="soft small")
    chart.save("thin")


main()
