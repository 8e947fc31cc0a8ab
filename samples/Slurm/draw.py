"""Draws the points that the estimates share, the same ones every time."""

import os
import random

random.seed(1)
os.makedirs("results", exist_ok=True)
with open("results/samples.txt", "w") as samples:
    for _ in range(200_000):
        samples.write(f"{random.random():.6f} {random.random():.6f}\n")
print("200,000 points")
