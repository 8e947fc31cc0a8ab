"""Stands for an analysis that takes 3 seconds."""

import time

print("process3: start")
time.sleep(3)
print("process3: done after 3 s")
