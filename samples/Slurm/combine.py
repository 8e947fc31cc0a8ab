"""Puts the estimates together."""

import glob

inside = total = 0
for file in sorted(glob.glob("results/estimate-*.txt")):
    with open(file) as estimate:
        some, all_of_them = map(int, estimate.read().split())
        inside += some
        total += all_of_them

with open("results/pi.txt", "w") as result:
    result.write(f"{4 * inside / total:.4f}\n")
print(f"pi is about {4 * inside / total:.4f}")
