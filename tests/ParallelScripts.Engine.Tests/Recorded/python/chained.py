from load import load


def fit(row):
    try:
        return load(row)
    except KeyError as missing:
        raise RuntimeError("no price in 'survey.csv'") from missing


fit({})
