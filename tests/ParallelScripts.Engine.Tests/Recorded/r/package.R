library(notinstalled)
