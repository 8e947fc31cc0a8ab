f <- function(x) {
  warning("rows are missing in 'survey.csv'")
  as.integer(x)
}
y <- f("three")
print(y)
