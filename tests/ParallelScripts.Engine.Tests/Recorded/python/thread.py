import sys
import threading

failed = []
threading.excepthook, standard = lambda args: (failed.append(1), standard(args)), threading.excepthook


def work():
    raise OSError(28, "No space left on device", "out.csv")


worker = threading.Thread(target=work)
worker.start()
worker.join()
sys.exit(len(failed))
