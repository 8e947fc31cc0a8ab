fit <- function(rows) {
  if (length(rows) == 0) stop("no rows")
}
fit(c())
