f <- function(x) {
  warning("careful")
  stop("too much for this, and a message that is long enough to go to the line after")
}
f(1)
