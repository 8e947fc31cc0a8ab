def check(row):
    if row < 0:
        raise ValueError(f"row {row} is negative")


def check_all(rows):
    bad = []
    for row in rows:
        try:
            check(row)
        except ValueError as error:
            bad.append(error)
    if bad:
        raise ExceptionGroup("bad rows", bad)


check_all([1, -2, 3, -4])
