"""Stands for an analysis that takes 0 seconds."""

import time

print("process2: start")
time.sleep(0)
print("process2: done after 0 s")
