"""Estimates pi from one share of the points: how many of them lie in a quarter of a circle."""

import os
import sys

share, of = int(sys.argv[1]), int(sys.argv[2])
inside = total = 0
with open("results/samples.txt") as samples:
    for number, line in enumerate(samples):
        if number % of == share - 1:
            x, y = map(float, line.split())
            inside += x * x + y * y < 1
            total += 1

with open(f"results/estimate-{share}.txt", "w") as result:
    result.write(f"{inside} {total}\n")
print(f"share {share}: {4 * inside / total:.4f}, on {os.environ.get('SLURMD_NODENAME', 'this machine')}")
