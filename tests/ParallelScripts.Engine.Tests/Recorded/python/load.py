def load(row):
    return float(row["price"])


def parse(text):
    import json

    return json.loads(text)
