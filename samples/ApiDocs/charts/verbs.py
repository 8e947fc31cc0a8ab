"""Draws, for each frequent first word of method names, the verbs that the summaries begin with."""

from apidocs import percent, reported
from svg import Chart, width_of

ROW, LEFT, RIGHT, TOP = 28, 130, 70, 34
STRENGTHS = (0.9, 0.42, 0.3, 0.2, 0.13, 0.09)


def main() -> None:
    rows = sorted(reported("verbs")["rows"], key=lambda row: row[2])
    chart = Chart("How summaries of methods begin, by the first word of the method's name", 1000, TOP + ROW * len(rows) + 34)
    across = chart.width - LEFT - RIGHT

    chart.text(LEFT - 12, 18, "name begins with", text_anchor="end", class_="soft small")
    chart.text(LEFT, 18, "summary begins with", class_="soft small")
    chart.text(chart.width, 18, "methods", text_anchor="end", class_="soft small")

    for number, (word, methods, _, verbs) in enumerate(rows):
        y, x = TOP + ROW * number, LEFT
        chart.text(LEFT - 12, y + 17, word[0].upper() + word[1:], text_anchor="end", class_="bold")
        chart.bar(LEFT, y + 2, across, ROW - 5, class_="main", fill_opacity=0.04)
        for (verb, times), strength in zip(verbs, STRENGTHS):
            width = across * times / methods
            chart.bar(x, y + 2, width - 1.5, ROW - 5, f"{verb}: {times:,} of {methods:,} methods, {percent(times, methods)}", class_="main", fill_opacity=strength)
            if width_of(verb) + 12 < width:
                chart.text(x + 7, y + 17, verb, class_="on" if strength > 0.5 else "", pointer_events="none")
            x += width
        chart.text(chart.width, y + 17, f"{methods:,}", text_anchor="end", class_="soft small")

    for share in range(0, 101, 25):
        chart.text(LEFT + across * share / 100, chart.height - 14, f"{share}%", text_anchor="middle", class_="soft small")
    chart.save("verbs")


main()
