"""Graphs of scripts with run times: makes some, declares them to each tool, and says how short their run could be.

A graph is a JSON file: {"scripts": [{"name": "a", "dependsOn": ["b"], "seconds": 1.5}, ...]}.

    workflows.py shapes FOLDER                              makes graphs of the shapes that real workflows have
    workflows.py declare GRAPH SLOTS FOLDER ITEMS           declares a graph to make (Makefile), ninja (build.ninja) and us (ITEMS),
                                                            and prints its bounds in seconds, see below
"""

import json
import os
import random
import sys

# A sleep that is started and ended costs its slot one to three milliseconds beside the sleep. So the times are scaled until all of them
# together take this much for each script, or the run this long if that is longer: the cost is then a hundredth at most.
SECONDS_FOR_A_SCRIPT = 0.3
SHORTEST_RUN = 40


class Graph:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            scripts = json.load(file)["scripts"]
        numbers = {script["name"]: number for number, script in enumerate(scripts)}
        self.names = [script["name"] for script in scripts]
        self.seconds = [float(script["seconds"]) for script in scripts]
        self.before = [sorted({numbers[name] for name in script["dependsOn"]}) for script in scripts]
        self.after = [[] for _ in scripts]
        for number, before in enumerate(self.before):
            for first in before:
                self.after[first].append(number)
        order, unmet = [], [len(before) for before in self.before]
        order = [number for number, count in enumerate(unmet) if count == 0]
        for number in order:
            for next_one in self.after[number]:
                unmet[next_one] -= 1
                if unmet[next_one] == 0:
                    order.append(next_one)
        if len(order) < len(scripts):
            raise SystemExit(f"{path}: some scripts wait for each other in a circle")

        # The longest path that leads to each script, and the longest one that follows it.
        self.head, self.tail = [0.0] * len(scripts), [0.0] * len(scripts)
        for number in order:
            for next_one in self.after[number]:
                self.head[next_one] = max(self.head[next_one], self.head[number] + self.seconds[number])
        for number in reversed(order):
            for next_one in self.after[number]:
                self.tail[number] = max(self.tail[number], self.tail[next_one] + self.seconds[next_one])

    @property
    def work(self):
        return sum(self.seconds)

    @property
    def longest_path(self):
        return max(head + own + tail for head, own, tail in zip(self.head, self.seconds, self.tail))

    def scale(self, factor):
        for times in (self.seconds, self.head, self.tail):
            times[:] = [time * factor for time in times]

    def least(self, slots):
        """What no order can be shorter than: a bound that is tighter than max(longest path, work / slots).

        For scripts of which none can start before `head`, and after each of which something takes `tail`: their work by the slots; and if
        there are more of them than m times the slots, some slot has m + 1 of them, and those are at least the m + 1 shortest of the
        m x slots + 1 longest.
        """
        best = max(self.longest_path, self.work / slots)
        for head in thinned(self.head):
            late = [number for number in range(len(self.seconds)) if self.head[number] >= head]
            work = 0.0
            for number in sorted(late, key=lambda number: -self.tail[number]):
                work += self.seconds[number]
                best = max(best, head + work / slots + self.tail[number])
            for tail in thinned(self.tail):
                times = sorted((self.seconds[number] for number in late if self.tail[number] >= tail), reverse=True)
                for many in range(1, (len(times) - 1) // slots + 1):
                    best = max(best, head + sum(times[many * slots - many : many * slots + 1]) + tail)
        return best


def thinned(times, most=40):
    """Some of the times, if there are many: each gives a bound, and it need not be the best one."""
    distinct = sorted(set(times))
    return distinct[:: max(1, len(distinct) // most)]


def declare(path, slots, folder, items):
    graph = Graph(path)
    bound = max(graph.longest_path, graph.work / slots)
    graph.scale(max(SHORTEST_RUN, SECONDS_FOR_A_SCRIPT * len(graph.names) / slots) / bound)
    os.makedirs(folder, exist_ok=True)
    commands = [f"sleep {seconds:.4f}" if seconds >= 0.00005 else "true" for seconds in graph.seconds]

    with open(items, "w", encoding="utf-8") as file:
        for number, command in enumerate(commands):
            after = ";".join(f"s{before}" for before in graph.before[number])
            file.write(f'    <ScriptItem Include="s{number}" Command="{command}" DependsOn="{after}" />\n')
    with open(os.path.join(folder, "Makefile"), "w", encoding="utf-8") as file:
        targets = " ".join(f"s{number}" for number in range(len(commands)))
        file.write(f".PHONY: all {targets}\nall: {targets}\n")
        for number, command in enumerate(commands):
            file.write(f"s{number}: {' '.join(f's{before}' for before in graph.before[number])}\n\t@{command}\n")
    with open(os.path.join(folder, "build.ninja"), "w", encoding="utf-8") as file:
        file.write("rule script\n  command = $do\n")
        for number, command in enumerate(commands):
            file.write(f"build s{number}: script {' '.join(f's{before}' for before in graph.before[number])}\n  do = {command}\n")

    print(len(commands), max(graph.longest_path, graph.work / slots), graph.work / slots / graph.longest_path, graph.least(slots))


# ---- Shapes of real workflows, with times that spread as theirs do. The same each time.


class Shape:
    def __init__(self):
        self.random = random.Random(1)
        self.scripts = []

    def add(self, seconds, after=(), spread=0.05):
        name = f"s{len(self.scripts)}"
        seconds *= 1 + spread * (2 * self.random.random() - 1)
        self.scripts.append({"name": name, "dependsOn": list(after), "seconds": round(seconds, 3)})
        return name


def montage(shape, images=16, overlaps=66):
    """A picture of the sky in three colours: many images, many short comparisons, one model, many corrections, one mosaic."""
    views = []
    for _ in range(3):
        projected = [shape.add(16, spread=0.1) for _ in range(images)]
        pairs = [shape.random.sample(projected, 2) for _ in range(overlaps)]
        compared = [shape.add(0.17, pair, spread=0.8) for pair in pairs]
        model = shape.add(3.9, [shape.add(0.7, compared)])
        corrected = [shape.add(0.42, [image, model], spread=0.4) for image in projected]
        views.append(shape.add(0.33, [shape.add(0.6, corrected), *corrected]))
        shape.add(0.3, [views[-1]])
    shape.add(0.6, views)


def epigenomics(shape, parts=9):
    """A sequence in parts: a few quick filters for each, one long alignment, then all together. The alignments are most of it."""
    split = shape.add(1.3)
    aligned = []
    for part in range(parts):
        filtered = shape.add(0.6, [shape.add(0.4, [shape.add(0.7, [split])], spread=0.5)])
        aligned.append(shape.add(34 if part == parts - 1 else 56, [filtered], spread=0.08))
    merged = shape.add(5.6, aligned)
    shape.add(30.5, [shape.add(2.8, [shape.add(3.2, [merged])])])


def rnaseq(shape, samples=5):
    """Samples in chains of very unequal steps, each with a crowd of checks behind it, and one report of all."""
    reference = shape.add(22)
    index = shape.add(46, [reference])
    checks = []
    for _ in range(samples):
        trimmed = shape.add(20, [shape.add(2, spread=0.5)], spread=0.9)
        checks.append(shape.add(8, [trimmed], spread=0.9))
        mapped = shape.add(115, [trimmed, index], spread=0.5)
        ordered = shape.add(69, [mapped], spread=0.9)
        marked = shape.add(120, [ordered], spread=0.9)
        checks += [shape.add(6, [marked], spread=1) for _ in range(21)]
        checks += [shape.add(3.3, [checks[-1 - number]], spread=1) for number in range(6)]
    shape.add(40, checks)


def thousand_genomes(shape, people=10, kinds=7):
    """Two chromosomes: many people, one merge, then analyses of which half are short and half are as long as all before them."""
    for _ in range(2):
        merged = shape.add(38, [shape.add(52.5) for _ in range(people)])
        sifted = shape.add(0.3)
        for _ in range(kinds):
            shape.add(6, [merged, sifted], spread=0.9)
            shape.add(108, [merged, sifted])


def shapes(folder):
    os.makedirs(folder, exist_ok=True)
    for make in (montage, epigenomics, rnaseq, thousand_genomes):
        shape = Shape()
        make(shape)
        with open(os.path.join(folder, f"{make.__name__.replace('_', '-')}-like.json"), "w", encoding="utf-8") as file:
            json.dump({"scripts": shape.scripts}, file, indent=0)


match sys.argv[1:]:
    case ["shapes", folder]:
        shapes(folder)
    case ["declare", path, slots, folder, items]:
        declare(path, int(slots), folder, items)
    case _:
        raise SystemExit(__doc__)
