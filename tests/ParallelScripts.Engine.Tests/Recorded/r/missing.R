fit <- function() {
  undefined_rows + 1
}
fit()
