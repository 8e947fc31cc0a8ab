import subprocess
import sys

subprocess.run([sys.executable, "exception.py"], check=True)
