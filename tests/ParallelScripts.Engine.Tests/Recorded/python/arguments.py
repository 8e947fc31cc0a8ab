import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--rows", type=int)
parser.parse_args(["--rows", "many"])
