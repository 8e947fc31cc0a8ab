options(warn = 1)
f <- function() warning("at once")
f()
warning("top level")
