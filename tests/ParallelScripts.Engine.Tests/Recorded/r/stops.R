load <- function(path) {
  if (!file.exists(path)) {
    stop("there is no '", path, "'")
  }
}

main <- function() load("survey.csv")

main()
