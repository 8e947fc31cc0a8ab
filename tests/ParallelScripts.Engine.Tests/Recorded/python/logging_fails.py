import logging
import sys

logging.warning("nothing in %s", "survey.csv")
logging.error("error CS1234: not one")
print("ValueError: bad error: nested")
print("tests error: none")
print("WARNING conda: text")
print("::error file=fit.py,line=3::not ours")
print("12:34:56: error: a time is no place")
print("2026-01-31 12:34:56: error: nor is this")
print("Error: 3 rows")
print("db.example:5432:1: error: not a file")
sys.exit(3)
