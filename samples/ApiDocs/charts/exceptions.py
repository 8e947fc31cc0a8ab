"""Draws which namespaces document which exceptions, as a table of shades with the totals above."""

from apidocs import percent, reported
from svg import Chart

ROW, COLUMN, LEFT, BARS, TOP = 22, 46, 330, 70, 226


def main() -> None:
    exceptions = reported("exceptions")
    columns = exceptions["columns"]
    # The namespaces with most to document, in the order of how much of it they do.
    largest = sorted(exceptions["rows"], key=lambda row: -row[1])[:32]
    rows = [row for row in exceptions["rows"] if row in largest]
    chart = Chart("Share of members that document an exception, by namespace and exception", 1000, TOP + ROW * len(rows) + 16)

    def column(number):
        return LEFT + COLUMN * (number + 1) + 10

    chart.text(LEFT - 10, BARS, "members that name the exception", text_anchor="end", class_="soft small")
    chart.text(LEFT - 10, TOP - 12, "share of a namespace’s members that do, in %", text_anchor="end", class_="soft small")
    most = columns[0][1]
    for number, (exception, times) in enumerate(columns):
        x, height = column(number), (BARS - 20) * times / most
        chart.bar(x + 8, BARS - height, COLUMN - 18, height, f"{exception}: {times:,} members", class_="second")
        chart.text(x + COLUMN / 2 - 1, BARS - height - 5, f"{times:,}", text_anchor="middle", class_="soft small")
        heading(chart, x + COLUMN / 2, exception)
    heading(chart, LEFT + COLUMN / 2, "any exception", class_="bold")

    for number, (namespace, members, documented, counts) in enumerate(rows):
        y = TOP + ROW * number
        chart.text(LEFT - 10, y + 15, namespace, text_anchor="end")
        for x, count, what in [(LEFT, documented, "any exception"), *((column(i), count, columns[i][0]) for i, count in enumerate(counts))]:
            share = count / members
            chart.bar(x, y, COLUMN - 2, ROW - 2, f"{namespace}, {what}: {count:,} of {members:,}", class_="main", fill_opacity=round(0.04 + 0.6 * share, 3))
            if share >= 0.005:
                chart.text(x + COLUMN / 2 - 1, y + 14.5, f"{100 * share:.0f}", text_anchor="middle", class_="small", pointer_events="none")
    chart.text(chart.width, 16, f"{percent(exceptions['share'])} of all members name an exception", text_anchor="end", class_="bold")
    chart.save("exceptions")


def heading(chart, x, words, class_=""):
    """Slanted, because the names are wider than their columns."""
    chart.text(x, TOP - 10, words.replace("Exception", "") if words.endswith("Exception") else words, transform=f"rotate(-50 {x:.1f} {TOP - 10})", class_=class_)


main()
