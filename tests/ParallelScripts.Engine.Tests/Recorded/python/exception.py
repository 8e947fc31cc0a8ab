from load import load


def main(rows):
    for row in rows:
        load(row)


main([{"name": "tea"}])
