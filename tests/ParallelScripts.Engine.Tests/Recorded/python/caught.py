import logging
import traceback

from load import load

try:
    load({})
except KeyError:
    traceback.print_exc()
    logging.exception("could not load")
print("went on")
