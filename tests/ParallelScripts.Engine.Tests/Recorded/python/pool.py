import multiprocessing

from load import load


def fit(row):
    return load(row)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    with multiprocessing.Pool(2) as pool:
        pool.map(fit, [{"price": 1}, {}])
