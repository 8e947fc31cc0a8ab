$VERBOSE = true
warn "rows are missing", uplevel: 0
warn "plain text is no warning"
def f; end
def f; end
