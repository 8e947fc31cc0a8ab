"""Stands for an analysis that takes 10 seconds."""

import time

print("process1: start")
time.sleep(10)
print("process1: done after 10 s")
