import warnings


def old():
    warnings.warn("use new() instead of old()", DeprecationWarning, stacklevel=2)
