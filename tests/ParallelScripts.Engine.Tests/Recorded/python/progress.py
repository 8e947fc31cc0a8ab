import sys

from load import load

for done in range(3):
    sys.stderr.write(f"\r{done * 10}%|███       | {done}/10")
load({})
