"""Draws charts: shapes and text with classes, and one style for all that follows the light or dark theme of the viewer."""

from html import escape

from apidocs import write

STYLE = """
.chart { --paper: #fff; --ink: #1c2430; --soft: #5b6676; --rule: #dfe3ea; --main: #2563a8; --second: #d97a26;
  --c0: #8a93a1; --c1: #2563a8; --c2: #d97a26; --c3: #2f8f5b; --c4: #b8405e; --c5: #7b57b2; --c6: #1d93a3; --c7: #a07d12; --c8: #c0589f;
  font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
@media (prefers-color-scheme: dark) { .chart { --paper: #14181f; --ink: #e6e9ef; --soft: #9aa5b5; --rule: #2c333f; --main: #6aa9ea; --second: #f0a35e;
  --c0: #77818f; --c1: #6aa9ea; --c2: #f0a35e; --c3: #62c08d; --c4: #ef7f99; --c5: #b294e6; --c6: #58c6d4; --c7: #d6b347; --c8: #e592cb; } }
.chart .paper { fill: var(--paper) } .chart text { fill: var(--ink) } .chart .soft { fill: var(--soft) } .chart .small { font-size: 11.5px }
.chart .on { fill: var(--paper) } .chart .bold { font-weight: 600 } .chart .rule { stroke: var(--rule); fill: none }
.chart .mark { stroke: var(--soft); stroke-dasharray: 4 3; fill: none } .chart .main { fill: var(--main) } .chart .second { fill: var(--second) }
.chart .line { stroke: var(--main); stroke-width: 2.5; fill: none } .chart .edge { fill: none; stroke-linecap: round }
.chart .edge:hover { stroke-opacity: 1 }
"""


class Chart:
    def __init__(self, title: str, width: int, height: int):
        self.title, self.width, self.height = title, width, height
        self.shapes = []

    def shape(self, tag: str, hint: str = "", **attributes) -> None:
        """A shape; the hint shows up when the pointer rests on it."""
        inside = f"<title>{escape(hint)}</title>" if hint else ""
        self.shapes.append(f"<{tag}{written(attributes)}>{inside}</{tag}>" if inside else f"<{tag}{written(attributes)}/>")

    def text(self, x: float, y: float, words: str, **attributes) -> None:
        self.shapes.append(f"<text{written({'x': x, 'y': y, **attributes})}>{escape(words)}</text>")

    def bar(self, x: float, y: float, width: float, height: float, hint: str = "", **attributes) -> None:
        self.shape("rect", hint, x=x, y=y, width=max(width, 0), height=height, **attributes)

    def line(self, x1: float, y1: float, x2: float, y2: float, **attributes) -> None:
        self.shape("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)

    def save(self, name: str) -> None:
        shapes = "\n".join(self.shapes)
        write(f"results/{name}.svg",
              f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {self.width} {self.height}">\n'
              f'<title>{escape(self.title)}</title>\n<style>{STYLE}</style>\n'
              f'<rect class="paper" width="{self.width}" height="{self.height}"/>\n{shapes}\n</svg>\n')


def written(attributes) -> str:
    # class is a word of Python's own, so it is written class_, and stroke-width stroke_width.
    return "".join(f' {name.rstrip("_").replace("_", "-")}="{escape(brief(value))}"' for name, value in attributes.items())


def brief(value) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def width_of(words: str, size: float = 13) -> float:
    """About how wide text comes out. There is no font to measure with here, so this errs on the wide side."""
    return sum(0.36 if letter in "iljtfr.,' " else 0.95 if letter in "mwMW" else 0.7 if letter.isupper() else 0.61 for letter in words) * size
