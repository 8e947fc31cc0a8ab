import concurrent.futures
import multiprocessing

from load import load

if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        pool.submit(load, {}).result()
