import warnings

from deprecated import old

warnings.simplefilter("always")


def fit():
    warnings.warn("rows are missing\nin 'survey.csv'")


fit()
fit()
old()
