f <- function(x) {
  x +
}
